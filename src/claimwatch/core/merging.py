"""What follows when a person says that two origins of a claim are one, or two after all.

The claim's standing is computed anew, and those who were told that an independent origin corroborates the claim
learn whether it was one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from claimwatch.core.judging import Case, Ruling, correct
from claimwatch.core.ledger import Evidence, attributed, counting, voices
from claimwatch.core.model import Claim, Correction, Relation, Report, Stance
from claimwatch.core.origins import SameOrigin, same_origin
from claimwatch.core.summary import in_order
from claimwatch.core.work import NewDelivery


@dataclass(frozen=True, slots=True)
class Change:
    """A merge that was made, or undone (`merge` is lifted), with the claim's evidence before and after."""

    merge: SameOrigin
    claim: Claim
    before: Sequence[Evidence]
    after: Sequence[Evidence]


def known_origins(claim: Claim, evidence: Sequence[Evidence]) -> list[str]:
    """Return the claim's origins by the names they are counted under, those it was taken from first."""
    return voices((e for e in attributed(counting(evidence)) if e.names_somebody), known=claim.said_by)


def rule_on(case: Case, change: Change) -> Ruling | None:
    """Return what those are told who got an alert that spoke of an independent origin, if anything changes."""
    if case.verdict == "wrong":
        return None
    at = change.merge.lifted_at or change.merge.at
    for report, relation in _reports(case, change.claim):
        if relation is not Relation.CORROBORATES:
            continue
        was = _independent(report, change.claim, change.before)
        now = _independent(report, change.claim, change.after)
        if was is None or was == now:
            continue
        before = case.standing(change.claim, change.before)
        after = case.standing(change.claim, change.after)
        told = [r for r in case.reached if r.state == "told"]
        drops = was and not case.alert.entries
        alert = correct(
            case,
            Correction(
                of=case.alert.code,
                alert=case.alert.fingerprint,
                relation=relation,
                said_at=case.alert.created_at,
                what=_what(change.merge),
                fact=change.merge.note or _fact(change.merge),
                by=change.merge.lifted_by or change.merge.by,
                standing=case.alert.standing or before,
            ),
            report=report,
            about=change.claim,
            told=told,
            at=at,
        )
        return Ruling(
            judgement=None,
            drop=tuple(r.delivery for r in case.reached if drops and r.state == "waiting"),
            revive=tuple(r.delivery for r in case.reached if not was and r.state == "dropped"),
            alert=replace(alert, standing=after, status_was=before.status),
            deliveries=tuple(NewDelivery(name, at, ()) for name in dict.fromkeys(r.receiver for r in told)),
        )
    return None


def _reports(case: Case, claim: Claim) -> list[tuple[Report, Relation]]:
    """Return what an alert, or a summary, told of the claim."""
    alert = case.alert
    if alert.entries:
        return [(e.report, e.relation) for e in in_order(alert.entries) if e.claim == claim.short]
    return [(alert.report, alert.relation)] if alert.claim and alert.claim.id == claim.id else []


def _independent(report: Report, claim: Claim, evidence: Sequence[Evidence]) -> bool | None:
    """Say whether a report's origin was another than those that had supported the claim before it."""
    pieces = [e for e in attributed(counting(evidence)) if e.stance is Stance.SUPPORTS]
    piece = next((e for e in pieces if e.item == report.item), None)
    if piece is None:
        return None
    earlier = (e for e in pieces if e.told and e.names_somebody and (e.at, e.item) < (piece.at, piece.item))
    return not any(same_origin(piece.voice, name) for name in voices(earlier, known=claim.said_by))


def _what(merge: SameOrigin) -> str:
    return "the origin is independent after all" if merge.lifted_at else "the origin is not independent"


def _fact(merge: SameOrigin) -> str:
    if merge.lifted_at:
        return f"{merge.origin} and {merge.same_as} are two origins after all."
    return f"{merge.origin} is no origin of its own here: it is counted as {merge.same_as}."
