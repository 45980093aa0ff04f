"""What one rule found: a stance with the words that prove it, before everything is weighed."""

from __future__ import annotations

from dataclasses import dataclass

from claimwatch.core.model import Change, Stance
from claimwatch.language.reading import Sentence


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule's answer. `strength` is 0..1 and comparable between rules only roughly."""

    stance: Stance
    strength: float
    rule: str
    reason: str
    sentence: Sentence
    marks: tuple[str, ...] = ()
    form: str | None = None
    change: Change | None = None
    speaker: str | None = None
