"""Fits the coefficients: `python -m claimwatch.judges.lexical.fit FOLDER` writes coefficients.toml beside this file.

FOLDER holds one folder a set with a dev.jsonl of labelled pairs. Prints cross-validated measures (by `group`, five
folds) before the fit on everything. Plain logistic regression by stochastic gradient descent, averaged; deterministic.
"""

from __future__ import annotations

import hashlib
import json
import random
import sys
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

from claimwatch.core.evaluation import Judged, false_alarms, score
from claimwatch.core.model import Claim
from claimwatch.judges.lexical.features import observe
from claimwatch.judges.lexical.frame import frame_of
from claimwatch.judges.lexical.model import QUESTIONS, STYLES, Linear, key_of, style_of, with_language
from claimwatch.language.detect import detect
from claimwatch.language.reading import read

# The sets that are fitted on, with the weight of one whole set; the others only test what was learned.
SETS = {
    "emergent": 1.5, "emergent_cross": 0.15, "fnc1": 0.7, "daccord_fr": 1.5, "rte3_fr": 1.0, "klue_nli_ko": 1.0,
    "inferes_es": 1.0, "vitaminc": 0.7, "fever_symmetric": 1.2, "terra_ru": 1.0, "breaking_nli": 0.7,
}  # fmt: skip
STEPS = [step / 100 for step in range(20, 72, 3)]  # thresholds that are tried on the cross-validated answers
PENALTY = 0.002  # of macro-F1 for each false contradiction in 1,000 unrelated pairs
Told = tuple["Row", float, float]
FOLDS = 5
EPOCHS = 30
RATE = 0.15
RIDGE = 2e-5


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled pair, observed."""

    dataset: str
    label: str
    scheme: str
    fold: int
    style: str
    key: str
    gate: bool
    values: dict[str, float]


def observe_file(path: Path, dataset: str) -> list[Row]:
    """Return the rows of one dev file."""
    rows = []
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            entry = json.loads(line)
            language = detect(entry["text"], entry["lang"])
            seen = observe(
                frame_of(Claim("c", "", entry["claim"], ""), language), read(entry["text"], language)
            )
            style = style_of(seen.values)
            fold = int(hashlib.sha256(entry["group"].encode()).hexdigest(), 16) % FOLDS
            values = with_language(seen.values, language or "en", style)
            rows.append(
                Row(
                    dataset,
                    entry["label"],
                    entry["scheme"],
                    fold,
                    style,
                    key_of(style, language or "en"),
                    bool(seen.values["gate"]),
                    values,
                )
            )
    return rows


def _usable(row: Row, question: str) -> bool:
    """A set that cannot tell a class apart does not teach its question."""
    return row.scheme != ("binary_entail" if question == "contradicts" else "binary_contra")


def fit(rows: list[Row], question: str, thresholds: dict[str, float]) -> Linear:
    """Return the coefficients for one question on the rows of one style."""
    usable = [row for row in rows if _usable(row, question)]
    sizes: dict[str, int] = {}
    for row in usable:
        sizes[row.dataset] = sizes.get(row.dataset, 0) + 1
    raw = [SETS[row.dataset] / sqrt(sizes[row.dataset]) for row in usable]
    mean = sum(raw) / len(raw)
    weights = dict.fromkeys(sorted({name for row in usable for name in row.values}), 0.0)
    gathered = dict.fromkeys(weights, 0.0)
    intercept = gathered_intercept = 0.0
    order = list(range(len(usable)))
    shuffle = random.Random(7)  # noqa: S311 - the order of the examples, nothing secret
    steps = 0
    for epoch in range(EPOCHS):
        shuffle.shuffle(order)
        rate = RATE / (1 + 0.3 * epoch)
        for index in order:
            row = usable[index]
            model = Linear(intercept, weights, {})
            error = (row.label == question) - model.probability(row.values)
            step = rate * error * raw[index] / mean
            intercept += step
            for name, value in row.values.items():
                weights[name] += step * value - rate * RIDGE * len(SETS) * weights[name]
        if epoch >= EPOCHS // 2:
            steps += 1
            gathered_intercept += intercept
            for name, value in weights.items():
                gathered[name] += value
    return Linear(
        gathered_intercept / steps, {name: value / steps for name, value in gathered.items()}, thresholds
    )


def answer(row: Row, contradicts: float, supports: float, thresholds: tuple[float, float]) -> str:
    """Return the stance for two probabilities; the gate stands before every contradiction."""
    if contradicts >= thresholds[0] and row.gate:
        return "contradicts"
    return "supports" if supports >= thresholds[1] else "neutral"


def cross_validate(rows: list[Row]) -> list[Told]:
    """Return every row with the two probabilities a model gave that had not seen its group."""
    found: list[Told] = []
    for style in STYLES:
        mine = [row for row in rows if row.style == style]
        for fold in range(FOLDS):
            train = [row for row in mine if row.fold != fold and row.dataset in SETS]
            fitted = {q: fit(train, q, {}) for q in QUESTIONS}
            found.extend(
                (
                    row,
                    fitted["contradicts"].probability(row.values),
                    fitted["supports"].probability(row.values),
                )
                for row in mine
                if row.fold == fold
            )
    return found


def _by_dataset(told: list[Told], thresholds: dict[str, tuple[float, float]]) -> dict[str, list[Judged]]:
    found: dict[str, list[Judged]] = {}
    for row, contradicts, supports in told:
        stance = answer(row, contradicts, supports, thresholds[row.key])
        found.setdefault(row.dataset, []).append(Judged(row.label, stance, 0.0, row.scheme))
    return found


def choose_thresholds(told: list[Told]) -> dict[str, tuple[float, float]]:
    """Return for each key the pair of thresholds with the best mean macro-F1 of the sets it decides."""
    found: dict[str, tuple[float, float]] = {}
    for key in sorted({row.key for row, _, _ in told}):
        mine = [entry for entry in told if entry[0].key == key]
        sizes: dict[str, int] = {}
        for row, _, _ in mine:
            sizes[row.dataset] = sizes.get(row.dataset, 0) + 1
        mine = [entry for entry in mine if sizes[entry[0].dataset] >= 150]
        best = (-1e9, (0.5, 0.5))
        for contradicts in STEPS[4:]:
            for supports in STEPS:
                value = 0.0
                judged = _by_dataset(mine, {key: (contradicts, supports)})
                for pairs in judged.values():
                    alarms = false_alarms(pairs)
                    value -= PENALTY * alarms.per_thousand
                    if pairs[0].scheme != "unrelated":
                        value += score(pairs).macro_f1
                best = max(best, (value, (contradicts, supports)))
        found[key] = best[1]
    return found


def report(told: list[Told], thresholds: dict[str, tuple[float, float]]) -> str:
    """Return one line a set."""
    lines = []
    for dataset, judged in _by_dataset(told, thresholds).items():
        scores = score(judged)
        classes = "  ".join(
            f"{name[:4]} {entry.precision:.2f}/{entry.recall:.2f}" for name, entry in scores.classes.items()
        )
        alarms = false_alarms(judged)
        unrelated = f"  false contradictions {alarms.count} of {alarms.size}" if alarms.size else ""
        lines.append(f"{dataset:16} macro-F1 {scores.macro_f1:.3f}  {classes}{unrelated}")
    return "\n".join(lines)


def write(path: Path, fitted: dict[tuple[str, str], Linear]) -> None:
    """Write the coefficients as a text file that people can read."""
    lines = ["# Written by `python -m claimwatch.judges.lexical.fit`; do not edit by hand.", ""]
    for (style, question), model in fitted.items():
        lines += [f"[{style}.{question}]", f"intercept = {model.intercept:.4f}", ""]
        lines += [f"[{style}.{question}.thresholds]"]
        lines += [f"{key} = {value}" for key, value in sorted(model.thresholds.items())] + [""]
        lines += [f"[{style}.{question}.weights]"]
        lines += [
            f"{name} = {value:.4f}" for name, value in sorted(model.weights.items()) if abs(value) >= 0.0005
        ]
        lines.append("")
    path.write_text("\n".join(lines), encoding="utf-8")


def main(folder: Path) -> None:
    """Observe, cross-validate, fit, write."""
    rows: list[Row] = []
    for dataset in SETS:
        rows.extend(observe_file(folder / dataset / "dev.jsonl", dataset))
    sys.stdout.write(f"{len(rows)} pairs; cross-validated by group:\n")
    told = cross_validate(rows)
    thresholds = choose_thresholds(told)
    sys.stdout.write(f"{report(told, thresholds)}\nthresholds (contradicts, supports): {thresholds}\n")
    fitted = {
        (style, question): fit(
            [row for row in rows if row.style == style],
            question,
            {
                key: pair[QUESTIONS.index(question)]
                for key, pair in thresholds.items()
                if key.startswith(style)
            },
        )
        for style in STYLES
        for question in QUESTIONS
    }
    write(Path(__file__).with_name("coefficients.toml"), fitted)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
