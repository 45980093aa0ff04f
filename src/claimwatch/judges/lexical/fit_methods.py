"""Ridge logistic regression by Newton's method, and boosted trees: how the small model is found. Needs numpy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from claimwatch.judges.lexical.model import Tree

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
BINS = 32


def chances(totals: Array) -> Array:
    """Return the probabilities of logits."""
    return np.asarray(1 / (1 + np.exp(-np.clip(totals, -30, 30))), dtype=np.float64)


def ridge(table: Array, labels: Array, weights: Array, penalty: float, prior: Array | None = None) -> Array:
    """Return the coefficients of a logistic regression, drawn towards `prior` (0 without one).

    The first column is the intercept, which is hardly drawn.
    """
    towards = np.zeros(table.shape[1]) if prior is None else prior
    found = towards.copy()
    draw = np.full(table.shape[1], penalty)
    draw[0] = 1e-3
    for _ in range(12):
        told = chances(table @ found)
        slope = table.T @ (weights * (told - labels)) + draw * (found - towards)
        bend = (table.T * (weights * told * (1 - told))) @ table + np.diag(draw)
        step = np.linalg.solve(bend, slope)
        found = found - step
        if np.abs(step).max() < 1e-3:
            break
    return found


@dataclass(frozen=True, slots=True)
class Boosting:
    """How trees are grown; the values were chosen by cross-validation."""

    trees: int = 120
    leaves: int = 8
    rate: float = 0.07
    least: int = 25  # pairs in a leaf
    draw: float = 5.0
    rows: float = 0.8  # share of the pairs a tree sees
    columns: float = 0.6  # share of the features a tree may ask


@dataclass(slots=True)
class _Leaf:
    rows: NDArray[np.int64]
    gradient: float
    weight: float
    gain: float = 0.0
    column: int = -1
    cut: int = 0


def boost(
    table: Array, names: list[str], labels: Array, weights: Array, how: Boosting | None = None
) -> list[Tree]:
    """Return trees whose sum is the logit; each corrects what those before it got wrong. Deterministic.

    The first tree is the logit of the mean label.
    """
    how = how or Boosting()
    cuts = [_cuts(table[:, column]) for column in range(table.shape[1])]
    binned = np.stack(
        [np.searchsorted(cut, table[:, column], side="left") for column, cut in enumerate(cuts)], axis=1
    )
    chosen = np.random.default_rng(7)
    mean = float(np.average(labels, weights=weights))
    start = float(np.log(mean / (1 - mean)))
    totals = np.full(len(labels), start)
    found: list[Tree] = [round(start, 4)]
    for _ in range(how.trees):
        told = chances(totals)
        gradient, bend = weights * (told - labels), weights * told * (1 - told)
        rows = np.flatnonzero(chosen.random(len(labels)) < how.rows)
        columns = np.sort(
            chosen.choice(table.shape[1], max(1, int(how.columns * table.shape[1])), replace=False)
        )
        leaves, splits = _grow(binned, rows, columns, gradient, bend, how)
        tree = _as_tree(0, splits, leaves, names, cuts, how)
        found.append(tree)
        totals += _apply(0, splits, leaves, binned, how)
    return found


def _cuts(column: Array) -> Array:
    """Return where a feature may be cut: between its values, or its quantiles when it has many."""
    values = np.unique(column)
    if len(values) > BINS:
        values = np.unique(np.quantile(column, np.linspace(0, 1, BINS)))
    return np.asarray(np.round((values[1:] + values[:-1]) / 2, 4), dtype=np.float64)


def _grow(
    binned: NDArray[np.int64], rows: NDArray[np.int64], columns: NDArray[np.int64], gradient: Array, bend: Array,
    how: Boosting,
) -> tuple[dict[int, _Leaf], dict[int, tuple[int, int, int, int]]]:  # fmt: skip
    """Split the leaf that gains most until there are enough; return leaves and splits by node number."""
    leaves = {0: _best(binned, rows, columns, gradient, bend, how)}
    splits: dict[int, tuple[int, int, int, int]] = {}
    while len(leaves) < how.leaves:
        node = max(leaves, key=lambda number: leaves[number].gain)
        leaf = leaves[node]
        if leaf.gain <= 1e-6:
            break
        below = binned[leaf.rows, leaf.column] <= leaf.cut
        number = 2 * len(splits) + 1
        splits[node] = (leaf.column, leaf.cut, number, number + 1)
        del leaves[node]
        leaves[number] = _best(binned, leaf.rows[below], columns, gradient, bend, how)
        leaves[number + 1] = _best(binned, leaf.rows[~below], columns, gradient, bend, how)
    return leaves, splits


def _best(
    binned: NDArray[np.int64], rows: NDArray[np.int64], columns: NDArray[np.int64], gradient: Array, bend: Array,
    how: Boosting,
) -> _Leaf:  # fmt: skip
    """Return the leaf of these rows with the best way to split it."""
    size = len(columns)
    code = (binned[np.ix_(rows, columns)] + BINS * np.arange(size)).ravel()

    def sums(values: Array | None) -> Array:
        told = None if values is None else np.repeat(values[rows], size)
        table = np.bincount(code, told, BINS * size).reshape(size, BINS)
        return np.asarray(np.cumsum(table, axis=1), dtype=np.float64)

    slope, weight, count = sums(gradient), sums(bend), sums(None)
    leaf = _Leaf(rows, float(slope[0, -1]), float(weight[0, -1]))
    left = slope**2 / (weight + how.draw)
    right = (leaf.gradient - slope) ** 2 / (leaf.weight - weight + how.draw)
    gain = left + right - leaf.gradient**2 / (leaf.weight + how.draw)
    gain[(count < how.least) | (len(rows) - count < how.least)] = -1
    place = int(np.argmax(gain))
    leaf.gain = float(gain.ravel()[place])
    leaf.column, leaf.cut = int(columns[place // BINS]), place % BINS
    return leaf


def _value(leaf: _Leaf, how: Boosting) -> float:
    return round(-how.rate * leaf.gradient / (leaf.weight + how.draw), 4)


def _as_tree(
    node: int, splits: dict[int, tuple[int, int, int, int]], leaves: dict[int, _Leaf], names: list[str],
    cuts: list[Array], how: Boosting,
) -> Tree:  # fmt: skip
    if node not in splits:
        return _value(leaves[node], how)
    column, cut, below, above = splits[node]
    return [names[column], float(cuts[column][cut]), _as_tree(below, splits, leaves, names, cuts, how),
            _as_tree(above, splits, leaves, names, cuts, how)]  # fmt: skip


def _apply(
    node: int, splits: dict[int, tuple[int, int, int, int]], leaves: dict[int, _Leaf],
    binned: NDArray[np.int64], how: Boosting,
) -> Array:  # fmt: skip
    if node not in splits:
        return np.full(len(binned), _value(leaves[node], how))
    column, cut, below, above = splits[node]
    return np.asarray(
        np.where(
            binned[:, column] <= cut,
            _apply(below, splits, leaves, binned, how),
            _apply(above, splits, leaves, binned, how),
        ),
        dtype=np.float64,
    )
