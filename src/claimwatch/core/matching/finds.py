"""What one text holds: which names are possible at all, and, once a topic wants to know, where they stand."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from claimwatch.core.matching.bounded_regex import CHUNK, MOST_READ
from claimwatch.core.matching.lexicon import Seen
from claimwatch.core.matching.namebook import NameBook
from claimwatch.core.matching.names import Kind, Name
from claimwatch.core.matching.occurrences import MOST_PLACES, Hit, Occurrence, of_one_word, of_phrase
from claimwatch.core.matching.text import Text
from claimwatch.language.words import WORD, as_written

MOST_WORDS = 300  # different ones in one text; the rest of a word salad is only looked up as it stands
_EDGES = "\"'’«»“”„()[]{}.,;:!?…"


class Finds:
    """The names found in one text. `possible` holds those all of whose words occur, whatever their places."""

    def __init__(self, names: NameBook, text: Text) -> None:
        self.text = text
        self._names = names
        self._hits: dict[int, list[Hit]] = {}
        self._places: dict[int, list[Occurrence]] = names.continuous.find(text.text)
        self._recognise()
        self.possible: set[int] = set(self._places)
        hits, words_of = self._hits, names.words_of
        met = hits.__contains__
        for word in hits:
            self.possible.update(names.closed_at.get(word, ()))
            for number in names.asked_at.get(word, ()):
                if all(map(met, words_of[number])):
                    self.possible.add(number)

    def places(self, number: int) -> list[Occurrence]:
        """Return where a name stands; [] when its words stand nowhere together."""
        known = self._places.get(number)
        if known is None:
            known = self._places[number] = self._find(number)
        return known

    def _find(self, number: int) -> list[Occurrence]:
        name = self._names.special.get(number)
        if name is not None and name.kind is Kind.REGEX:
            return self._find_regex(name)
        if number not in self.possible:
            return []
        words = self._names.words_of[number]
        places: list[Occurrence] = []
        if all(word in self._hits for word in words):
            hits = [self._hits[word] for word in words]
            one = len(words) == 1
            strict = self._names.strict[number]
            places = of_one_word(hits[0], self.text) if one else of_phrase(hits, self.text, strict=strict)
        closed = self._names.closed_of.get(number)
        if closed is not None and closed in self._hits:
            places = places + of_one_word(self._hits[closed], self.text)
        if name is not None:
            places = [place for place in places if _as_written(name, self.text.text[place.start : place.end])]
        return places

    def _find_regex(self, name: Name) -> list[Occurrence]:
        found: dict[tuple[int, int], Occurrence] = {}
        text = self.text.text[:MOST_READ]
        for start in range(0, len(text), CHUNK // 2):
            end = min(len(text), start + CHUNK)
            for match in name.pattern.finditer(text, start, end) if name.pattern else ():
                # What touches the end of a chunk may be cut; the next chunk holds it whole.
                if match.end() > match.start() and (match.end() < end or end == len(text)):
                    found[match.span()] = Occurrence(match.start(), match.end(), "exact", 1.0)
            if len(found) >= MOST_PLACES:
                break
        return list(found.values())

    def _recognise(self) -> None:
        lexicon, language = self._names.lexicon, self.text.language
        memo: Mapping[str, Seen] = lexicon.memo(language)
        words = self.text.words
        seen_at = list(map(memo.get, words))
        # Which words are read closely depends on the text alone, never on what was read before it.
        different = dict.fromkeys(words)
        if len(different) > MOST_WORDS:
            closely = set(islice(different, MOST_WORDS))
            standing = {w: lexicon.as_it_stands(w, language) for w in different if w not in closely}
            seen_at = [standing.get(w, s) for w, s in zip(words, seen_at, strict=True)]
        for at, seen in enumerate(seen_at):
            if seen is None:
                seen_at[at] = lexicon.recognise(words[at], language)
        hits = self._hits
        for at, seen in enumerate(seen_at):
            if seen:
                for number, likeness in seen:
                    hits.setdefault(number, []).append(Hit(at, likeness))
        if "-" in self.text.text or "\u2011" in self.text.text:
            self._recognise_closed()

    def _recognise_closed(self) -> None:
        """Let "nord-coréen" in the text be met by the name "nordcoréen"."""
        text = self.text
        compounds = {piece.strip(_EDGES) for piece in text.text.split() if "-" in piece or "\u2011" in piece}
        if len(compounds) > MOST_WORDS:
            return
        for compound in compounds:
            closed = compound.replace("-", "").replace("\u2011", "")
            if not closed.isalpha() or len(closed) > 40:
                continue
            for number, likeness in self._names.lexicon.recognise(closed, text.language):
                place = text.text.find(compound)
                at = text.word_at(place)
                if at is not None:
                    self._hits.setdefault(number, []).append(Hit(at, likeness, place + len(compound)))


def _as_written(name: Name, piece: str) -> bool:
    return tuple(map(as_written, WORD.findall(piece))) == tuple(map(as_written, name.raw))
