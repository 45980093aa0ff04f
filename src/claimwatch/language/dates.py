"""Dates in running text, as spans with a precision: a day, a month or a year."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from claimwatch.language.lexicon import Lexicon, lexicon_for
from claimwatch.language.normalize import fold_with_offsets

_ISO = re.compile(r"(?<!\d)((?:19|20)\d\d)-(\d\d?)(?:-(\d\d?))?(?!\d)")
_SIGNS = re.compile(r"(?<!\d)((?:19|20)\d\d) ?[年년] ?(?:(\d\d?) ?[月월] ?(?:(\d\d?) ?[日일号號])?)?")
_DOTTED = re.compile(r"(?<!\d)(\d\d?)[./](\d\d?)[./]((?:19|20)\d\d)(?!\d)")
_WORDED = re.compile(
    r"(?:(?P<before>\d\d?)(?:st|nd|rd|th|er|\.|-?го)? ?(?:of |de |d')?)?(?<![^\W\d_])(?P<month>[^\W\d_]{3,12})\.?"
    r"(?: (?P<after>\d\d?)(?:st|nd|rd|th)?(?!\d))?,?(?: (?:de |del )?(?P<year>(?:19|20)\d\d)(?!\d))?"
)
_YEAR = re.compile(r"(?<![\d.,-])((?:19|20)\d\d)(?![\d.,%-]|\w)")


# What makes a month of a word that names no day and no year: "in March", "en mai", "im Mai", "в марте".
_INTO = re.compile(r"(?:^| )(?:in|by|until|since|en|des|d'ici|im|ab|bis|a|desde|para|в|к|до|у|entro|w|do) $")


@dataclass(frozen=True, slots=True)
class DateSpan:
    """`first` to `last` day, both included; `precision` is "day", "month" or "year"; offsets in the text."""

    first: date
    last: date
    precision: str
    text: str
    start: int
    end: int


def _span(year: int, month: int | None, day: int | None) -> tuple[date, date, str] | None:
    try:
        if month is None:
            return date(year, 1, 1), date(year, 12, 31), "year"
        if day is None:
            return date(year, month, 1), date(year, month, monthrange(year, month)[1]), "month"
        return date(year, month, day), date(year, month, day), "day"
    except ValueError:
        return None


def _number(text: str | None) -> int | None:
    return int(text) if text else None


def _worded(folded: str, lexicon: Lexicon, year: int | None) -> list[tuple[int, int, tuple[date, date, str]]]:
    found = []
    for match in _WORDED.finditer(folded):
        month = lexicon.months.get(match["month"])
        if month is None:
            continue
        day = _number(match["before"]) or _number(match["after"])
        told = _number(match["year"])
        if told is None and day is None and not _INTO.search(folded[: match.start("month")]):
            continue  # "may", "march": words before they are months
        used = told or year
        span = _span(used, month, day) if used else None
        if span:
            found.append((*match.span(), span))
    return found


def find_dates(text: str, language: str | None = None, *, year: int | None = None) -> list[DateSpan]:
    """Return the dates of a text in order. Without `year`, days that name no year are left out."""
    folded, offsets = fold_with_offsets(text[:6000])
    lexicon = lexicon_for(language)
    found: list[tuple[int, int, tuple[date, date, str]]] = []
    for pattern in (_ISO, _SIGNS):
        for match in pattern.finditer(folded):
            span = _span(int(match[1]), _number(match[2]), _number(match[3]))
            if span:
                found.append((*match.span(), span))
    for match in _DOTTED.finditer(folded):
        span = _span(int(match[3]), int(match[2]), int(match[1]))
        if span:
            found.append((*match.span(), span))
    found += _worded(folded, lexicon, year)
    for match in _YEAR.finditer(folded):
        span = _span(int(match[1]), None, None)
        if span:
            found.append((*match.span(), span))
    kept: list[tuple[int, int, tuple[date, date, str]]] = []
    for entry in sorted(found, key=lambda entry: (entry[0] - entry[1], entry[0])):
        if all(entry[1] <= other[0] or entry[0] >= other[1] for other in kept):
            kept.append(entry)
    spans = []
    for start, end, (first, last, precision) in sorted(kept):
        begin = offsets[start] if offsets is not None else start
        stop = (offsets[end - 1] + 1) if offsets is not None else end
        spans.append(DateSpan(first, last, precision, text[begin:stop].strip(), begin, stop))
    return spans
