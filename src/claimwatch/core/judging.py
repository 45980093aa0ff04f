"""What follows when a person judges an alert: whose evidence stops counting, and who has to be told.

A wrong alert is taken back before exactly those who got it, whatever the routes say by then. One that still
waits for somebody is not sent to them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, get_args

from claimwatch.core.alert_codes import fingerprint
from claimwatch.core.ledger import Evidence, standing
from claimwatch.core.model import Alert, Claim, Correction, Relation, Report, Standing
from claimwatch.core.settling import Settlement, status_of
from claimwatch.core.summary import in_order
from claimwatch.core.work import NewDelivery

Word = Literal["ack", "right", "wrong"]
Why = Literal["topic", "relation", "figure", "independence", "old"]
WHYS: tuple[Why, ...] = get_args(Why)

# headline and sentence of a correction; a person's own note takes the sentence's place
_FACTS: Mapping[str | None, tuple[str, str]] = {
    "topic": ("the report is not on the topic", "The report is not on the topic."),
    "relation": (
        "the report says something else",
        "The report does not say of the claim what we read in it.",
    ),
    "figure": ("the figure was misread", "The figure, or what it counts, is not what we said."),
    "independence": ("the origin is not independent", "It relies on an origin that was counted already."),
    "old": ("the report was old news", "What it says was known before."),
    None: ("it was wrong", "The alert was judged wrong."),
}
_AFTER_ALL = ("it was right after all", "The correction before this one is taken back: the alert stands.")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a person said of an alert; `line` is the number of the report judged when it sums up several."""

    word: Word
    by: str
    at: datetime
    why: Why | None = None
    note: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Reached:
    """A receiver of an alert: told already (or perhaps), waiting for it, or spared it by a judgement.

    `key` identifies the message that told it, where it can be answered.
    """

    delivery: int
    receiver: str
    state: Literal["told", "waiting", "dropped"]
    due_at: datetime
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """What is known when an alert is judged."""

    alert: Alert
    verdict: Word | None  # right or wrong, as last judged
    corrections: int
    reached: tuple[Reached, ...]
    evidence: Mapping[str, Sequence[Evidence]]  # of each claim that the reports of the alert speak of
    settled: Mapping[str, Settlement] = field(default_factory=dict)

    def standing(self, claim: Claim, evidence: Iterable[Evidence]) -> Standing:
        """Return the claim's standing, by the rules unless a person settled it."""
        return standing(claim, evidence, settled=status_of(claim.id, self.settled))


@dataclass(frozen=True, slots=True)
class Ruling:
    """What to store: evidence (claim, item, revision) that stops or starts counting, and who is told."""

    judgement: Judgement | None
    retract: tuple[tuple[str, int, int], ...] = ()
    restore: tuple[tuple[str, int, int], ...] = ()
    statuses: tuple[tuple[str, str], ...] = ()
    drop: tuple[int, ...] = ()  # deliveries that are not to be made any more
    revive: tuple[int, ...] = ()  # and those that are, after all
    alert: Alert | None = None
    deliveries: tuple[NewDelivery, ...] = ()


def rule(case: Case, judgement: Judgement, claims: Mapping[str, Claim]) -> Ruling:
    """Return what follows from a judgement; one that changes no verdict is only noted.

    `claims` are those of the config; what is not followed any more has no standing.
    """
    takes_back = judgement.word == "wrong"
    if judgement.word == "ack" or takes_back == (case.verdict == "wrong"):
        return Ruling(judgement)
    report, about = _judged(case.alert, judgement.line, claims)
    pieces = _pieces(case, judgement, report, about, claims)
    after = {
        name: [_marked(e, pieces, retracted=takes_back) for e in evidence]
        for name, evidence in case.evidence.items()
    }
    now = {name: case.standing(claims[name], after[name]) for name in after if name in claims}
    whole = judgement.line is None
    told = [r for r in case.reached if r.state == "told" or (not whole and r.state == "waiting")]
    was = case.standing(claims[about.id], case.evidence[about.id]) if about and about.id in now else None
    alert = _correction(case, judgement, report, about, told)
    return Ruling(
        judgement=judgement,
        retract=pieces if takes_back else (),
        restore=() if takes_back else pieces,
        statuses=tuple((name, each.status) for name, each in now.items()),
        drop=tuple(r.delivery for r in case.reached if whole and takes_back and r.state == "waiting"),
        revive=tuple(r.delivery for r in case.reached if not takes_back and r.state == "dropped"),
        alert=replace(
            alert,
            standing=now.get(about.id) if about else None,
            status_was=was.status if was else None,
        ),
        deliveries=tuple(
            NewDelivery(name, at, ())
            for name, at in {
                r.receiver: judgement.at if r.state == "told" else r.due_at for r in told
            }.items()
        ),
    )


def _judged(alert: Alert, line: int | None, claims: Mapping[str, Claim]) -> tuple[Report, Claim | None]:
    """Return the report that was judged and the claim it was told of."""
    if line is None:
        return alert.report, alert.claim
    entry = in_order(alert.entries)[line - 1]
    return entry.report, next((c for c in claims.values() if c.short == entry.claim), None)


def _pieces(
    case: Case, judgement: Judgement, report: Report, about: Claim | None, claims: Mapping[str, Claim]
) -> tuple[tuple[str, int, int], ...]:
    """Return the evidence the judgement is about: of the claim told, or of all when the topic is wrong.

    Old news is evidence still.
    """
    if judgement.why == "old" or report.item is None:
        return ()
    pieces = []
    for name, evidence in case.evidence.items():
        if about is not None and name != about.id and judgement.word == "wrong" and judgement.why != "topic":
            continue
        of_item = [e for e in evidence if e.item == report.item and e.at <= case.alert.created_at]
        if judgement.word == "right":
            of_item = [e for e in of_item if e.retracted]
        if of_item:
            pieces.append((name, report.item, max(e.item_revision for e in of_item)))
    return tuple(pieces)


def _marked(piece: Evidence, pieces: Sequence[tuple[str, int, int]], *, retracted: bool) -> Evidence:
    judged = (piece.claim, piece.item, piece.item_revision) in pieces
    return replace(piece, retracted=retracted) if judged else piece


def _correction(
    case: Case, judgement: Judgement, report: Report, about: Claim | None, told: Sequence[Reached]
) -> Alert:
    what, fact = _FACTS[judgement.why] if judgement.word == "wrong" else _AFTER_ALL
    alert = case.alert
    relation = (
        alert.relation if judgement.line is None else in_order(alert.entries)[judgement.line - 1].relation
    )
    said = Correction(
        of=alert.code,
        alert=alert.fingerprint,
        relation=relation,
        said_at=alert.created_at,
        what=what,
        fact=judgement.note or fact,
        by=judgement.by,
        standing=alert.standing,
    )
    return correct(case, said, report=report, about=about, told=told, at=judgement.at)


def correct(
    case: Case,
    correction: Correction,
    *,
    report: Report,
    about: Claim | None,
    told: Sequence[Reached],
    at: datetime,
) -> Alert:
    """Return the CORRECTION of an alert, under its next number, that answers the messages of those told."""
    alert, number = case.alert, case.corrections + 1
    return Alert(
        fingerprint=fingerprint("correction", alert.fingerprint, str(number)),
        code=f"{alert.code}-c{number}",
        relation=Relation.CORRECTION,
        reason="correction",
        topic=alert.topic,
        topic_title=alert.topic_title,
        report=report,
        created_at=at,
        claim=about,
        correction=correction,
        answers=tuple((r.receiver, r.key) for r in told if r.key),
        also=alert.also,
        tlp=alert.tlp,
    )
