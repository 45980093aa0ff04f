from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from claimwatch.core.model import Alert, Relation, Report, Route
from claimwatch.core.reminding import Got, Unacknowledged, number_due, remind
from claimwatch.core.wording import read

ZONE = ZoneInfo("Europe/Paris")
SENT = datetime(2026, 7, 14, 18, tzinfo=UTC)  # 20:00 in Paris
ALERT = Alert(
    "f" * 20, "K7Q2MD", Relation.CONTRADICTS, "first", "t", "Topic", Report("Denied", "Outlet"), SENT
)  # fmt: skip
DESK = Route("desk", ("desk",), remind=True)


def due(after: timedelta, *routes: Route, reminded: int = 0) -> list[str]:
    got = (Got("desk", ("desk",), SENT, "key.1"), Got("boss", ("boss",), SENT, "key.2"))
    found = remind(Unacknowledged(ALERT, reminded, got), routes or (DESK,), now=SENT + after, zone=ZONE)
    return [d.receiver for d in found[1]] if found else []


@pytest.mark.parametrize(
    ("hours", "number"),
    [(0.4, 0), (0.5, 1), (2, 2), (6, 3), (23, 3), (24, 4), (48, 5), (24 * 7, 10), (24 * 30, 10)],
)
def test_reminders_come_after_half_an_hour_two_six_and_then_daily_for_a_week(
    hours: float, number: int
) -> None:
    assert number_due(SENT, SENT + timedelta(hours=hours)) == number


def test_a_reminder_reaches_those_whose_route_asks_for_it() -> None:
    assert due(timedelta(minutes=29)) == []
    assert due(timedelta(minutes=31)) == ["desk"]
    assert due(timedelta(minutes=31), reminded=1) == []
    assert due(timedelta(minutes=31), Route("desk", ("desk",))) == []
    assert due(timedelta(hours=2), DESK, Route("boss", ("boss",), remind=True)) == ["desk", "boss"]


def test_quiet_hours_put_a_reminder_off_unless_contradictions_wake() -> None:
    night = Route("desk", ("desk",), remind=True, quiet="22:00-06:30")
    assert due(timedelta(hours=2, minutes=1), night) == []
    assert due(timedelta(hours=11), night) == ["desk"]
    wakes = Route("desk", ("desk",), remind=True, quiet="22:00-06:30", wake=(Relation.CONTRADICTS,))
    assert due(timedelta(hours=2, minutes=1), wakes) == ["desk"]


def test_a_reminder_answers_the_alert_and_is_judged_as_it() -> None:
    of = Unacknowledged(ALERT, 0, (Got("desk", ("desk",), SENT, "key.1"),))
    found = remind(of, (DESK,), now=SENT + timedelta(hours=3), zone=ZONE)
    assert found is not None
    alert = found[0]
    assert (alert.code, alert.answers) == ("K7Q2MD-r2", (("desk", "key.1"),))
    reading = read(alert, ZONE)
    assert "claimwatch alerts ack K7Q2MD" in reading.commands
    assert reading.reason == "nobody has acknowledged it yet"
    assert reading.headline == "CONTRADICTS: Denied"
