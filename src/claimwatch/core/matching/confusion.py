"""Finds that are really something else: "South Korea" is not a misspelt North Korea."""

from __future__ import annotations

from collections.abc import Iterable

from claimwatch.core.aliases import AliasBook
from claimwatch.core.matching.namebook import Found, NameBook
from claimwatch.core.matching.occurrences import Occurrence
from claimwatch.core.matching.text import Text


class Confusables:
    """Which names must give way to which others, by number, as the alias book says."""

    def __init__(self, names: NameBook, aliases: AliasBook) -> None:
        self._names = names
        self._aliases = aliases
        self._rivals: dict[int, frozenset[int]] = {}  # a name -> names of what it must not be confused with
        self._numbers: dict[str, frozenset[int]] = {}
        # A name -> others that may mean something else by the same spelling, and the signs: theirs, ours.
        self._ambiguous: dict[int, list[tuple[frozenset[int], frozenset[int], frozenset[int]]]] = {}

    def guard(self, number: int) -> None:
        """Have a name watched, when the alias book knows it as a name of something confusable."""
        if number in self._rivals:
            return
        self._rivals[number] = frozenset()
        text, sense = self._names.names[number].text, self._names.senses[number]
        own = (sense,) if sense else self._aliases.entities_named(text)
        for entity in own:
            for other in sorted(self._aliases.confusable_with(entity) - set(own)):
                self._set_against(number, entity, other)

    def left_of(self, found: Found, text: Text) -> Found:
        """Return the finds that stand: those another name explains better are gone."""
        left: Found = {}
        for number, places in found.items():
            rivals = self._rivals.get(number)
            if rivals is not None:
                better = [place for rival in rivals & found.keys() for place in found[rival]]
                if better:
                    places = [place for place in places if not _explained(place, better)]
                for others, theirs, ours in self._ambiguous.get(number, ()):
                    foreign = _sentences(theirs, found, text) - _sentences(ours, found, text)
                    if places and foreign:
                        same = [place for other in others & found.keys() for place in found[other]]
                        places = [
                            place
                            for place in places
                            if text.place(place.start).sentence not in foreign or not _overlaps(place, same)
                        ]
            if places:
                left[number] = places
        return left

    def _set_against(self, number: int, entity: str, other: str) -> None:
        """Let a name of `entity` give way to the names of `other`.

        A spelling both have cannot fit one of them better: there the signs decide.
        """
        theirs = self._numbers_of(other)
        shared = frozenset(
            rival for rival in theirs if entity in self._aliases.entities_named(self._names.names[rival].text)
        )
        self._rivals[number] |= theirs - shared
        if shared:
            signs = frozenset(self._sign_numbers(other)), frozenset(self._sign_numbers(entity))
            self._ambiguous.setdefault(number, []).append((theirs, *signs))

    def _numbers_of(self, entity: str) -> frozenset[int]:
        if (known := self._numbers.get(entity)) is None:
            names = self._aliases.entities[entity].all_names
            known = self._numbers[entity] = frozenset(self._names.add(name, entity) for name in names)
        return known

    def _sign_numbers(self, entity: str) -> list[int]:
        return [self._names.add(sign) for sign in self._aliases.entities[entity].signs]


def _sentences(numbers: Iterable[int], found: Found, text: Text) -> set[int]:
    return {text.place(place.start).sentence for number in numbers for place in found.get(number, ())}


def _overlaps(place: Occurrence, others: Iterable[Occurrence]) -> bool:
    return any(other.end > place.start and other.start < place.end for other in others)


def _explained(place: Occurrence, better: list[Occurrence]) -> bool:
    """Say whether one of the others shares signs with a find and fits the text better."""
    length = place.end - place.start
    for other in better:
        if other.end <= place.start or other.start >= place.end:
            continue
        longer = other.end - other.start > length
        if other.ratio > place.ratio or (other.ratio == place.ratio and longer):
            return True
        if longer and other.start <= place.start and other.end >= place.end and other.ratio >= 0.9:
            return True
    return False
