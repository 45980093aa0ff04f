"""Fits the small model: `python -m claimwatch.judges.lexical.fit FOLDER` writes coefficients.toml and trees.json here.

FOLDER holds one folder a set with a dev.jsonl of labelled pairs. Prints measures cross-validated by story (five folds)
before the fit on everything; `--measure` prints them only. Deterministic; needs numpy (extra `nli`).
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable
from math import sqrt
from pathlib import Path

import numpy as np

from claimwatch.core.evaluation import Judged, false_alarms, score
from claimwatch.judges.lexical.fit_methods import Array, Flags, boost, ridge
from claimwatch.judges.lexical.fit_rows import FOLDS, Row, load, vocabulary
from claimwatch.judges.lexical.model import KEYS, QUESTIONS, Linear, Question, Tree, features_of

# The sets that are fitted on, with the weight of one whole set.
SETS = {
    "emergent": 1.5, "emergent_cross": 0.5, "fnc1": 0.7, "daccord_fr": 1.5, "rte3_fr": 1.0, "klue_nli_ko": 1.0,
    "inferes_es": 1.0, "vitaminc": 0.7, "fever_symmetric": 1.2, "terra_ru": 1.0, "breaking_nli": 0.7,
}  # fmt: skip
OTHERS = {
    "emergent": 0.7,
    "fnc1": 0.3,
    "daccord_fr": 0.3,
    "vitaminc": 0.1,
}  # their unrelated pairs; the rest:
OTHER = 0.2
HARD = 3  # unrelated pairs that share a name weigh so much more
# What says whether two texts are about the same thing; nothing that turns one.
RELATED = frozenset(
    [
        "cover",
        "cover_text",
        "cover_first",
        "told_back",
        "order",
        "capitals",
        "missing",
        "names_missing",
        "plain_cover",
        "gate",
        "exact",
        "short_claim",
        "rare_cover_text",
        "rare_cover",
        "rare_shared",
        "known_shared",
        "rare_one",
        "rare_two",
        "names_one",
        "names_two",
        "has_names",
        "anchors",
        "anchors_known",
        "lost_rare",
        "lost_rarest",
        "rare_told_back",
        "lost_capital",
        "fresh_capital",
        "letters_text",
        "letters",
        "letters_back",
        "in_order",
        "first_word",
        "last_word",
        "disorder",
        "claim_length",
        "text_length",
    ]
)
COMMON, OWN = 3.0, 5.0  # how strongly coefficients are drawn: all keys' to 0, a key's own to those of all
OWN_RELATED = 10.0
STEPS = [0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6]  # thresholds tried on the cross-validated answers
RELATED_STEPS = [0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6, 0.7]
# What a false contradiction in 1,000 unrelated pairs costs, of macro-F1; pairs made here are harder than any news.
PENALTY, PENALTY_OTHER = 0.002, 0.0002
COUNTED = {
    "breaking_nli": 0.3,
    "fever_symmetric": 1.5,
    "rte3_fr": 0.7,
}  # of a set's macro-F1 in choosing; else 1
Thresholds = dict[str, dict[str, float]]  # key -> question -> probability from which the answer is yes


class Table:
    """The rows as columns of figures, with each row's key, labels and weight."""

    def __init__(self, rows: list[Row]) -> None:
        words = vocabulary(rows)
        told = [features_of(row.values, row.key, row.said, words.get(row.key, frozenset())) for row in rows]
        self.rows = rows
        self.plain = sorted({name for row in rows for name in row.values})
        self.words = {
            key: sorted({n for values, row in zip(told, rows, strict=True) if row.key == key for n in values}
                        - set(self.plain) - {key})
            for key in KEYS
        }  # fmt: skip
        self.keys = np.array([row.key for row in rows])
        self.related = np.array([row.related for row in rows])
        self.values = _columns(told, self.plain)
        self.worded = {
            key: _columns((v for v, row in zip(told, rows, strict=True) if row.key == key), names)[:, 1:]
            for key, names in self.words.items()
        }
        self.keyed = np.hstack([self.values[:, 1:], *[(self.keys == key)[:, None] for key in KEYS]])
        sizes = Counter(row.dataset for row in rows)
        weights = np.array([_weight(row.dataset) / sqrt(sizes[row.dataset]) for row in rows])
        self.weights: Array = np.asarray(weights / weights.mean(), dtype=np.float64)

    def labels(self, question: str) -> Array:
        told = [row.related if question == "related" else row.label == question for row in self.rows]
        return np.array(told, dtype=np.float64)

    def usable(self, question: str) -> Flags:
        """Rows that can teach the question: a set that cannot tell a class apart does not teach it."""
        if question == "related":
            return np.ones(len(self.rows), dtype=np.bool_)
        blind = "binary_entail" if question == "contradicts" else "binary_contra"
        return np.array([row.related and row.scheme != blind for row in self.rows])

    def question_weights(self, question: str) -> Array:
        if question != "related":
            return self.weights
        harder = np.array([HARD if row.source.endswith(":hard") else 1 for row in self.rows])
        weights = np.asarray(self.weights * harder, dtype=np.float64)
        balance = weights[~self.related].sum() / weights[self.related].sum()
        return np.asarray(weights * np.where(self.related, balance, 1), dtype=np.float64)


def _weight(dataset: str) -> float:
    kind, _, name = dataset.rpartition(":")
    return OTHERS.get(name, OTHER) if kind else SETS[name]


def _columns(told: Iterable[dict[str, float]], names: list[str]) -> Array:
    place = {name: index for index, name in enumerate(names, start=1)}
    lines = list(told)
    table = np.zeros((len(lines), len(names) + 1))
    table[:, 0] = 1
    for number, values in enumerate(lines):
        for name, value in values.items():
            if name in place:
                table[number, place[name]] = value
    return table


def fit_linear(table: Table, question: str, train: Flags) -> dict[str, Linear]:
    """Return the coefficients by key: what all keys share, drawn to what the key's own rows say."""
    related = question == "related"
    kept = [0, *(i for i, n in enumerate(table.plain, start=1) if not related or n in RELATED)]
    names = [table.plain[i - 1] for i in kept[1:]]
    values, labels, weights = table.values[:, kept], table.labels(question), table.question_weights(question)
    train = train & table.usable(question)
    shared = ridge(values[train], labels[train], weights[train] / weights[train].mean(), COMMON)
    found = {}
    for key in KEYS:
        mine = train & (table.keys == key)
        words = [] if related else table.words[key]
        columns, prior = values[mine], shared
        if words:
            columns = np.hstack([columns, table.worded[key][mine[table.keys == key]]])
            prior = np.concatenate([shared, np.zeros(len(words))])
        own = ridge(columns, labels[mine], weights[mine] / weights[mine].mean(),
                    OWN_RELATED if related else OWN, prior)  # fmt: skip
        weighed = {n: round(float(v), 4) for n, v in zip([*names, *words], own[1:], strict=True)}
        found[key] = Linear(round(float(own[0]), 4), {n: v for n, v in weighed.items() if abs(v) >= 0.0005})
    return found


def fit_trees(table: Table, question: str, train: Flags) -> list[Tree]:
    """Return the trees of a question; how a text is related is told by coefficients alone."""
    if question == "related":
        return []
    mine = train & table.usable(question)
    weights = table.weights[mine] / table.weights[mine].mean()
    return boost(table.keyed[mine], [*table.plain, *KEYS], table.labels(question)[mine], weights)


def fit(table: Table, train: Flags) -> dict[str, Question]:
    """Return the questions fitted on the rows marked."""
    return {q: Question(fit_linear(table, q, train), {}, fit_trees(table, q, train)) for q in QUESTIONS}


def answers(table: Table, questions: dict[str, Question], rows: Flags) -> dict[str, Array]:
    """Return each question's probability for the rows marked, 0 for the others."""
    found = {}
    for question, entry in questions.items():
        told = np.zeros(len(table.rows))
        for index in np.flatnonzero(rows):
            row = table.rows[index]
            words = frozenset(name.removeprefix("word ") for name in table.words[row.key])
            told[index] = entry.probability(features_of(row.values, row.key, row.said, words), row.key)
        found[question] = told
    return found


def cross_validate(table: Table) -> dict[str, Array]:
    """Return each question's probability for every row, from a fit that had not seen its story."""
    folds = np.array([row.fold for row in table.rows])
    found = {question: np.zeros(len(table.rows)) for question in QUESTIONS}
    for fold in range(FOLDS):
        told = answers(table, fit(table, folds != fold), folds == fold)
        found = {question: found[question] + told[question] for question in QUESTIONS}
    return found


def stances(told: dict[str, Array], limits: dict[str, float]) -> list[str]:
    """Return the stances for probabilities: what is told needs to be related, what is denied twice as surely."""
    against = (told["related"] >= limits["related"]) & (told["contradicts"] >= limits["contradicts"])
    support = (told["related"] >= limits["related"] / 2) & (told["supports"] >= limits["supports"])
    return [
        "contradicts" if a else "supports" if s else "neutral" for a, s in zip(against, support, strict=True)
    ]


def _judged(rows: list[Row], said: list[str]) -> dict[str, list[Judged]]:
    found: dict[str, list[Judged]] = {}
    for row, stance in zip(rows, said, strict=True):
        name = row.source if row.source.endswith(":hard") else row.dataset
        found.setdefault(name, []).append(Judged(row.label, stance, 0.0, row.scheme))
    return found


def _worth(rows: list[Row], told: dict[str, Array], limits: dict[str, float]) -> float:
    """Return the macro-F1 of the sets, summed, less what false contradictions cost."""
    value = 0.0
    for dataset, pairs in _judged(rows, stances(told, limits)).items():
        price = PENALTY_OTHER if dataset.startswith("other:") else PENALTY
        value -= price * false_alarms(pairs).per_thousand
        if pairs[0].scheme != "unrelated":
            value += COUNTED.get(dataset, 1.0) * score(pairs).macro_f1
    return value


def choose_thresholds(table: Table, told: dict[str, Array]) -> Thresholds:
    """Return for each key the thresholds with the best macro-F1 of its sets, less what false alarms cost."""
    found: Thresholds = {}
    for key in KEYS:
        places = [i for i, row in enumerate(table.rows) if row.key == key]
        sizes = Counter(table.rows[i].dataset for i in places)
        places = [i for i in places if sizes[table.rows[i].dataset] >= 100]
        rows = [table.rows[i] for i in places]
        mine = {question: values[places] for question, values in told.items()}
        limits = {"related": 0.3, "contradicts": 0.5, "supports": 0.4}
        for _ in range(2):  # contradictions first, then supports, and once more with what was found
            tried = [{**limits, "related": r, "contradicts": c} for r in RELATED_STEPS for c in STEPS]
            limits = max(tried, key=lambda some: _worth(rows, mine, some))
            tried = [{**limits, "supports": s} for s in STEPS]
            limits = max(tried, key=lambda some: _worth(rows, mine, some))
        found[key] = limits
    return found


def report(table: Table, told: dict[str, Array], thresholds: Thresholds) -> str:
    """Return one line a set."""
    said = [""] * len(table.rows)
    for key, limits in thresholds.items():
        places = np.flatnonzero(table.keys == key)
        for place, stance in zip(
            places, stances({q: v[places] for q, v in told.items()}, limits), strict=True
        ):
            said[place] = stance
    lines = []
    for dataset, judged in _judged(table.rows, said).items():
        scores = score(judged)
        classes = "  ".join(
            f"{name[:4]} {entry.precision:.2f}/{entry.recall:.2f}" for name, entry in scores.classes.items()
        )
        alarms, praise = false_alarms(judged), false_alarms(judged, ("supports",))
        unrelated = f"  unrelated: {alarms.count} contradicts, {praise.count} supports of {alarms.size}"
        lines.append(
            f"{dataset:22} macro-F1 {scores.macro_f1:.3f}  {classes}{unrelated if alarms.size else ''}"
        )
    return "\n".join(lines)


def write(folder: Path, questions: dict[str, Question], thresholds: Thresholds) -> None:
    """Write the model as two text files that people can read: one line a coefficient, one line a tree."""
    lines = ["# Written by `python -m claimwatch.judges.lexical.fit`; do not edit by hand.", ""]
    for question, entry in questions.items():
        for key, linear in entry.linear.items():
            lines += [f"[{question}.{key}]", f"threshold = {thresholds[key][question]}"]
            lines += [f"intercept = {linear.intercept}", "", f"[{question}.{key}.weights]"]
            lines += [
                f"{json.dumps(name, ensure_ascii=False)} = {value}" for name, value in linear.weights.items()
            ]
            lines.append("")
    folder.joinpath("coefficients.toml").write_text("\n".join(lines), encoding="utf-8")
    grown = [
        f"{json.dumps(question)}: [\n" + ",\n".join(map(json.dumps, entry.trees)) + "]"
        for question, entry in questions.items()
        if entry.trees
    ]
    folder.joinpath("trees.json").write_text("{" + ",\n".join(grown) + "}\n", encoding="utf-8")


def main(arguments: list[str]) -> None:
    """Observe, cross-validate, fit, write."""
    table = Table(load(Path(arguments[0]), list(SETS)))
    sys.stdout.write(f"{len(table.rows)} pairs; cross-validated by story:\n")
    told = cross_validate(table)
    thresholds = choose_thresholds(table, told)
    sys.stdout.write(f"{report(table, told, thresholds)}\nthresholds: {json.dumps(thresholds, indent=1)}\n")
    if "--measure" not in arguments:
        everything = np.ones(len(table.rows), dtype=np.bool_)
        write(Path(__file__).parent, fit(table, everything), thresholds)


if __name__ == "__main__":
    main(sys.argv[1:])
