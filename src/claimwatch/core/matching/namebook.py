"""All names of all topics, found in one pass over a text."""

from __future__ import annotations

import re

from ahocorasick_rs import AhoCorasick, MatchKind

from claimwatch.core.matching.bounded_regex import CHUNK
from claimwatch.core.matching.lexicon import MOST_NEW_WORDS, Lexicon
from claimwatch.core.matching.names import Kind, Name, fold_all, parse_name
from claimwatch.core.matching.occurrences import MOST_PLACES, Hit, Occurrence, of_one_word, of_phrase
from claimwatch.core.matching.text import Text
from claimwatch.language.words import HAS_CONTINUOUS

_DROPPED_IN_SQUEEZE = re.compile(r"[\s\-\u2010-\u2015\u00b7\u30fb\u2022\uff65\u200b-\u200f]")
_COMPOUND = re.compile(r"[^\W\d_]{2,24}(?:[-\u2010\u2011][^\W\d_]{2,24}){1,3}")
_KATAKANA = re.compile(r"[\u30a1-\u30fa\u30fc]")

Found = dict[int, list[Occurrence]]


class NameBook:
    """Names, numbered; equal entries share a number. `find` returns where each stands in a text."""

    def __init__(self) -> None:
        self.names: list[Name] = []
        self._ids: dict[tuple[str, str], int] = {}
        self.senses: list[str] = []  # of each name, the entry of the alias book it was asked for as, or ""
        self._lexicon = Lexicon()
        self._words_of: dict[int, tuple[int, ...]] = {}
        self._by_anchor: dict[int, list[int]] = {}  # a word -> the names looked for when it is met
        self._joined: dict[int, list[int]] = {}
        self._continuous: list[int] = []
        self._regexes: list[int] = []
        self._automaton: AhoCorasick | None = None

    def add(self, text: str, sense: str = "") -> int:
        """Return a name's number; one spelling meant as two things (`sense`) has two.

        Raises: ValueError, when it is no name (see `parse_name`).
        """
        if (known := self._ids.get((text, sense))) is not None:
            return known
        name = parse_name(text)
        number = len(self.names)
        self.names.append(name)
        self.senses.append(sense)
        self._ids[text, sense] = number
        if name.kind is Kind.REGEX:
            self._regexes.append(number)
        elif name.kind is Kind.CONTINUOUS:
            self._continuous.append(number)
            self._automaton = None
        else:
            words = tuple(map(self._lexicon.add, name.words))
            self._words_of[number] = words
            anchor = min(words, key=lambda word: len(self._by_anchor.get(word, ())))
            self._by_anchor.setdefault(anchor, []).append(number)
            if name.joined is not None:
                self._joined.setdefault(self._lexicon.add(name.joined), []).append(number)
        return number

    def find(self, text: Text) -> Found:
        """Return every name found in a text with its places, best first; regexes are not looked for."""
        hits = self._recognise(text)
        found: Found = {}
        for word, places in hits.items():
            for number in self._joined.get(word, ()):
                found.setdefault(number, []).extend(of_one_word(places, text))
            for number in self._by_anchor.get(word, ()):
                words = self._words_of[number]
                if all(other in hits for other in words):
                    occurrences = self._places(number, [hits[other] for other in words], text)
                    if occurrences:
                        found.setdefault(number, []).extend(occurrences)
        if self._continuous and HAS_CONTINUOUS.search(text.text):
            self._find_continuous(text, found)
        return found

    def find_regex(self, number: int, text: Text) -> list[Occurrence]:
        """Return the places of one `regex:` name."""
        pattern = self.names[number].pattern
        found: list[Occurrence] = []
        if pattern is None:
            return found
        for start in range(0, len(text.text), CHUNK // 2):
            for match in pattern.finditer(text.text, start, min(len(text.text), start + CHUNK)):
                if match.end() > match.start():
                    found.append(Occurrence(match.start(), match.end(), "exact", 1.0))
            if len(found) >= MOST_PLACES:
                break
        return found

    def _recognise(self, text: Text) -> dict[int, list[Hit]]:
        language = text.language
        memo = self._lexicon.memo(language)
        hits: dict[int, list[Hit]] = {}
        new_words = 0
        for at, raw in enumerate(text.words):
            seen = memo.get(raw)
            if seen is None:
                new_words += 1
                if new_words <= MOST_NEW_WORDS:
                    seen = self._lexicon.recognise(raw, language)
                else:
                    seen = self._lexicon.as_it_stands(raw)
            for number, likeness in seen:
                hits.setdefault(number, []).append(Hit(at, likeness))
        if "-" in text.text or "\u2011" in text.text:
            self._recognise_compounds(text, hits)
        return hits

    def _recognise_compounds(self, text: Text, hits: dict[int, list[Hit]]) -> None:
        """Let "nord-coréen" be met by the name "nordcoréen"."""
        starts: dict[int, int] | None = None
        for count, compound in enumerate(_COMPOUND.finditer(text.text)):
            if count >= MOST_NEW_WORDS:
                break
            closed = compound[0].replace("-", "").replace("\u2010", "").replace("\u2011", "")
            for number, likeness in self._lexicon.recognise(closed, text.language):
                if starts is None:
                    starts = {start: at for at, (start, _) in enumerate(text.spans)}
                at = starts.get(compound.start())
                if at is not None:
                    hits.setdefault(number, []).append(Hit(at, likeness))

    def _places(self, number: int, hits: list[list[Hit]], text: Text) -> list[Occurrence]:
        name = self.names[number]
        one = len(hits) == 1
        found = of_one_word(hits[0], text) if one else of_phrase(hits, text, strict=name.strict)
        if name.kind is Kind.EXACT:
            found = [place for place in found if _as_written(name, text.text[place.start : place.end])]
        return found

    def _find_continuous(self, text: Text, found: Found) -> None:
        if self._automaton is None:
            self._automaton = AhoCorasick(
                [self.names[number].squeezed for number in self._continuous], matchkind=MatchKind.Standard
            )
        squeezed, offsets = _squeezed_with_offsets(text.text)
        for index, start, end in self._automaton.find_matches_as_indexes(squeezed, overlapping=True):
            number = self._continuous[index]
            places = found.setdefault(number, [])
            if len(places) < MOST_PLACES and _stands_alone(squeezed, start, end):
                places.append(Occurrence(offsets[start], offsets[end - 1] + 1, "exact", 1.0))
            if not places:
                del found[number]


def _as_written(name: Name, piece: str) -> bool:
    position = 0
    for word in name.raw:
        position = piece.find(word, position)
        if position < 0:
            return False
        position += len(word)
    return True


def _squeezed_with_offsets(text: str) -> tuple[str, list[int]]:
    """Return the text folded and closed up, with the place in the text of each of its characters."""
    folded = fold_all(text)
    if len(folded) != len(text):  # rare: ligatures, thousands separators; fold sign by sign instead
        folded = "".join(lowered if len(lowered := char.casefold()) == 1 else char for char in text)
    kept = [at for at, char in enumerate(folded) if not _DROPPED_IN_SQUEEZE.match(char)]
    return "".join([folded[at] for at in kept]), kept


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Say whether a find cuts no word: a Katakana, Latin, Hangul or digit run must not go on beyond it.

    A name of one sign counts only where no other Chinese or Japanese sign touches it.
    """
    if end - start == 1 and any(
        HAS_CONTINUOUS.match(sign) for sign in (text[max(0, start - 1) : start], text[end : end + 1])
    ):
        return False
    return not _goes_on(text, start - 1, start) and not _goes_on(text, end - 1, end)


def _goes_on(text: str, left: int, right: int) -> bool:
    if left < 0 or right >= len(text):
        return False
    before, after = text[left], text[right]
    if _KATAKANA.match(before) and _KATAKANA.match(after):
        return True
    if before.isdigit() and after.isdigit():
        return True
    plain = before.isalpha() and after.isalpha()
    return plain and not HAS_CONTINUOUS.match(before) and not HAS_CONTINUOUS.match(after)
