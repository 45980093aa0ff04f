"""Publishers take reports back: "WITHDRAWN: ...", "CORRECTED: ...". Evidence of such a report stops counting.

A text headed so that speaks of the claim as before corrects something else: nothing follows from it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from rapidfuzz import fuzz

from claimwatch.core.alert_codes import fingerprint
from claimwatch.core.judging import Case, Ruling
from claimwatch.core.ledger import Evidence, standing
from claimwatch.core.model import Alert, Assessment, Claim, Correction, Relation, Report
from claimwatch.core.summary import in_order
from claimwatch.core.work import Matched, NewDelivery, Told

_WITHDRAWN = (
    "withdrawn",
    "withdrawal",
    "retracted",
    "retraction",
    "kill",
    "killed",
    "отозвано",
    "відкликано",
)
_CORRECTED = (
    "corrected", "correction", "corrects", "rectificatif", "rectification", "corrigé", "erratum",
    "исправлено", "поправка", "виправлено", "спростування", "訂正", "정정",
)  # fmt: skip
_WORDS = "|".join((*_WITHDRAWN, *_CORRECTED))
_HEADED = re.compile(
    rf"\W{{0,3}}({_WORDS})(?:[-–]\w{{1,20}})?\s{{0,3}}[:\]】)/–—-]\W{{0,4}}(.*)", re.IGNORECASE
)
_TAILED = re.compile(rf"(.*?)\s{{0,3}}[(\[]({_WORDS})[)\]]\W{{0,3}}", re.IGNORECASE)
_SAME_HEADLINE = 80  # ratio of their words: what is corrected is a word or a figure of it


@dataclass(frozen=True, slots=True)
class TakenBack:
    """Evidence (claim, item, revision) that its publisher took back, and whether wholly."""

    wholly: bool
    pieces: tuple[tuple[str, int, int], ...]
    edited: bool = False  # not by a word in the title: its text says nothing of the claim any more

    @property
    def verb(self) -> str:
        return "withdrew" if self.wholly else "edited" if self.edited else "corrected"


def marked(title: str) -> tuple[bool, str] | None:
    """Return whether a title withdraws (True) or corrects (False), and the headline it speaks of; or None."""
    title = " ".join(title[:400].split())
    if found := _HEADED.fullmatch(title):
        word, rest = found[1], found[2]
    elif found := _TAILED.fullmatch(title):
        word, rest = found[2], found[1]
    else:
        return None
    return word.lower() in _WITHDRAWN, rest


def taken_back(
    matched: Matched,
    publisher: str,
    assessed: Sequence[tuple[Claim, Assessment]],
    evidence: Mapping[str, Sequence[Evidence]],
    told: Sequence[Told],
) -> TakenBack | None:
    """Return what an item's title takes back of its own earlier text, or of its publisher's earlier item."""
    mark = marked(matched.item.title)
    if mark is None:
        return None
    wholly, headline = mark
    meant = {t.item for t in told if t.item != matched.id and _same(headline, t.text.partition("\n")[0])}
    says = {c.id: (a.stance, a.change.new if a.change else None) for c, a in assessed}
    pieces = tuple(
        (e.claim, e.item, e.item_revision)
        for of_claim in evidence.values()
        for e in of_claim
        if not e.retracted
        and (
            (e.item == matched.id and e.item_revision < matched.revision)
            or (e.item in meant and e.outlet == publisher)
        )
        and (wholly or says.get(e.claim) != (e.stance, e.figure))
    )
    return TakenBack(wholly, pieces) if pieces else None


def edited_away(
    matched: Matched, silent: Collection[str], evidence: Mapping[str, Sequence[Evidence]]
) -> TakenBack | None:
    """Return what earlier texts of an item said of claims on which its text of now is `silent`."""
    pieces = []
    for name in silent:
        own = [e for e in evidence.get(name, ()) if e.item == matched.id]
        if own and not own[-1].retracted and own[-1].item_revision < matched.revision:
            pieces.append((name, matched.id, own[-1].item_revision))
    return TakenBack(False, tuple(pieces), edited=True) if pieces else None


def without(
    evidence: Mapping[str, Sequence[Evidence]], pieces: Sequence[tuple[str, int, int]]
) -> dict[str, list[Evidence]]:
    """Return the evidence with these pieces marked as retracted."""
    return {
        name: [
            replace(e, retracted=True) if (e.claim, e.item, e.item_revision) in pieces else e
            for e in of_claim
        ]
        for name, of_claim in evidence.items()
    }


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What was taken back, in which report, and all that counts of the claims from then on."""

    back: TakenBack
    report: Report
    at: datetime
    evidence: Mapping[str, Sequence[Evidence]]
    claims: Mapping[str, Claim]
    before: Mapping[str, str]  # the status of each claim until now

    @property
    def statuses(self) -> dict[str, str]:
        """The status of each claim that lost evidence."""
        names = dict.fromkeys(name for name, _, _ in self.back.pieces)
        return {n: standing(self.claims[n], self.evidence[n]).status for n in names if n in self.claims}


@dataclass(frozen=True, slots=True)
class Line:
    """What an alert told of a report that was taken back; `number` where it sums up several."""

    report: Report
    relation: Relation
    claim: Claim | None
    number: int | None = None


def lines_of(alert: Alert, of: Withdrawal) -> list[Line]:
    """Return what an alert told of the evidence that was taken back, if anything."""
    lost = {name for name, _, _ in of.back.pieces}
    items = {item for _, item, _ in of.back.pieces}
    if not alert.entries:
        if alert.report.item not in items or (alert.claim is not None and alert.claim.id not in lost):
            return []
        return [Line(alert.report, alert.relation, of.claims.get(alert.claim.id) if alert.claim else None)]
    by_short = {claim.short: claim for name, claim in of.claims.items() if name in lost}
    return [
        Line(entry.report, entry.relation, by_short.get(entry.claim or ""), number)
        for number, entry in enumerate(in_order(alert.entries), 1)
        if entry.report.item in items and (entry.claim is None or entry.claim in by_short)
    ]


def withdraw(case: Case, of: Withdrawal, line: Line) -> Ruling | None:
    """Return what those who got an alert are told now that a report it told was taken back.

    Nothing where it was judged wrong before.
    """
    alert, back, report, claim = case.alert, of.back, of.report, line.claim
    if case.verdict == "wrong":
        return None
    now = case.standing(claim, of.evidence.get(claim.id, ())) if claim else None
    told = [r for r in case.reached if r.state == "told"]
    done = f"{report.outlet} {back.verb} its report"
    found = Alert(
        fingerprint=fingerprint("publisher", alert.fingerprint, str(line.report.item), report.title),
        code=f"{alert.code}-c{case.corrections + 1}",
        relation=Relation.WITHDRAWN if back.wholly else Relation.CORRECTION,
        reason="withdrawn",
        topic=alert.topic,
        topic_title=alert.topic_title,
        report=line.report,
        created_at=of.at,
        claim=claim,
        standing=now,
        status_was=of.before.get(claim.id) if claim else None,
        correction=Correction(
            of=alert.code,
            alert=alert.fingerprint,
            relation=line.relation,
            said_at=alert.created_at,
            what=done,
            fact=f'{done}: "{report.title}"'
            + (". It does not speak of the claim any more." if back.edited else ""),
            standing=alert.standing,
        ),
        answers=tuple((r.receiver, r.key) for r in told if r.key),
        also=alert.also,
        tlp=alert.tlp,
    )
    return Ruling(
        judgement=None,
        drop=tuple(r.delivery for r in case.reached if line.number is None and r.state == "waiting"),
        alert=found,
        deliveries=tuple(NewDelivery(name, of.at, ()) for name in dict.fromkeys(r.receiver for r in told)),
    )


def _same(one: str, other: str) -> bool:
    return fuzz.token_sort_ratio(one[:300].lower(), other[:300].lower()) >= _SAME_HEADLINE
