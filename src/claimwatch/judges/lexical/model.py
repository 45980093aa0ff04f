"""The small model: named features, printed coefficients and trees; three questions (related? contradicts? supports?).

Each answer is a probability from a sum: an intercept, a coefficient a feature, and what small decision trees add.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from math import exp

LANGUAGES = ("fr", "ko", "es", "ru")  # those with a set of their own to fit coefficients on
KEYS = ("headline", "lead", "prose", *(f"prose_{language}" for language in LANGUAGES))
QUESTIONS = ("related", "contradicts", "supports")
WORD = "word "  # before the name of a feature that is a word of the text
Tree = float | list["Tree | str"]  # a number, or [feature, cut, tree up to the cut, tree above it]


def key_of(values: dict[str, float], language: str) -> str:
    """Return which coefficients read the pair: headlines, longer leads, or prose (of a language that has a set)."""
    if values.get("headline"):
        return "headline"
    if values.get("long_text", 0.0) >= 0.5:
        return "lead"
    return f"prose_{language}" if language in LANGUAGES else "prose"


def chance(total: float) -> float:
    """Return the probability for a sum of parts (a logit)."""
    if total > 30:
        return 1.0
    return 1 / (1 + exp(-total)) if total > -30 else 0.0


@dataclass(frozen=True, slots=True)
class Linear:
    """An intercept and a coefficient a feature."""

    intercept: float
    weights: dict[str, float]

    def total(self, values: dict[str, float]) -> float:
        weights = self.weights
        return self.intercept + sum(
            [weights[name] * value for name, value in values.items() if name in weights]
        )


def trees_total(trees: list[Tree], values: dict[str, float]) -> float:
    """Return the sum of what the trees say of the values."""
    total = 0.0
    get = values.get  # this loop is the dearest of a judgement
    for tree in trees:
        while isinstance(tree, list):
            name, cut, below, above = tree
            tree = below if get(name, 0.0) <= cut else above  # type: ignore[arg-type, operator, assignment]
        total += tree
    return total


def mean_of(tree: Tree) -> float:
    """Return the plain mean of what a tree may say, half of it on each side of each question."""
    if not isinstance(tree, list):
        return tree
    return (mean_of(tree[2]) + mean_of(tree[3])) / 2  # type: ignore[arg-type]


def tree_parts(
    tree: Tree, values: dict[str, float], mean: Callable[[Tree], float] = mean_of
) -> list[tuple[str, float]]:
    """Return each feature's part of what a tree says: how far its question moved the mean of what was left.

    The parts and the mean of the whole tree add up to what the tree says.
    """
    found = []
    before = mean(tree)
    while isinstance(tree, list):
        name, cut, below, above = tree
        tree = below if values.get(name, 0.0) <= cut else above  # type: ignore[arg-type, operator, assignment]
        after = mean(tree) if isinstance(tree, list) else tree
        found.append((str(name), after - before))
        before = after
    return found


@dataclass(frozen=True, slots=True)
class Question:
    """One yes-or-no question. With trees, the sum is the mean of the linear part and of what the trees add up to."""

    linear: dict[str, Linear]
    thresholds: dict[str, float]
    trees: list[Tree] = field(default_factory=list)
    means: dict[int, float] = field(default_factory=dict, repr=False, compare=False)  # by the id of a subtree

    def probability(self, values: dict[str, float], key: str) -> float:
        """Return how likely the answer is yes."""
        total = self.linear[key].total(values)
        if self.trees:
            total = (total + trees_total(self.trees, values)) / 2
        return chance(total)

    def parts(self, values: dict[str, float], key: str) -> list[tuple[str, float]]:
        """Return each feature's part of the sum, the greatest first: what `explain` shows."""
        share = 0.5 if self.trees else 1.0
        weights = self.linear[key].weights
        found = {name: share * weights.get(name, 0.0) * value for name, value in values.items()}
        for tree in self.trees:
            for name, part in tree_parts(tree, values, self._mean):
                found[name] = found.get(name, 0.0) + part / 2
        return sorted(found.items(), key=lambda entry: (-abs(entry[1]), entry[0]))

    def _mean(self, tree: Tree) -> float:
        """Return `mean_of`, looked up where it was asked before: it goes through all that is below."""
        known = self.means.get(id(tree))
        if known is None:
            known = self.means[id(tree)] = mean_of(tree)
        return known


@dataclass(frozen=True, slots=True)
class Model:
    """The fitted questions and, a key, the words whose presence counts by itself."""

    questions: dict[str, Question]
    words: dict[str, frozenset[str]]


def features_of(
    values: dict[str, float], key: str, said: set[str], known: frozenset[str]
) -> dict[str, float]:
    """Return the values with the key and the known words of the text as features of their own."""
    return {**values, key: 1.0, **{WORD + word: 1.0 for word in sorted(said & known)}}


def read_model(coefficients: str, trees: str) -> Model:
    """Return the model that the two text files hold."""
    data = tomllib.loads(coefficients)
    grown = json.loads(trees)
    questions = {}
    words: dict[str, set[str]] = {}
    for question, keys in data.items():
        linear = {
            key: Linear(float(table["intercept"]), {n: float(v) for n, v in table["weights"].items()})
            for key, table in keys.items()
        }
        thresholds = {key: float(table["threshold"]) for key, table in keys.items()}
        questions[question] = Question(linear, thresholds, grown.get(question, []))
        for key, entry in linear.items():
            words.setdefault(key, set()).update(n[len(WORD) :] for n in entry.weights if n.startswith(WORD))
    return Model(questions, {key: frozenset(entries) for key, entries in words.items()})


@lru_cache(maxsize=1)
def model() -> Model:
    """Return the fitted model, from the text files that `fit` writes."""
    folder = resources.files("claimwatch.judges.lexical")
    return read_model(
        folder.joinpath("coefficients.toml").read_text(encoding="utf-8"),
        folder.joinpath("trees.json").read_text(encoding="utf-8"),
    )
