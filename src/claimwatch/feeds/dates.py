"""Dates of feeds: aware UTC, or None when nothing sensible can be read."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, datetime, timedelta
from time import struct_time

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # before the web: a clock never set, or the zero of an epoch
LATEST = datetime(
    2100, 1, 1, tzinfo=UTC
)  # 9999 and the like; what is merely in the future is the caller's to judge

_EPOCH = re.compile(r"\d{9,13}")
_ISO = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?",
    re.IGNORECASE,
)
_WORDED = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|er|\.|º)?[\s-]+(?:de )?([^\W\d_]{3,12})\.?[\s,-]+(?:de )?(\d{4})"
    r"(?:[\s,T-]+(\d{1,2}):(\d{2})(?::(\d{2}))?"
    r"\s*(Z|UTC|UT|GMT|[+-]\d{2}:?\d{2}|[A-Z]{2,4})?)?",
    re.IGNORECASE,
)
_DAY_FIRST = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})(?:[\s,T]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?")
# First letters of month names; longest match first. German, French, Spanish, Italian, Portuguese, Dutch,
# Polish, Russian, Ukrainian beside English.
_MONTHS = {
    1: ("jan", "ene", "gen", "sty", "янв", "січ"),
    2: ("feb", "fév", "fev", "lut", "фев", "лют"),
    3: ("mar", "mär", "mrz", "maa", "mrt", "мар", "бер"),
    4: ("apr", "avr", "abr", "kwi", "апр", "кві"),
    5: ("may", "mai", "mag", "mei", "maj", "май", "мая", "тра"),
    6: ("jun", "juin", "giu", "cze", "июн", "чер"),
    7: ("jul", "juil", "lug", "lip", "июл", "лип"),
    8: ("aug", "aoû", "aou", "ago", "sie", "авг", "сер"),
    9: ("sep", "set", "wrz", "сен", "вер"),
    10: ("oct", "okt", "out", "ott", "paź", "paz", "окт", "жов"),
    11: ("nov", "lis", "ноя", "лис"),
    12: ("dec", "déc", "dez", "dic", "gru", "дек", "гру"),
}
_ZONES = {
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "CET": 1,
    "CEST": 2,
    "MSK": 3, "EET": 2, "EEST": 3, "BST": 1, "KST": 9, "JST": 9, "HKT": 8,
}  # fmt: skip


def sensible(at: datetime | None) -> datetime | None:
    """Return `at`, or None when the year is one no feed means."""
    return at if at is not None and EARLIEST <= at < LATEST else None


def from_struct(parsed: struct_time | None) -> datetime | None:
    """Return feedparser's UTC struct_time as an aware datetime, or None."""
    if parsed is None:
        return None
    try:
        return sensible(datetime.fromtimestamp(calendar.timegm(parsed), UTC))
    except (ValueError, OverflowError, OSError, TypeError):
        return None


def from_text(text: str) -> datetime | None:
    """Return a date written in one of the ways feeds write dates, or None."""
    text = text.strip()[:100]
    if _EPOCH.fullmatch(text):
        seconds = int(text) / (1000 if len(text) > 11 else 1)
        return sensible(datetime.fromtimestamp(seconds, UTC)) if seconds < 4e9 else None
    if found := _ISO.match(text):
        year, month, day, *clock = found.groups()
        return _made(int(year), int(month), int(day), *clock)
    if found := _WORDED.search(text):
        day, word, year, *clock = found.groups()
        month_number = _month(word)
        return _made(int(year), month_number, int(day), *clock) if month_number else None
    if found := _DAY_FIRST.search(text):
        first, second, year, *clock = found.groups()
        day_number, month_number = int(first), int(second)
        if month_number > 12:  # written month first
            day_number, month_number = month_number, day_number
        return _made(int(year), month_number, day_number, *clock)
    return None


def _month(word: str) -> int:
    word = word.lower()
    best = 0
    length = 0
    for number, starts in _MONTHS.items():
        for start in starts:
            if len(start) > length and word.startswith(start):
                best, length = number, len(start)
    return best


def _made(
    year: int,
    month: int,
    day: int,
    hour: str | None = None,
    minute: str | None = None,
    second: str | None = None,
    zone: str | None = None,
) -> datetime | None:
    try:
        # 24:00 and a leap second's :60 roll over; added as a span they do so by themselves.
        at = datetime(year, month, day, tzinfo=UTC) + timedelta(
            hours=int(hour or 0), minutes=int(minute or 0), seconds=int(second or 0)
        )
        return sensible(at - _offset(zone))
    except (ValueError, OverflowError):
        return None


def _offset(zone: str | None) -> timedelta:
    if not zone:
        return timedelta(0)
    if zone[0] in "+-":
        digits = zone[1:].replace(":", "")
        span = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
        if span >= timedelta(hours=16):  # no place on earth; the date alone is still worth having
            return timedelta(0)
        return -span if zone[0] == "-" else span
    return timedelta(hours=_ZONES.get(zone.upper(), 0))
