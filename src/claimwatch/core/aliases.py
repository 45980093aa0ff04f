"""The alias book: what a thing is called, in every language, and what it must not be confused with.

Topics refer to an entry with `@north-korea`; the judge asks it who an actor is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from claimwatch.language.words import WORD, fold

_KEYS = frozenset({"names", "also_as_actor", "signs"})


@dataclass(frozen=True, slots=True)
class Entity:
    """One thing with its names.

    `also_as_actor` are names of something else that stand for it when it acts ("Pyongyang denies").
    `signs` are words that tell this thing from another of the same name ("submarine" for the ship Kursk).
    """

    id: str
    names: tuple[str, ...]
    also_as_actor: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()

    @property
    def all_names(self) -> tuple[str, ...]:
        return self.names + self.also_as_actor


@dataclass(frozen=True, slots=True)
class AliasBook:
    """All entities by id; `confusable` holds, for an id, the ids it must not be confused with."""

    entities: Mapping[str, Entity] = field(default_factory=dict)
    confusable: Mapping[str, frozenset[str]] = field(default_factory=dict)
    _by_name: Mapping[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict, repr=False)

    @classmethod
    def from_entries(
        cls,
        entries: Mapping[str, Mapping[str, Sequence[str]]],
        must_not_confuse: Iterable[Sequence[str]] = (),
    ) -> AliasBook:
        """Return the book of `{id: {names, also_as_actor, signs}}` and sets of ids not to be confused.

        Raises: ValueError, naming the entry and what is wrong with it.
        """
        entities: dict[str, Entity] = {}
        by_name: dict[tuple[str, ...], list[str]] = {}
        for entity_id, entry in entries.items():
            if unknown := sorted(set(entry) - _KEYS):
                raise ValueError(
                    f'{entity_id}: there is no key "{unknown[0]}"; known: {", ".join(sorted(_KEYS))}'
                )
            for key, values in entry.items():
                if isinstance(values, str) or not all(isinstance(v, str) and v.strip() for v in values):
                    raise ValueError(f"{entity_id}.{key}: a list of names is wanted")
            entity = Entity(
                entity_id,
                tuple(entry.get("names", ())),
                tuple(entry.get("also_as_actor", ())),
                tuple(entry.get("signs", ())),
            )
            if not entity.all_names:
                raise ValueError(f"{entity_id}: no names")
            entities[entity_id] = entity
            for name in entity.all_names:
                ids = by_name.setdefault(name_key(name), [])
                if entity_id not in ids:
                    ids.append(entity_id)
        confusable: dict[str, set[str]] = {}
        for ids_together in must_not_confuse:
            for entity_id in ids_together:
                if entity_id not in entities:
                    raise ValueError(f'must_not_confuse: there is no entry "{entity_id}"')
                confusable.setdefault(entity_id, set()).update(set(ids_together) - {entity_id})
        return cls(
            entities,
            {key: frozenset(others) for key, others in confusable.items()},
            {key: tuple(ids) for key, ids in by_name.items()},
        )

    def names_of(self, entity_id: str) -> tuple[str, ...]:
        """Return every name of an entity, those it has as an actor last.

        Raises: KeyError.
        """
        return self.entities[entity_id].all_names

    def entities_named(self, name: str) -> tuple[str, ...]:
        """Return the ids of the entities that have this very name, whatever its case and accents."""
        return self._by_name.get(name_key(name), ())

    def confusable_with(self, entity_id: str) -> frozenset[str]:
        """Return the ids of the entities this one must not be confused with."""
        return self.confusable.get(entity_id, frozenset())


def name_key(name: str) -> tuple[str, ...]:
    """Return a name's folded words: equal for names that differ in case, accents or punctuation only."""
    return tuple(folded for raw in WORD.findall(name) if (folded := fold(raw)))
