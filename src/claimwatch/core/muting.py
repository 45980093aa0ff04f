"""Mutes: what nobody wants to hear of for a while. Such alerts are stored and counted, never sent."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from claimwatch.core.model import Alert

Kind = Literal["claim", "topic"]
LONGEST = timedelta(days=366)  # what is silent for longer does not belong in the config
_SPAN = re.compile(r"(\d{1,4})\s?([mhdw])")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


@dataclass(frozen=True, slots=True)
class Mute:
    """A claim or topic that is silent from `since` to `until`, or to when somebody lifted it."""

    kind: Kind
    name: str
    since: datetime
    until: datetime
    reason: str
    by: str
    lifted_at: datetime | None = None

    def covers(self, at: datetime) -> bool:
        """Whether it is in force at that time."""
        return self.since <= at < min(self.until, self.lifted_at or self.until)


def muted_by(alert: Alert, mutes: Iterable[Mute]) -> Mute | None:
    """Return the mute that silences an alert: of its claim, or of every topic it is on."""
    topics = {alert.topic, *alert.also}
    in_force = [m for m in mutes if m.covers(alert.created_at)]
    for mute in in_force:
        if mute.kind == "claim" and alert.claim is not None and alert.claim.id == mute.name:
            return mute
    silent = [m for m in in_force if m.kind == "topic" and m.name in topics]
    return silent[0] if {m.name for m in silent} == topics else None


def span_of(text: str) -> timedelta | None:
    """Return the span of "90m", "24h", "3d" or "2w"; None when it says nothing or over a year."""
    found = _SPAN.fullmatch(text.strip())
    if not found:
        return None
    span = int(found[1]) * _UNITS[found[2]]
    return span if timedelta(0) < span <= LONGEST else None
