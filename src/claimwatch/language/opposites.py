"""Words that exclude each other: opposites and members of one set."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from functools import lru_cache
from importlib import resources


class Opposites:
    """One language's opposites, looked up by word key (stem) or, with a star, by beginning."""

    def __init__(
        self, pairs: str, sets: dict[str, str], key_of: Callable[[str], str], any_ending: bool
    ) -> None:
        self._sides: dict[str, set[tuple[int, int]]] = {}
        self._stems: list[tuple[str, tuple[int, int]]] = []
        for number, line in enumerate(filter(None, (row.strip() for row in pairs.splitlines()))):
            for side, words in enumerate(line.split(" / ")):
                for word in words.split(","):
                    word = word.strip()
                    if word.endswith("*") or any_ending:
                        self._stems.append((word.removesuffix("*"), (number, side)))
                    else:
                        self._sides.setdefault(key_of(word), set()).add((number, side))
        self._beginnings = tuple(stem for stem, _ in self._stems)
        self._members: dict[str, str] = {}
        for name, words in sets.items():
            for word in words.split():
                self._members.setdefault(key_of(word), name)
        self._cache: dict[str, frozenset[tuple[int, int]]] = {}

    def sides(self, key: str) -> frozenset[tuple[int, int]]:
        """Return the (pair, side) places of a word key."""
        found = self._cache.get(key)
        if found is None:
            places = set(self._sides.get(key, ()))
            if key.startswith(self._beginnings):
                places.update(place for stem, place in self._stems if key.startswith(stem))
            found = frozenset(places)
            if len(self._cache) < 20_000:
                self._cache[key] = found
        return found

    def set_of(self, key: str) -> str | None:
        """Return the name of the set the word is a member of."""
        return self._members.get(key)

    def opposed(self, one: str, other: str) -> bool:
        """True when the two keys stand on different sides of one pair."""
        mine = self.sides(one)
        if not mine:
            return False
        return any((number, 1 - side) in self.sides(other) for number, side in mine)

    def alike(self, one: str, other: str) -> bool:
        """True when the two keys stand on the same side of one pair."""
        return bool(self.sides(one) & self.sides(other))


@lru_cache(maxsize=1)
def _data() -> dict[str, dict[str, object]]:
    path = resources.files("claimwatch.language").joinpath("lexicons", "opposites.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


@lru_cache(maxsize=32)
def opposites_for(language: str, key_of: Callable[[str], str]) -> Opposites:
    """Return the language's opposites; empty ones for a language without a list."""
    table = _data().get(language, {})
    sets = table.get("sets", {})
    return Opposites(
        str(table.get("pairs", "")), dict(sets) if isinstance(sets, dict) else {}, key_of, language == "ko"
    )
