"""A claim is closed by a person, with a name; or its time is over. The digest tells it.

No rule ever says that a claim is true or false. When a claim's `until` has passed, readers are asked to say so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from claimwatch.core.alert_codes import coded, fingerprint
from claimwatch.core.model import Alert, Claim, Relation, Report, Stance, Standing
from claimwatch.core.times import MONTHS

TRUE, FALSE, OPEN = "settled-true", "settled-false", "open"
STATUSES = (TRUE, FALSE, OPEN)  # what a person may say of a claim; the last one takes it back
_AGREES = {TRUE: Stance.SUPPORTS, FALSE: Stance.CONTRADICTS}
_WORDS = {TRUE: "settled as true", FALSE: "settled as false", OPEN: "open again"}


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a person said of a claim, last: that it is true, false, or open again."""

    claim: str
    status: str
    by: str
    at: datetime
    note: str = ""

    @property
    def words(self) -> str:
        """Who settled it as what, and when: "settled as true by a.lemoine, 5 Jul 2026"."""
        day = f"{self.at.day} {MONTHS[self.at.month - 1]} {self.at.year}"
        return f"{_WORDS[self.status]} by {self.by}, {day}"


def says_as_settled(stance: Stance, settlement: Settlement | None) -> bool:
    """Say whether a stance only repeats what a person settled: it counts, and is no news any more."""
    return settlement is not None and _AGREES.get(settlement.status) is stance


def status_of(claim: str, settled: Mapping[str, Settlement]) -> str | None:
    """Return the status a person gave the claim, None where the rules say it."""
    found = settled.get(claim)
    return None if found is None or found.status == OPEN else found.status


def settled_alert(claim: Claim, settlement: Settlement, *, now: Standing, was: str) -> Alert:
    """Return what the digest tells of a claim that a person closed, or opened again."""
    note = f": {settlement.note}" if settlement.note else ""
    mark = fingerprint("settled", claim.id, settlement.status, settlement.at.isoformat())
    return _alert(claim, "settled", mark, settlement.at, f"{settlement.words}{note}", now, was)


def end_fingerprint(claim: Claim) -> str:
    """Return what names the question how a claim ended: the same for the same last day."""
    return fingerprint("ended", claim.id, claim.until.isoformat() if claim.until else "")


def ended_alert(claim: Claim, *, at: datetime, now: Standing) -> Alert:
    """Return what the digest tells of a claim whose `until` has passed: it asks how it ended."""
    day = f" ({claim.until.day} {MONTHS[claim.until.month - 1]} {claim.until.year})" if claim.until else ""
    title = f"its time is over{day}, {now.status}: nobody has said how it ended"
    return _alert(claim, "ended", end_fingerprint(claim), at, title, now, now.status)


def _alert(claim: Claim, reason: str, mark: str, at: datetime, title: str, now: Standing, was: str) -> Alert:
    return coded(
        Alert(
            fingerprint=mark,
            code="",
            relation=Relation.SETTLED,
            reason=reason,
            topic=claim.topic,
            topic_title=claim.topic,
            report=Report(title=title, outlet="claimwatch"),
            created_at=at,
            claim=claim,
            standing=now,
            status_was=was,
        )
    )
