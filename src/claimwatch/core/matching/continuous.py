"""Names in Chinese and Japanese, which are not cut into words: found as strings in a closed-up text."""

from __future__ import annotations

import re

from ahocorasick_rs import AhoCorasick, MatchKind

from claimwatch.core.matching.names import SQUEEZED_OUT, fold_continuous
from claimwatch.core.matching.occurrences import MOST_PLACES, Occurrence
from claimwatch.language.words import HAS_CONTINUOUS

_KATAKANA = re.compile(r"[\u30a1-\u30fa\u30fc]")


class ContinuousNames:
    """Closed-up names by number, found in one pass over a text."""

    def __init__(self) -> None:
        self._numbers: list[int] = []
        self._patterns: list[str] = []
        self._built: tuple[int, AhoCorasick | None] = (0, None)  # of how many patterns

    def add(self, number: int, squeezed: str) -> None:
        self._numbers.append(number)
        self._patterns.append(squeezed)

    def settle(self) -> AhoCorasick | None:
        """Return the automaton of all patterns, built anew when some were added; None without any."""
        count, automaton = self._built
        if count != len(self._patterns):
            patterns = self._patterns[:]
            automaton = AhoCorasick(patterns, matchkind=MatchKind.Standard)
            self._built = (len(patterns), automaton)
        return automaton

    def find(self, text: str) -> dict[int, list[Occurrence]]:
        """Return where each name stands in a text."""
        if not self._patterns or not HAS_CONTINUOUS.search(text) or (automaton := self.settle()) is None:
            return {}
        squeezed, offsets = _squeezed_with_offsets(text)
        found: dict[int, list[Occurrence]] = {}
        for index, start, end in automaton.find_matches_as_indexes(squeezed, overlapping=True):
            if _stands_alone(squeezed, start, end):
                places = found.setdefault(self._numbers[index], [])
                if len(places) < MOST_PLACES:
                    places.append(Occurrence(offsets[start], offsets[end - 1] + 1, "exact", 1.0))
        return found


def _squeezed_with_offsets(text: str) -> tuple[str, list[int]]:
    """Return the text folded and closed up, with the place in the text of each of its signs."""
    folded = fold_continuous(text)
    kept = [at for at, sign in enumerate(folded) if sign not in SQUEEZED_OUT]
    return "".join([folded[at] for at in kept]), kept


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Say whether a find cuts no word: a Katakana, Latin, Hangul or digit run must not go on beyond it.

    A name of one sign counts only where no other Chinese or Japanese sign touches it.
    """
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    if end - start == 1 and (HAS_CONTINUOUS.match(before) or HAS_CONTINUOUS.match(after)):
        return False
    return not _goes_on(before, text[start]) and not _goes_on(text[end - 1], after)


def _goes_on(left: str, right: str) -> bool:
    if not left or not right:
        return False
    if _KATAKANA.match(left) and _KATAKANA.match(right):
        return True
    if left.isdigit() and right.isdigit():
        return True
    plain = left.isalpha() and right.isalpha()
    return plain and not HAS_CONTINUOUS.match(left) and not HAS_CONTINUOUS.match(right)
