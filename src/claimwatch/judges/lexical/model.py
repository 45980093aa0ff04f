"""The small linear model: named features, printed coefficients, two questions (contradicts? supports?)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from math import exp

LANGUAGES = ("fr", "ko", "es", "ru")  # those with a set of their own to fit a shift of each coefficient for
STYLES = ("headline", "prose", "lead")
QUESTIONS = ("contradicts", "supports")


def style_of(values: dict[str, float]) -> str:
    """Headlines, one to three sentences, and longer leads are read by coefficients of their own."""
    if values["headline"]:
        return "headline"
    return "lead" if values["long_text"] >= 0.5 else "prose"


def with_language(values: dict[str, float], language: str, style: str) -> dict[str, float]:
    """Return the non-zero features, in prose once more under the language's name (its shift of the coefficient)."""
    found = {name: value for name, value in values.items() if value}
    if style == "prose" and language in LANGUAGES:
        found |= {f"{language}_{name}": value for name, value in found.items()}
        found[language] = 1.0
    return found


def key_of(style: str, language: str) -> str:
    """Return the name under which thresholds are kept: the style, in prose with the languages that have a set."""
    return f"{style}_{language}" if style == "prose" and language in LANGUAGES else style


@dataclass(frozen=True, slots=True)
class Linear:
    """One question's coefficients; `thresholds` are the probabilities from which the answer is yes, by `key_of`."""

    intercept: float
    weights: dict[str, float]
    thresholds: dict[str, float]

    def probability(self, values: dict[str, float]) -> float:
        total = self.intercept + sum(self.weights.get(name, 0.0) * value for name, value in values.items())
        if total > 30:
            return 1.0
        return 1 / (1 + exp(-total)) if total > -30 else 0.0

    def parts(self, values: dict[str, float]) -> list[tuple[str, float]]:
        """Return each feature's part of the sum, the greatest first: what `explain` shows."""
        parts = [(name, self.weights.get(name, 0.0) * value) for name, value in values.items()]
        return sorted(parts, key=lambda part: -abs(part[1]))


@lru_cache(maxsize=1)
def models() -> dict[tuple[str, str], Linear]:
    """Return the fitted models by (style, question), from the text file that `fit` writes."""
    path = resources.files("claimwatch.judges.lexical").joinpath("coefficients.toml")
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        (style, question): Linear(
            float(table["intercept"]),
            {name: float(value) for name, value in table["weights"].items()},
            {name: float(value) for name, value in table["thresholds"].items()},
        )
        for style, questions in data.items()
        for question, table in questions.items()
    }
