"""How good is a judge? Pure measures over (label, stance, confidence); macro-F1, precision, recall, false alarms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

# Which classes a set's scheme can score. "updates" is a class of its own only where labels have it: elsewhere a
# figure that changed without a denial counts as neutral, since that is what the judge says of the claim.
CLASSES = {
    "3way": ("supports", "contradicts", "neutral"),
    "4way": ("supports", "contradicts", "neutral"),
    "binary_contra": ("contradicts", "rest"),
    "binary_entail": ("supports", "rest"),
    "2way_sr": ("supports", "contradicts"),
    "unrelated": ("contradicts", "rest"),
    "news": ("supports", "contradicts", "updates", "neutral"),
}


@dataclass(frozen=True, slots=True)
class Judged:
    """One pair: its label, what the judge said, how sure it was; `accepted` are other labels counted right."""

    label: str
    stance: str
    confidence: float
    scheme: str = "3way"
    accepted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClassScore:
    """Precision, recall and F1 of one class, with how many had it as label."""

    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True, slots=True)
class Scores:
    """The measures of one set. `confusion` is (label, stance) -> count after folding to the scheme's classes."""

    scheme: str
    size: int
    accuracy: float
    macro_f1: float
    classes: dict[str, ClassScore]
    confusion: dict[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Rate:
    """False alarms per 1,000 with a 95 % Wilson interval, and the counts behind."""

    count: int
    size: int
    per_thousand: float
    low: float
    high: float


def folded(value: str, scheme: str) -> str:
    """Return the class that a label or stance counts as under the scheme."""
    classes = CLASSES[scheme]
    if value in classes:
        return value
    return "neutral" if "neutral" in classes else "rest"


def score(pairs: Sequence[Judged]) -> Scores:
    """Return the measures of pairs that share one scheme.

    Under `2way_sr` a stance that is neither of the two counts as a miss for the label and for no other class.
    """
    scheme = pairs[0].scheme if pairs else "3way"
    confusion: Counter[tuple[str, str]] = Counter()
    for pair in pairs:
        said = folded(pair.stance, scheme)
        label = folded(pair.label, scheme)
        if said in {folded(other, scheme) for other in pair.accepted}:
            label = said
        confusion[label, said] += 1
    classes: dict[str, ClassScore] = {}
    for name in CLASSES[scheme]:
        right = confusion[name, name]
        told = sum(count for (_, said), count in confusion.items() if said == name)
        support = sum(count for (label, _), count in confusion.items() if label == name)
        precision = right / told if told else 0.0
        recall = right / support if support else 0.0
        f1 = 2 * precision * recall / (precision + recall) if right else 0.0
        classes[name] = ClassScore(precision, recall, f1, support)
    present = [entry.f1 for entry in classes.values() if entry.support]
    right = sum(count for (label, said), count in confusion.items() if label == said)
    return Scores(
        scheme,
        len(pairs),
        right / len(pairs) if pairs else 0.0,
        sum(present) / len(present) if present else 0.0,
        classes,
        dict(confusion),
    )


def wilson(count: int, size: int, z: float = 1.96) -> tuple[float, float]:
    """Return the 95 % Wilson interval of a share as (low, high) in 0..1; (0, 1) of nothing."""
    if size == 0:
        return 0.0, 1.0
    share = count / size
    middle = share + z * z / (2 * size)
    spread = z * sqrt(share * (1 - share) / size + z * z / (4 * size * size))
    below = 1 + z * z / size
    return max(0.0, (middle - spread) / below), min(1.0, (middle + spread) / below)


def false_alarms(pairs: Iterable[Judged], alarming: Sequence[str] = ("contradicts",)) -> Rate:
    """Return how many of the pairs whose label is unrelated got an alarming stance."""
    unrelated = [pair for pair in pairs if pair.label == "unrelated"]
    count = sum(pair.stance in alarming for pair in unrelated)
    low, high = wilson(count, len(unrelated))
    size = len(unrelated)
    return Rate(count, size, 1000 * count / size if size else 0.0, 1000 * low, 1000 * high)


def precision_at_recall(
    pairs: Sequence[Judged], stance: str = "contradicts", steps: Sequence[float] = (0.1, 0.3, 0.5, 0.7, 0.9)
) -> list[tuple[float, float | None]]:
    """Return (recall step, precision there) for one stance, by falling confidence; None: never reached."""
    total = sum(pair.label == stance for pair in pairs)
    told = sorted((pair for pair in pairs if pair.stance == stance), key=lambda pair: -pair.confidence)
    found: list[tuple[float, float | None]] = []
    for step in steps:
        right = 0
        reached: float | None = None
        for place, pair in enumerate(told, start=1):
            right += pair.label == stance
            if total and right / total >= step:
                reached = right / place
                break
        found.append((step, reached))
    return found


def swapped(pairs: Iterable[Judged]) -> tuple[int, int]:
    """Return (supports and contradicts taken for each other, pairs labelled one of the two)."""
    either = [pair for pair in pairs if pair.label in ("supports", "contradicts")]
    opposite = {"supports": "contradicts", "contradicts": "supports"}
    wrong = sum(pair.stance == opposite[pair.label] and pair.stance not in pair.accepted for pair in either)
    return wrong, len(either)
