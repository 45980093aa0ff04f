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
        self._signs: dict[int, tuple[tuple[int, ...], tuple[int, ...]]] = {}  # a shared name -> theirs, ours

    def guard(self, number: int) -> None:
        """Have a name watched, when the alias book knows it as a name of something confusable."""
        if number in self._rivals:
            return
        own = self._aliases.entities_named(self._names.names[number].text)
        rivals: set[int] = set()
        theirs: list[int] = []
        for entity in own:
            for other in self._aliases.confusable_with(entity):
                others = self._numbers_of(other)
                rivals |= others - self._numbers_of(entity)
                if other in own or number in others:
                    continue
                theirs += self._sign_numbers(other)
        self._rivals[number] = frozenset(rivals)
        if theirs:
            ours = [sign for entity in own for sign in self._sign_numbers(entity)]
            self._signs[number] = (tuple(theirs), tuple(ours))

    def left_of(self, found: Found, text: Text) -> Found:
        """Return the finds that stand: those another name explains better are gone."""
        left: Found = {}
        for number, places in found.items():
            rivals = self._rivals.get(number)
            if rivals:
                better = [place for rival in rivals & found.keys() for place in found[rival]]
                if better:
                    places = [place for place in places if not _explained(place, better)]
            if places and number in self._signs:
                places = self._without_signs(number, places, found, text)
            if places:
                left[number] = places
        return left

    def _without_signs(
        self, number: int, places: list[Occurrence], found: Found, text: Text
    ) -> list[Occurrence]:
        theirs, ours = self._signs[number]
        foreign = _sentences(theirs, found, text)
        if not foreign:
            return places
        own = _sentences(ours, found, text)
        return [
            place
            for place in places
            if (sentence := text.place(place.start).sentence) not in foreign or sentence in own
        ]

    def _numbers_of(self, entity: str) -> frozenset[int]:
        if (known := self._numbers.get(entity)) is None:
            names = self._aliases.entities[entity].all_names
            known = self._numbers[entity] = frozenset(map(self._names.add, names))
        return known

    def _sign_numbers(self, entity: str) -> list[int]:
        return [self._names.add(sign) for sign in self._aliases.entities[entity].signs]


def _sentences(numbers: Iterable[int], found: Found, text: Text) -> set[int]:
    return {text.place(place.start).sentence for number in numbers for place in found.get(number, ())}


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
