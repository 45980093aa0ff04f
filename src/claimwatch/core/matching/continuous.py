"""Names in Chinese and Japanese, which are not cut into words: found as strings in a closed-up text."""

from __future__ import annotations

import re
import unicodedata

from ahocorasick_rs import AhoCorasick, MatchKind

from claimwatch.core.matching.names import SQUEEZED_OUT, fold_continuous
from claimwatch.core.matching.occurrences import MOST_PLACES, Occurrence
from claimwatch.language.words import HAS_CONTINUOUS

# A sign and the marks, or the Korean letters, that make one sign with it.
_COMPOSABLE = re.compile(
    "[^\u0300-\u036f\u3099\u309a\u1160-\u11ff][\u0300-\u036f\u3099\u309a\u1160-\u11ff]{1,4}"
)
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
        squeezed, starts, ends = _squeezed_with_offsets(text)
        found: dict[int, list[Occurrence]] = {}
        for index, start, end in automaton.find_matches_as_indexes(squeezed, overlapping=True):
            if _stands_alone(squeezed, start, end):
                places = found.setdefault(self._numbers[index], [])
                if len(places) < MOST_PLACES:
                    places.append(Occurrence(starts[start], ends[end - 1], "exact", 1.0))
        return found


def _squeezed_with_offsets(text: str) -> tuple[str, list[int], list[int]]:
    """Return the text folded and closed up, with where each of its signs begins and ends in the text."""
    starts: list[int] = []
    ends: list[int] = []
    signs: list[str] = []
    read = 0
    for cluster in _COMPOSABLE.finditer(text):
        _keep(text, read, cluster.start(), signs, starts, ends)
        composed = fold_continuous(unicodedata.normalize("NFC", cluster[0]))
        signs.append(composed)
        starts += [cluster.start()] * len(composed)
        ends += [cluster.end()] * len(composed)
        read = cluster.end()
    _keep(text, read, len(text), signs, starts, ends)
    return "".join(signs), starts, ends


def _keep(text: str, start: int, end: int, signs: list[str], starts: list[int], ends: list[int]) -> None:
    folded = fold_continuous(text[start:end])
    kept = [at for at, sign in enumerate(folded) if sign not in SQUEEZED_OUT]
    signs.append("".join([folded[at] for at in kept]))
    starts += [start + at for at in kept]
    ends += [start + at + 1 for at in kept]


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
