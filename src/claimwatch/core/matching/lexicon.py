"""The words of all names, and a memo from words of texts to them: what makes ten thousand topics cheap.

A word of a text is compared once (`alike`) with the few words of names that share a stem, a sound or half
their letters with it, and remembered. Half the letters: one edit leaves the first or the second half of a
word whole (or swaps the two letters where they meet); for two edits `alike` itself asks for a whole end.
"""

from __future__ import annotations

from collections.abc import Iterator

from rapidfuzz import process
from rapidfuzz.distance import OSA

from claimwatch.core.matching.alike import (
    EXACT,
    INFLECTED,
    INTACT_END,
    SHORTEST_DOUBTFUL,
    SHORTEST_INFLECTED,
    SHORTEST_SKELETON,
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
from claimwatch.language.words import Script, fold

MOST_REMEMBERED = 50_000  # words; then the memo begins anew

# The words of names that a word of a text is, by number.
Seen = tuple[tuple[int, Likeness], ...]
NOTHING: Seen = ()
_Filed = dict[str, int | tuple[int, ...]]


class Lexicon:
    """Words of names, numbered. `recognise` says which of them a word of a text is, and how.

    An `exhaustive` lexicon compares with every word it holds: slow, and the measure of the other.
    """

    def __init__(self, *, exhaustive: bool = False) -> None:
        self.words: list[Word] = []
        self._exhaustive = exhaustive
        self._ids: tuple[dict[str, int], dict[str, int]] = ({}, {})  # without and with a capital
        self._forms: _Filed = {}  # folded words and stems
        self._sounds: _Filed = {}
        self._halves: dict[int, _Filed] = {}  # by the length of the whole
        self._closed: dict[str, int] = {}
        self._memo: dict[str | None, dict[str, Seen]] = {}

    def add(self, word: Word) -> int:
        """Return the word's number, filing it when it is new."""
        ids = self._ids[word.capital]
        known = ids.get(word.lowered)
        if known is not None:
            return known
        number = len(self.words)
        self.words.append(word)
        ids[word.lowered] = number
        forms = stem_keys(word, NAME_LANGUAGES.get(word.script, ()))
        forms.add(word.folded)
        for form in forms:
            _file(self._forms, form, number)
        for sound in _sounds(word):
            _file(self._sounds, sound, number)
        for length, half in _name_halves(word):
            _file(self._halves.setdefault(length, {}), half, number)
        self._memo.clear()
        return number

    def add_closed(self, word: Word) -> int:
        """Return the number of a closed-up name ("nordcoréen"), met as it stands or inflected only."""
        number = self._closed.get(word.folded)
        if number is None:
            number = self._closed[word.folded] = len(self.words)
            self.words.append(word)
            self._memo.clear()
        return number

    def recognise(self, raw: str, language: str | None) -> Seen:
        """Return the words of names that `raw` is, in a text of `language`."""
        memo = self.memo(language)
        seen = memo.get(raw)
        if seen is None:
            seen = self._look_up(raw, language)
            if len(memo) >= MOST_REMEMBERED:
                memo.clear()
            memo[raw] = seen
        return seen

    def memo(self, language: str | None) -> dict[str, Seen]:
        """Return what is remembered for texts of one language, to be read in tight loops."""
        known = self._memo.get(language)
        if known is None:
            if len(self._memo) >= 40:  # languages; a hostile feed could declare any number
                self._memo.clear()
            known = self._memo.setdefault(language, {})
        return known

    def as_it_stands(self, raw: str, language: str | None) -> Seen:
        """Return the words of names equal to `raw`; costs little but the folding."""
        folded = fold(raw)
        same = tuple(n for n in _filed(self._forms, folded) if self.words[n].folded == folded)
        if same and language and language.startswith("vi"):  # there accents count
            word = Word.of(raw, language)
            same = tuple(n for n in same if alike(self.words[n], word) == EXACT)
        return tuple((number, EXACT) for number in same) if same else NOTHING

    def _look_up(self, raw: str, language: str | None) -> Seen:
        word = Word.of(raw, language)
        if not word.folded:
            return NOTHING
        own = [stem for spoken in word.languages for stem in stems(word.lowered, spoken)]
        candidates = range(len(self.words)) if self._exhaustive else sorted(self._candidates(word, own))
        found: list[tuple[int, Likeness]] = []
        for number in candidates:
            likeness = alike(self.words[number], word)
            if likeness is not None:
                found.append((number, likeness))
        for form in dict.fromkeys((word.folded, *own)):
            closed = self._closed.get(form)
            if closed is not None:
                found.append((closed, EXACT if form == word.folded else INFLECTED))
        return tuple(dict(reversed(found)).items()) if found else NOTHING

    def _candidates(self, word: Word, own: list[str]) -> set[int]:
        candidates = set(_filed(self._forms, word.folded))
        if word.script in (Script.NUMBER, Script.CONTINUOUS):
            return candidates
        for stem in own:
            candidates.update(_filed(self._forms, stem))
        if word.script is Script.HANGUL:
            for length in range(1, len(word.folded)):
                candidates.update(_filed(self._forms, word.folded[:length]))
        for length in range(2, min(SHORTEST_INFLECTED, len(word.folded))) if len(word.folded) <= 6 else ():
            candidates.update(_filed(self._forms, word.folded[:length]))
        for sound in _sounds(word):
            candidates.update(_filed(self._sounds, sound))
        near: set[int] = set()
        for length, half in _text_halves(word):
            filed = self._halves.get(length)
            if filed is not None:
                known = filed.get(half)
                if known is not None:
                    near.update((known,) if isinstance(known, int) else known)
        if near:
            numbers = list(near - candidates)
            folded = [self.words[number].folded for number in numbers]
            most = 2 if len(word.folded) >= TWO_TYPOS_FROM - 2 else 1
            close = process.extract(word.folded, folded, scorer=OSA.distance, score_cutoff=most, limit=None)
            candidates.update(numbers[at] for _, _, at in close)
        return candidates


def _file(index: _Filed, key: str, number: int) -> None:
    known = index.get(key)
    if known is None:
        index[key] = number
    elif isinstance(known, int):
        index[key] = (known, number)
    else:
        index[key] = (*known, number)


def _filed(index: _Filed, key: str) -> tuple[int, ...]:
    known = index.get(key, ())
    return (known,) if isinstance(known, int) else known


def _sounds(word: Word) -> set[str]:
    if word.script not in (Script.LATIN, Script.CYRILLIC):
        return set()
    keys = across_keys(word)
    key = skeleton(word.folded)
    if len(key) >= SHORTEST_SKELETON:
        keys.add(key)
    return keys


def _shortest_typo(word: Word) -> int:
    if word.script in (Script.NUMBER, Script.CONTINUOUS):
        return 1_000
    return SHORTEST_TYPO_HANGUL if word.script is Script.HANGUL else SHORTEST_DOUBTFUL


def _name_halves(word: Word) -> Iterator[tuple[int, str]]:
    """Yield the halves a word of a name is filed under, with its length; below 0 it is the second half."""
    folded, length = word.folded, len(word.folded)
    if length < _shortest_typo(word):
        return
    yield length, folded[: length // 2]
    yield -length, folded[length // 2 :]
    if length >= TWO_TYPOS_FROM:
        yield 0, folded[:INTACT_END]
        yield 1, folded[-INTACT_END:]


def _text_halves(word: Word) -> Iterator[tuple[int, str]]:
    folded, own = word.folded, len(word.folded)
    if own < _shortest_typo(word) - 1:
        return
    for length in (own - 1, own, own + 1):
        half = length // 2
        yield length, folded[:half]
        yield -length, folded[half - length :]
    half = own // 2
    yield own, folded[: half - 1] + folded[half]  # the two letters in the middle swapped
    if own >= TWO_TYPOS_FROM - 2:
        yield 0, folded[:INTACT_END]
        yield 1, folded[-INTACT_END:]
