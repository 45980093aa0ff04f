"""How rare a word is: what a shared word says of two texts' being about the same thing."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib import resources

_TIERS = {"most": 0.25, "many": 0.5, "some": 0.75}
RARE = 1.0
_FIGURE = 0.8


@lru_cache(maxsize=1)
def _tables() -> dict[str, dict[str, float]]:
    path = resources.files("claimwatch.language").joinpath("lexicons", "frequent.toml")
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        language: {stem: _TIERS[tier] for tier, stems in tiers.items() for stem in stems.split()}
        for language, tiers in data.items()
    }


@lru_cache(maxsize=32)
def _tiers(language: str) -> dict[str, float]:
    return _tables().get(language, {})


def rarity(key: str, language: str) -> float:
    """Return 0.25 for the commonest word keys of a language to 1.0 for those no list has; 0.8 for figures."""
    if key.isdigit():
        return _FIGURE
    return _tiers(language).get(key, RARE)
