"""A contradiction that nobody has acknowledged is told again: after 30 min, 2 h, 6 h, then daily for a week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from claimwatch.core.alert_codes import fingerprint
from claimwatch.core.hours import quiet_until
from claimwatch.core.model import Alert, Relation, Route
from claimwatch.core.work import NewDelivery

REASON = "reminder"
STEPS = (timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6))
DAYS = 7


@dataclass(frozen=True, slots=True)
class Got:
    """A receiver that got an alert: by which routes, when, and the key of the message that told it."""

    receiver: str
    routes: tuple[str, ...]
    at: datetime
    key: str


@dataclass(frozen=True, slots=True)
class Unacknowledged:
    """An alert of which nobody has said anything yet; `reminded` is the number of its last reminder."""

    alert: Alert
    reminded: int
    got: tuple[Got, ...]


def number_due(sent_at: datetime, now: datetime) -> int:
    """Return how many reminders the time since then calls for."""
    passed = now - sent_at
    return sum(passed >= step for step in STEPS) + min(max(passed.days, 0), DAYS)


def remind(
    of: Unacknowledged, routes: Sequence[Route], *, now: datetime, zone: ZoneInfo
) -> tuple[Alert, tuple[NewDelivery, ...]] | None:
    """Return the reminder that is due and who gets it, or None. What was missed meanwhile is one reminder.

    It goes to those who got the alert by a route that still says `remind`, not in its quiet hours.
    """
    rules = {rule.name: rule for rule in routes if rule.remind}
    got = [each for each in of.got if any(name in rules for name in each.routes)]
    if not got:
        return None
    number = number_due(min(each.at for each in got), now)
    awake = [
        each
        for each in got
        if any(name in rules and not _asleep(rules[name], now, zone) for name in each.routes)
    ]
    if number <= of.reminded or not awake:
        return None
    alert = replace(
        of.alert,
        fingerprint=fingerprint(REASON, of.alert.fingerprint, str(number)),
        code=f"{of.alert.code}-r{number}",
        reason=REASON,
        created_at=now,
        notes=("Reminder: nobody has acknowledged this alert yet.", *of.alert.notes),
        answers=tuple((each.receiver, each.key) for each in awake),
    )
    return alert, tuple(NewDelivery(each.receiver, now, ()) for each in awake)


def _asleep(rule: Route, now: datetime, zone: ZoneInfo) -> bool:
    if rule.quiet is None or Relation.CONTRADICTS in rule.wake:
        return False
    return quiet_until(now, rule.quiet, zone) is not None
