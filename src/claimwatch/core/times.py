"""Times as people read them; the month's name does not depend on any locale."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def when(at: datetime, zone: ZoneInfo, *, year: bool = True, day: bool = True) -> str:
    """Return "14 Jul 2025, 08:10 Paris"."""
    shown, name = local(at, zone)
    clock = f"{shown.hour:02}:{shown.minute:02}"
    if not day:
        return clock
    date = f"{shown.day} {MONTHS[shown.month - 1]}"
    return f"{date} {shown.year}, {clock} {name}" if year else f"{date} {clock} {name}"


def local(at: datetime, zone: ZoneInfo) -> tuple[datetime, str]:
    """Return the time in the zone, and the zone's name as it is shown."""
    name = zone.key.rsplit("/", 1)[-1].replace("_", " ")
    try:
        return at.astimezone(zone), name
    except (OverflowError, ValueError):  # year 1 or 9999 in a feed
        return at, "UTC"


def stamp(at: datetime) -> str:
    """Return "2025-07-14T06:18:04Z" (RFC 3339), in UTC."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
