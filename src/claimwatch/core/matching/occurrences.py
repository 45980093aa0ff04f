"""Names found in a text: from recognised words to places of whole names."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from claimwatch.core.matching.alike import DOUBTFUL, How, Likeness
from claimwatch.core.matching.text import Text

MOST_GAP = 2  # foreign words inside a name: "anti-tank (guided) missile"; one less than the name has words
GAP_COST = 0.04  # of the ratio, per word
ORDER_COST = 0.06
MOST_PLACES = 40  # of one name in one text; more tell nothing new

_HOWS: tuple[How, ...] = ("exact", "inflected", "spelled", "transliterated", "typo")
RANK = {how: rank for rank, how in enumerate(_HOWS)}
# Between two neighbouring words of a name. A full stop there only ends an abbreviation: "N. Korea".
_TIGHT = re.compile(r"[\s\-\u00ad\u2010-\u2015'’`´/_\"«»“”„·.]{0,4}")
_LOOSE_BARRIER = re.compile(r"[.!?…;:,\n\r()|•。！？、，]")
_LONGEST_ABBREVIATION = 4


class Hit(NamedTuple):
    """A word of a name recognised as the text's word number `at`."""

    at: int
    likeness: Likeness
    end: int = 0  # where it ends in the text, when it goes on beyond that word ("nord-coréen" for one word)


class Occurrence(NamedTuple):
    """A whole name found: characters from `start` to `end`."""

    start: int
    end: int
    how: How
    ratio: float


def of_one_word(hits: list[Hit], text: Text) -> list[Occurrence]:
    """Return the places of a name of one word."""
    spans = text.spans
    return [
        Occurrence(spans[at][0], end or spans[at][1], likeness.how, likeness.ratio)
        for at, likeness, end in hits[:MOST_PLACES]
        if likeness.ratio > DOUBTFUL
    ]


def of_phrase(hits: list[list[Hit]], text: Text, *, strict: bool) -> list[Occurrence]:
    """Return the places where all words of a name stand together; `hits` holds those of each word in order.

    Strict: next to each other and in order. Else a foreign word or two, or another order, are let pass
    inside one clause, for a lower ratio.
    """
    found: list[Occurrence] = []
    rarest = min(range(len(hits)), key=lambda index: len(hits[index]))
    most_gap = 0 if strict else min(MOST_GAP, len(hits) - 1)
    reach = len(hits) - 1 + most_gap
    for pivot in hits[rarest][:MOST_PLACES]:
        for in_order in (True,) if strict else (True, False):
            chosen = _chosen(hits, rarest, pivot, reach, in_order=in_order)
            whole = _together(chosen, text, most_gap, strict=strict) if chosen else None
            if whole is not None:
                found.append(whole)
                break
    return found


def _chosen(hits: list[list[Hit]], rarest: int, pivot: Hit, reach: int, *, in_order: bool) -> list[Hit]:
    """Return one hit a word around `pivot`, each nearest to its place in the name or just to the pivot."""
    chosen: list[Hit] = []
    taken = {pivot.at}
    for index, candidates in enumerate(hits):
        if index == rarest:
            chosen.append(pivot)
            continue
        wanted = pivot.at + (index - rarest if in_order else 0)
        best: Hit | None = None
        least = (reach + len(hits), 0.0)
        for hit in candidates:
            if hit.at in taken or abs(hit.at - pivot.at) > reach:
                continue
            cost = (abs(hit.at - wanted), -hit.likeness.ratio)
            if cost < least:
                best, least = hit, cost
        if best is None:
            return []
        taken.add(best.at)
        chosen.append(best)
    return chosen


def _together(chosen: list[Hit], text: Text, most_gap: int, *, strict: bool) -> Occurrence | None:
    places = [hit.at for hit in chosen]
    first, last = min(places), max(places)
    gap = last - first + 1 - len(places)
    ordered = places == sorted(places)
    start, end = text.spans[first][0], text.spans[last][1]
    ratio = sum(hit.likeness.ratio for hit in chosen) / len(chosen)
    how: How = max((hit.likeness.how for hit in chosen), key=RANK.__getitem__)
    doubtful = sum(hit.likeness.ratio <= DOUBTFUL for hit in chosen)
    if doubtful and (
        doubtful > 1 or any(hit.likeness.how == "typo" for hit in chosen if hit.likeness.ratio > DOUBTFUL)
    ):
        return None
    if gap == 0 and ordered and _tight(places, text):
        return Occurrence(start, end, how, round(ratio, 3))
    if (
        strict
        or doubtful
        or gap > most_gap
        or (gap and not ordered)
        or _LOOSE_BARRIER.search(text.text, start, end)
    ):
        return None
    ratio -= gap * GAP_COST + (0 if ordered else ORDER_COST)
    if RANK[how] < RANK["spelled"]:
        how = "spelled"
    return Occurrence(start, end, how, round(ratio, 3))


def _tight(places: list[int], text: Text) -> bool:
    for before, after in pairwise(places):
        left, right = text.spans[before], text.spans[after]
        between = text.text[left[1] : right[0]]
        if not _TIGHT.fullmatch(between):
            return False
        if "." in between and left[1] - left[0] > _LONGEST_ABBREVIATION:
            return False
    return True
