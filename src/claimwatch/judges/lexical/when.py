"""The dates of a claim against the dates of a text: a planned event that is moved is an update."""

from __future__ import annotations

import re
from datetime import date

from claimwatch.core.model import Change, Stance
from claimwatch.judges.lexical.align import align, around, own
from claimwatch.judges.lexical.finding import Finding
from claimwatch.judges.lexical.frame import Frame
from claimwatch.language.dates import DateSpan, find_dates
from claimwatch.language.polarity import cues_of
from claimwatch.language.reading import Reading

_FUTURE = re.compile(
    r"\b\w{4,}(?:era|eront|ira|iront|dra|dront|rra|rront)\b"
)  # "ouvrira": no word says "will"


def _apart(claimed: DateSpan, said: DateSpan) -> bool:
    return said.last < claimed.first or claimed.last < said.first


def claimed_dates(frame: Frame, published: date | None) -> list[DateSpan]:
    """Return the claim's dates; days and months without a year are of the year the text was published in."""
    year = published.year if published else None
    return find_dates(frame.when or frame.reading.text, frame.reading.language, year=year)


def _ahead(frame: Frame) -> bool:
    said = frame.reading
    return frame.planned or (said.language == "fr" and any(_FUTURE.search(s.folded) for s in said.sentences))


def compare_dates(frame: Frame, reading: Reading, same: bool, published: date | None) -> list[Finding]:
    """Return an update when a text gives another date for what the claim says is planned, and denies nothing.

    A date fits when it lies in the claimed span or the other way round ("in March" and "on 3 March").
    """
    claimed = claimed_dates(frame, published)
    if not claimed or not _ahead(frame):
        return []
    for index, sentence in enumerate(reading.sentences):
        dates = find_dates(sentence.text, reading.language, year=published.year if published else None)
        if not dates or cues_of(sentence, reading.language):
            continue
        here = align(frame, *own(sentence), same)
        close = align(frame, *around(reading, index), same)
        if close.names < 0.99 or close.others < 0.75 or not close.aspects:
            continue
        if not (here.names or here.others) or max(close.plain, close.head_thing * close.head_action) < 0.4:
            continue
        if all(_apart(old, new) for old in claimed for new in dates):
            change = Change(claimed[0].text, dates[0].text)
            reason = f'date: "{dates[0].text}", not "{claimed[0].text}"'
            return [
                Finding(Stance.UPDATES, 0.75, "dates", reason, sentence, (dates[0].text,), "dates", change)
            ]
    return []
