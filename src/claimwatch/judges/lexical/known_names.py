"""The alias book, as the judge reads it: what it calls by several names is one party to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from functools import lru_cache

from claimwatch.core.aliases import AliasBook, Entity
from claimwatch.core.matching.entities import EntityFinder
from claimwatch.language.lexicon import Lexicon, lexicon_for
from claimwatch.language.normalize import fold
from claimwatch.language.reading import KnownName


class KnownNames:
    """Says where names of the book stand in a sentence, and under which key the judge compares them.

    A party that the lexicons know keeps their key ("nk"), so that both vocabularies are one; any other has
    its id in the book. Common things ("missile") are left to the lexicons: an entry whose first name is
    written small is no name.
    """

    def __init__(self, aliases: AliasBook) -> None:
        self._apart = aliases.confusable
        self._entities = [entity for entity in aliases.entities.values() if _is_proper(entity.names)]
        self._finder = EntityFinder(aliases, self._entities)
        self._listed: set[str] = set()
        self._keys = lru_cache(maxsize=32)(self._keys_in)

    def __call__(self, sentence: str, language: str) -> list[KnownName]:
        """Return the names found; where several parties have one spelling and nothing tells them apart, none."""
        keys = self._keys(language)
        found: dict[tuple[int, int], set[str]] = {}
        for place in self._finder.find(sentence, language):
            found.setdefault((place.start, place.end), set()).add(keys[place.entity])
        told = [(span, parties.pop()) for span, parties in found.items() if len(parties) == 1]
        return [KnownName(*span, key, key in self._listed) for span, key in told]

    def rivals(self, names: Collection[str], language: str) -> frozenset[str]:
        """Return the keys of the parties that these must not be confused with."""
        keys = self._keys(language)
        return frozenset(
            keys[other]
            for entity, others in self._apart.items()
            if keys.get(entity) in names
            for other in others
            if other in keys
        )

    def _keys_in(self, language: str) -> dict[str, str]:
        keys: dict[str, str] = {}
        for entity in self._entities:
            taken = {keys[other] for other in self._apart.get(entity.id, ()) if other in keys}
            votes = [_vote(entity, lexicon_for(each), taken) for each in ("en", language)]
            key = votes[0] or votes[1]
            keys[entity.id] = key or entity.id
            if key:
                self._listed.add(key)
        return keys


def _is_proper(names: tuple[str, ...]) -> bool:
    first = names[0] if names else ""
    return first != first.lower() or first == first.upper()  # the latter: a writing without capitals


def _vote(entity: Entity, lexicon: Lexicon, taken: set[str]) -> str | None:
    """Return the key under which a lexicon knows most of an entity's names, leaving out keys of its rivals."""
    votes: Counter[str] = Counter()
    for name in entity.all_names:
        folded = fold(name)
        whole = (hit for hit in lexicon.scan(folded) if hit.section == "names")
        votes.update({hit.key for hit in whole if (hit.start, hit.end) == (0, len(folded))} - taken)
    return votes.most_common(1)[0][0] if votes else None
