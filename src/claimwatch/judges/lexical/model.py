"""The small linear model: named features, printed coefficients, two questions (contradicts? supports?)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from math import exp

LANGUAGES = ("fr", "ko", "es", "ru")  # those with a set of their own to fit a shift for
SHIFTED = ("cover", "polarity_turned")
QUESTIONS = ("contradicts", "supports")


def style_of(values: dict[str, float]) -> str:
    """Headlines are read by other coefficients than full sentences."""
    return "headline" if values["headline"] else "prose"


def with_language(values: dict[str, float], language: str, style: str) -> dict[str, float]:
    """Return the non-zero features, with the shifts of the language in prose."""
    found = {name: value for name, value in values.items() if value}
    if style == "prose" and language in LANGUAGES:
        found[f"{language}"] = 1.0
        for name in SHIFTED:
            if values[name]:
                found[f"{language}_{name}"] = values[name]
    return found


@dataclass(frozen=True, slots=True)
class Linear:
    """One question's coefficients; `threshold` is the probability from which the answer is yes."""

    intercept: float
    weights: dict[str, float]
    threshold: float

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
            {k: float(v) for k, v in table["weights"].items()},
            float(table["threshold"]),
        )
        for style, questions in data.items()
        for question, table in questions.items()
    }
