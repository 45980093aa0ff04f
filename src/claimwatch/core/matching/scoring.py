"""How well an item fits a topic: a score in 0..1 from where names stand, how they were found, how near."""

from __future__ import annotations

from collections.abc import Sequence

from claimwatch.core.matching.occurrences import Occurrence
from claimwatch.core.matching.text import Text
from claimwatch.core.model import Band

IN_TITLE = 1.0
IN_FIRST_SENTENCE = 0.95  # of the body; of an item without a title it is the title
IN_SUMMARY = 0.85
IN_CONTENT = 0.7
SAME_SENTENCE = 1.0
SAME_PARAGRAPH = 0.97
APART = 0.9
LINE_MISSING = 0.85  # `at_least` let one line stay empty

STRONG_FROM = 0.86
GOOD_FROM = 0.7
WEAK_FROM = 0.5


def place_weight(occurrence: Occurrence, text: Text) -> float:
    """Return the weight of where a name stands."""
    place = text.place(occurrence.start)
    if place.field == "title":
        return IN_TITLE
    if place.sentence == (1 if text.has_title else 0):
        return IN_FIRST_SENTENCE if text.has_title else IN_TITLE
    return IN_SUMMARY if place.field == "summary" else IN_CONTENT


def trust(occurrence: Occurrence) -> float:
    """Return what a recognition is worth: a typo could be another word, most of all a short one."""
    if occurrence.how == "typo":
        letters = occurrence.end - occurrence.start
        return occurrence.ratio * (0.92 if letters >= 8 else 0.85)
    return occurrence.ratio


def score(weights: Sequence[float], nearness: float, missing: int) -> float:
    """Return the score of an item whose lines weigh so much."""
    if not weights:
        return 0.0
    # The weakest line counts as much as the mean: one doubtful line makes a doubtful match.
    together = (sum(weights) / len(weights) + min(weights)) / 2
    return round(together * nearness * LINE_MISSING**missing, 3)


def band(value: float) -> Band:
    """Return the band of a score."""
    if value >= STRONG_FROM:
        return Band.STRONG
    if value >= GOOD_FROM:
        return Band.GOOD
    return Band.WEAK if value >= WEAK_FROM else Band.GUESS
