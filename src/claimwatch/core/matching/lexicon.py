"""The words of all names, and a memo from words of texts to them: what makes ten thousand topics cheap.

A word of a text is compared once (`alike`) with the few words of names that share a stem, a sound or all but
one letter with it, and remembered. Deletion neighbours: two words one edit apart become equal when at most
one letter of each is dropped; for two edits, five letters at one end must be equal.
"""

from __future__ import annotations

from collections.abc import Iterator

from claimwatch.core.matching.alike import (
    INTACT_END,
    SHORTEST_SKELETON,
    SHORTEST_TYPO,
    SHORTEST_TYPO_HANGUL,
    TWO_TYPOS_FROM,
    Likeness,
    Word,
    across_keys,
    alike,
    stem_keys,
)
from claimwatch.language.stemming import NAME_LANGUAGES, stems
from claimwatch.language.transliterate import skeleton
from claimwatch.language.words import Script

MOST_REMEMBERED = 60_000  # words; then the memo begins anew
MOST_NEW_WORDS = 1_200  # of one text; the rest of a word salad is only looked up as it stands

Seen = tuple[tuple[int, Likeness], ...]
_NOTHING: Seen = ()


class Lexicon:
    """Words of names, numbered. `recognise` says which of them a word of a text is, and how."""

    def __init__(self) -> None:
        self.words: list[Word] = []
        self._ids: dict[tuple[str, str], int] = {}
        self._folded: dict[str, list[int]] = {}
        self._keys: dict[str, list[int]] = {}
        self._memo: dict[str | None, dict[str, Seen]] = {}

    def add(self, word: Word) -> int:
        """Return the word's number, filing it when it is new."""
        known = self._ids.get((word.lowered, word.folded))
        if known is not None:
            return known
        number = len(self.words)
        self.words.append(word)
        self._ids[word.lowered, word.folded] = number
        self._folded.setdefault(word.folded, []).append(number)
        for key in _name_keys(word):
            self._keys.setdefault(key, []).append(number)
        self._memo.clear()
        return number

    def recognise(self, raw: str, language: str | None) -> Seen:
        """Return the words of names that `raw` is, in a text of `language`."""
        memo = self.memo(language)
        seen = memo.get(raw)
        if seen is None:
            if len(memo) >= MOST_REMEMBERED:
                memo.clear()
            seen = memo[raw] = self._look_up(raw, language)
        return seen

    def memo(self, language: str | None) -> dict[str, Seen]:
        """Return what is remembered for texts of one language, to be read in tight loops."""
        return self._memo.setdefault(language, {})

    def as_it_stands(self, raw: str) -> Seen:
        """Return the words of names equal to `raw`; costs nothing but the folding."""
        same = self._folded.get(Word.of(raw).folded, ())
        return tuple((number, Likeness("exact", 1.0)) for number in same)

    def _look_up(self, raw: str, language: str | None) -> Seen:
        word = Word.of(raw, language)
        if not word.folded:
            return _NOTHING
        candidates = set(self._folded.get(word.folded, ()))
        for key in _text_keys(word):
            candidates.update(self._keys.get(key, ()))
        if not candidates:
            return _NOTHING
        found = ((number, alike(self.words[number], word)) for number in sorted(candidates))
        return tuple((number, likeness) for number, likeness in found if likeness is not None)


def _name_keys(word: Word) -> set[str]:
    keys = {f"={stem}" for stem in stem_keys(word, NAME_LANGUAGES.get(word.script, ()))}
    keys.update(_sounds(word))
    keys.update(_neighbours(word))
    if word.script is Script.HANGUL:
        keys.add(f"={word.folded}")
    return keys


def _text_keys(word: Word) -> Iterator[str]:
    if word.script in (Script.NUMBER, Script.CONTINUOUS):
        return
    if word.script is Script.HANGUL:
        yield from (f"={word.folded[:length]}" for length in range(1, len(word.folded)))
    for language in word.languages:
        yield from (f"={stem}" for stem in stems(word.lowered, language))
    yield from _sounds(word)
    yield from _neighbours(word)


def _sounds(word: Word) -> set[str]:
    if word.script not in (Script.LATIN, Script.CYRILLIC):
        return set()
    keys = {f"~{key}" for key in across_keys(word)}
    key = skeleton(word.folded)
    if len(key) >= SHORTEST_SKELETON:
        keys.add(f"~{key}")
    return keys


def _neighbours(word: Word) -> Iterator[str]:
    folded = word.folded
    least = SHORTEST_TYPO_HANGUL if word.script is Script.HANGUL else SHORTEST_TYPO
    if word.script in (Script.NUMBER, Script.CONTINUOUS) or len(folded) < least - 1:
        return
    yield folded
    for at in range(len(folded)):
        yield folded[:at] + folded[at + 1 :]
    if len(folded) >= TWO_TYPOS_FROM - 2:
        yield f"<{folded[:INTACT_END]}"
        yield f">{folded[-INTACT_END:]}"
