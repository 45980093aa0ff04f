"""Where the things of the alias book stand in a text: found by the same rules as the names of topics."""

from __future__ import annotations

from typing import NamedTuple

from claimwatch.core.aliases import AliasBook, Entity
from claimwatch.core.matching.confusion import Confusables
from claimwatch.core.matching.finds import Finds
from claimwatch.core.matching.namebook import NameBook
from claimwatch.core.matching.occurrences import RANK
from claimwatch.core.matching.text import Text
from claimwatch.core.model import Item


class EntityPlace(NamedTuple):
    """One entity in a text: characters from `start` to `end`."""

    start: int
    end: int
    entity: str


class EntityFinder:
    """Finds entities of an alias book, however inflected, spelled or transliterated.

    Typos do not count, nor names with a foreign word inside: "région russe de Koursk" also names Russia.

    What `must_not_confuse` sets apart stays apart: one spelling of two entities is told by their signs, and
    stands for both where no sign decides.
    """

    def __init__(self, aliases: AliasBook, entities: list[Entity]) -> None:
        """Raises: ValueError, when a name cannot be used."""
        self._names = NameBook(tight=True)
        self._confusables = Confusables(self._names, aliases)
        for entity in entities:
            for name in entity.all_names:
                self._confusables.guard(self._names.add(name, entity.id))
        self._wanted = {entity.id for entity in entities}
        self._names.settle()

    def find(self, text: str, language: str | None) -> list[EntityPlace]:
        """Return the places in order, the longest first of those that begin together."""
        finds = Finds(self._names, Text(Item("", content=text, language=language)))
        found = {
            EntityPlace(place.start, place.end, sense)
            for number in finds.possible
            if (sense := self._names.senses[number]) in self._wanted
            for place in self._confusables.standing(number, finds)
            if RANK[place.how] < RANK["typo"]
        }
        return sorted(found, key=lambda place: (place.start, -place.end, place.entity))
