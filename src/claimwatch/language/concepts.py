"""How the concepts that the lexicons name stand to each other: near, opposite, part of."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib import resources


@lru_cache(maxsize=1)
def _tables() -> tuple[frozenset[str], frozenset[str], dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    path = resources.files("claimwatch.language").joinpath("lexicons", "concepts.toml")
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    near = {key: frozenset(words.split()) for key, words in data["near"].items()}
    opposite = {key: frozenset(words.split()) for key, words in data["opposite"].items()}
    return frozenset(data["actions"].split()), frozenset(data["light"].split()), near, opposite


def is_action(concept: str) -> bool:
    """True for what somebody does, False for things."""
    return concept in _tables()[0]


def is_light(concept: str) -> bool:
    """True for concepts so frequent in news that sharing them says little."""
    return concept in _tables()[1]


def near(concept: str) -> frozenset[str]:
    """Concepts that, reported, still speak of this one."""
    return _tables()[2].get(concept, frozenset())


def opposite(concept: str) -> frozenset[str]:
    """Concepts that undo this one."""
    return _tables()[3].get(concept, frozenset())
