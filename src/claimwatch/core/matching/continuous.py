"""Names in Chinese and Japanese, which are not cut into words: found as strings in a closed-up text."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind
from rapidfuzz.distance import OSA

from claimwatch.core.matching.names import SQUEEZED_OUT, fold_continuous
from claimwatch.core.matching.occurrences import MOST_PLACES, Occurrence
from claimwatch.language.words import HAS_CONTINUOUS

# A sign and the marks, or the Korean letters, that make one sign with it.
_COMPOSABLE = re.compile(
    "[^\u0300-\u036f\u3099\u309a\u1160-\u11ff][\u0300-\u036f\u3099\u309a\u1160-\u11ff]{1,4}"
)
_KATAKANA = re.compile(r"[\u30a1-\u30fa\u30fc]")


SHORTEST_TYPO_KATAKANA = 6  # signs; Chinese characters carry meaning one by one, so there one is another name
_KATAKANA_NAME = re.compile(f"[\u30a1-\u30fa\u30fc]{{{SHORTEST_TYPO_KATAKANA},}}")
_KATAKANA_RUN = re.compile(f"[\u30a1-\u30fa\u30fc]{{{SHORTEST_TYPO_KATAKANA - 1},40}}")


class Squeezed(NamedTuple):
    """A text folded and closed up, with where each of its signs begins and ends in the text."""

    text: str
    starts: list[int]
    ends: list[int]

    def before(self, at: int) -> str:
        """Return the sign that touches the one at `at` from the left, "" when nothing does."""
        return self.text[at - 1] if at > 0 and self.ends[at - 1] == self.starts[at] else ""

    def after(self, at: int) -> str:
        """Return the sign that touches the one before `at` from the right, "" when nothing does."""
        return self.text[at] if at < len(self.text) and self.starts[at] == self.ends[at - 1] else ""


class ContinuousNames:
    """Closed-up names by number, found in one pass over a text."""

    def __init__(self) -> None:
        self._numbers: list[int] = []
        self._patterns: list[str] = []
        self._built: tuple[int, AhoCorasick | None] = (0, None)  # of how many patterns
        self._katakana: dict[str, tuple[int, ...]] = {}  # half a name in Katakana -> which patterns

    def add(self, number: int, squeezed: str) -> None:
        if _KATAKANA_NAME.fullmatch(squeezed):
            middle = len(squeezed) // 2
            for half in (squeezed[:middle], squeezed[middle:]):
                self._katakana[half] = (*self._katakana.get(half, ()), len(self._patterns))
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
        squeezed = _squeezed(text)
        found: dict[int, list[Occurrence]] = {}
        for index, start, end in automaton.find_matches_as_indexes(squeezed.text, overlapping=True):
            if _stands_alone(squeezed, start, end):
                places = found.setdefault(self._numbers[index], [])
                if len(places) < MOST_PLACES:
                    place = Occurrence(squeezed.starts[start], squeezed.ends[end - 1], "exact", 1.0)
                    places.append(place)
        if self._katakana:
            self._find_misspelt(text, found)
        return found

    def _find_misspelt(self, text: str, found: dict[int, list[Occurrence]]) -> None:
        """Add Katakana names written with one sign more, less or other: names are heard in many ways."""
        for run in _KATAKANA_RUN.finditer(text):
            word, length = run[0], len(run[0])
            halves = {word[: whole // 2] for whole in (length - 1, length, length + 1)}
            halves |= {word[whole // 2 - whole :] for whole in (length - 1, length, length + 1)}
            for index in {index for half in halves for index in self._katakana.get(half, ())}:
                name, number = self._patterns[index], self._numbers[index]
                if number not in found and OSA.distance(name, word, score_cutoff=1) == 1:
                    ratio = round(1 - 1 / len(name), 3)
                    found[number] = [Occurrence(run.start(), run.end(), "typo", ratio)]


def _squeezed(text: str) -> Squeezed:
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
    return Squeezed("".join(signs), starts, ends)


def _keep(text: str, start: int, end: int, signs: list[str], starts: list[int], ends: list[int]) -> None:
    folded = fold_continuous(text[start:end])
    kept = [at for at, sign in enumerate(folded) if sign not in SQUEEZED_OUT]
    signs.append("".join([folded[at] for at in kept]))
    starts += [start + at for at in kept]
    ends += [start + at + 1 for at in kept]


def _stands_alone(squeezed: Squeezed, start: int, end: int) -> bool:
    """Say whether a find cuts no word: a Katakana, Latin, Hangul or digit run must not go on beyond it.

    A name of one sign counts only where no other Chinese or Japanese sign touches it.
    """
    before, after = squeezed.before(start), squeezed.after(end)
    if end - start == 1 and (HAS_CONTINUOUS.match(before) or HAS_CONTINUOUS.match(after)):
        return False
    return not _goes_on(before, squeezed.text[start]) and not _goes_on(squeezed.text[end - 1], after)


def _goes_on(left: str, right: str) -> bool:
    if not left or not right:
        return False
    if _KATAKANA.match(left) and _KATAKANA.match(right):
        return True
    if left.isdigit() and right.isdigit():
        return True
    plain = left.isalpha() and right.isalpha()
    return plain and not HAS_CONTINUOUS.match(left) and not HAS_CONTINUOUS.match(right)
