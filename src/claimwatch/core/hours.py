"""Hours of the day in a zone: quiet spans, daily times, the day's end; right when the clocks change."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def quiet_until(at: datetime, span: str, zone: ZoneInfo) -> datetime | None:
    """Return when the quiet span that covers `at` ends (UTC), or None when none does.

    A span may run over midnight: "22:30-06:30". One that starts when it ends covers nothing.
    """
    start, end = parse_span(span)
    if start == end:
        return None
    today = at.astimezone(zone).date()
    for day in (today - timedelta(days=1), today):
        begins = on_clock(day, start, zone)
        ends = on_clock(day if start < end else day + timedelta(days=1), end, zone)
        if begins <= at < ends:
            return ends
    return None


def parse_span(span: str) -> tuple[time, time]:
    """Return start and end of "22:30-06:30" (24:00 is midnight). Raises: ValueError."""
    found = _SPAN.fullmatch(span.strip())
    if not found:
        raise ValueError(f"not a span of hours: {span!r}")
    start_hour, start_minute, end_hour, end_minute = (int(part) for part in found.groups())
    return time(start_hour % 24, start_minute), time(end_hour % 24, end_minute)


def latest(at: datetime, daily: str, zone: ZoneInfo) -> datetime:
    """Return the last time (UTC, at or before `at`) that "07:00" or "Mon 07:00" came round in the zone."""
    weekday, clock = _parse_daily(daily)
    day = at.astimezone(zone).date()
    for back in range(9):
        candidate = day - timedelta(days=back)
        if weekday in (None, candidate.weekday()):
            moment = on_clock(candidate, clock, zone)
            if moment <= at:
                return moment
    raise AssertionError("a week has passed without the weekday")


def day_of(at: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return start and end (UTC) of the zone's day that `at` lies in; 23 or 25 hours apart twice a year."""
    day = at.astimezone(zone).date()
    return on_clock(day, time(0), zone), on_clock(day + timedelta(days=1), time(0), zone)


def next_hour(at: datetime) -> datetime:
    """Return when the next full hour begins (UTC)."""
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


def on_clock(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Return when a clock in the zone shows that time on that day (UTC).

    A time that comes twice is its first coming; one that is skipped is the moment the clocks go forward.
    """
    return datetime.combine(day, clock, tzinfo=zone).replace(fold=0).astimezone(UTC)


def _parse_daily(daily: str) -> tuple[int | None, time]:
    words = daily.split()
    hour, minute = words[-1].split(":")
    weekday = _DAYS.index(words[0][:3].casefold()) if len(words) == 2 else None
    return weekday, time(int(hour), int(minute))
