"""Finds that are really something else: "South Korea" is not a misspelt North Korea."""

from __future__ import annotations

from collections.abc import Iterable

from claimwatch.core.aliases import AliasBook
from claimwatch.core.matching.finds import Finds
from claimwatch.core.matching.namebook import NameBook
from claimwatch.core.matching.occurrences import Occurrence


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
        text, sense = self._names.texts[number], self._names.senses[number]
        own = (sense,) if sense else self._aliases.entities_named(text)
        for entity in own:
            for other in sorted(self._aliases.confusable_with(entity) - set(own)):
                self._set_against(number, entity, other)

    def standing(self, number: int, finds: Finds) -> list[Occurrence]:
        """Return the places of a name that stand: where no other name explains the text better."""
        places = finds.places(number)
        rivals = self._rivals.get(number)
        if not places or rivals is None:
            return places
        better = [place for rival in rivals & finds.possible for place in finds.places(rival)]
        if better:
            places = [place for place in places if not _explained(place, better)]
        for others, theirs, ours in self._ambiguous.get(number, ()):
            if not places:
                break
            foreign = _sentences(theirs, finds) - _sentences(ours, finds)
            if foreign:
                same = [place for other in others & finds.possible for place in finds.places(other)]
                places = [
                    place
                    for place in places
                    if finds.text.place(place.start).sentence not in foreign or not _overlaps(place, same)
                ]
        return places

    def _set_against(self, number: int, entity: str, other: str) -> None:
        """Let a name of `entity` give way to the names of `other`.

        A spelling both have cannot fit one of them better: there the signs decide.
        """
        theirs = self._numbers_of(other)
        shared = frozenset(
            rival for rival in theirs if entity in self._aliases.entities_named(self._names.texts[rival])
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


def _sentences(numbers: frozenset[int], finds: Finds) -> set[int]:
    places = (place for number in numbers & finds.possible for place in finds.places(number))
    return {finds.text.place(place.start).sentence for place in places}


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
        # A longer name in its own order; "launched missiles" is no "missile launch".
        whole = longer and other.start <= place.start and other.end >= place.end
        if whole and other.how in ("exact", "inflected"):
            return True
    return False
