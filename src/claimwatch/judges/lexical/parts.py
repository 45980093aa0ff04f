"""Why the fitted model answers as it does: each feature's part of each question's sum, in lines to read."""

from __future__ import annotations

from claimwatch.core.model import Claim
from claimwatch.judges.lexical.claimed import frame_of
from claimwatch.judges.lexical.decision import weigh
from claimwatch.judges.lexical.model import QUESTIONS
from claimwatch.language.detect import detect
from claimwatch.language.reading import NameFinder, read

MOST = 8  # features of a question that are named; the others' parts are summed
LEAST = 0.05  # parts of the sum (a logit) below this are never named


def parts_in_words(
    claim: Claim, text: str, language: str | None, known: NameFinder | None = None
) -> list[str]:
    """Return one line a question: its probability, from where it counts, and the features that made it.

    Empty when claim and text have no common language: then rules alone decide. Rules that found their words come
    before the model in any case; `Assessment.reasons` says who decided.
    """
    code = detect(text, language)
    weighed = weigh(frame_of(claim, code, known), read(text, code, known))
    if weighed is None:
        return []
    lines = []
    for question in QUESTIONS:
        parts = weighed.parts(question)
        named = [(name, part) for name, part in parts if abs(part) >= LEAST][:MOST]
        rest = sum(part for _, part in parts) - sum(part for _, part in named)
        told = ", ".join(f"{name.replace('_', ' ')} {part:+.2f}" for name, part in named)
        lines.append(
            f"{question} {weighed.chance(question):.2f} ({weighed.key}, counts from "
            f"{weighed.limits[question]:.2f}): {told}, all others {rest:+.2f}"
        )
    return lines
