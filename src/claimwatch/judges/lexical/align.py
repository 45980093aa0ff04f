"""Does the text speak of the claim at all? Names, things, actions and other words, weighed."""

from __future__ import annotations

from dataclasses import dataclass

from claimwatch.judges.lexical.frame import Frame
from claimwatch.language.concepts import near
from claimwatch.language.reading import Reading, Sentence

NEAR = 0.6  # what a neighbouring concept counts


@dataclass(frozen=True, slots=True)
class Alignment:
    """How far the claim's parts occur (0..1 each); `words` only within one language."""

    names: float
    actor: bool
    things: float
    head_thing: float
    actions: float
    head_action: float
    words: float
    capitals: float
    aspects: bool


def _concept(wanted: str, present: frozenset[str]) -> float:
    if wanted in present:
        return 1.0
    return NEAR if near(wanted) & present else 0.0


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def align(
    frame: Frame, concepts: frozenset[str], names: frozenset[str], keys: frozenset[str], same_language: bool
) -> Alignment:
    """Return how the claim's frame occurs in a piece of text given by its concepts, names and word keys."""
    present = concepts | names
    things = [_concept(thing, present) for thing in frame.things]
    deeds = [_concept(deed, present) for deed in frame.deeds]
    actions = [_concept(action, present) for action in frame.actions]
    words = [1.0 if key in keys else 0.0 for key in frame.keys] if same_language else []
    capitals = [1.0 if key in keys else 0.0 for key in frame.capitals] if same_language else []
    wanted = ("occupied",) if "occupied" in frame.aspects else frame.aspects
    met = [_concept(aspect, present) > 0 for aspect in wanted]
    return Alignment(
        names=_mean([1.0 if name in names else 0.0 for name in frame.names]) if frame.names else 1.0,
        actor=not frame.names or frame.names[0] in names,
        things=_mean(things) if things else 1.0,
        head_thing=things[0] if things else 1.0,
        actions=max(actions) if actions else 1.0,
        head_action=deeds[0] if deeds else 1.0,
        words=_mean(words),
        capitals=_mean(capitals),
        aspects=any(met) if met else True,
    )


def around(
    reading: Reading, index: int, reach: int = 1
) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Return concepts, names and keys of a sentence with its neighbours."""
    concepts: set[str] = set()
    names: set[str] = set()
    keys: set[str] = set()
    for sentence in reading.sentences[max(0, index - reach) : index + reach + 1]:
        concepts.update(sentence.concepts)
        names.update(sentence.names)
        keys.update(sentence.keys)
    return frozenset(concepts), frozenset(names), frozenset(keys)


def own(sentence: Sentence) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Return concepts, names and keys of one sentence."""
    return frozenset(sentence.concepts), frozenset(sentence.names), sentence.keys
