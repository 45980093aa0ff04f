"""From what a model puts out to a stance: how much to trust which model.

The figures are cautious defaults for cross-encoders trained on MNLI and XNLI, which are known to be too sure of
themselves (Guo et al. 2017: a temperature of 1.5 to 2 mends it) and to call "contradiction" what merely tells of
something else; hence the higher bar there. Measure your model on your pairs with
`claimwatch eval --judge nli FILE` and set `temperature`, `supports` and `contradicts` in claimwatch.yaml.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp


@dataclass(frozen=True, slots=True)
class Calibration:
    """`temperature` flattens the logits; a stance needs the probability named after it."""

    temperature: float = 1.5
    supports: float = 0.75
    contradicts: float = 0.85


DEFAULT = Calibration()


def probabilities(logits: Sequence[float], temperature: float) -> list[float]:
    """Return the softmax of the logits divided by the temperature."""
    most = max(logits)
    weights = [exp((value - most) / temperature) for value in logits]
    total = sum(weights)
    return [weight / total for weight in weights]
