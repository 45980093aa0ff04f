"""Does the text speak of the claim at all? Names, things, actions and other words, weighed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii
from rapidfuzz.fuzz import partial_ratio, ratio

from claimwatch.judges.lexical.cover import similar
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
    others: float  # names no lexicon knows
    plain: float  # words that are no names


def same_word(key: str, keys: frozenset[str]) -> bool:
    """True when the key, or one that begins alike ("Avaria", "Avarian"), is among the keys."""
    return key in keys or similar(key, keys)


@lru_cache(maxsize=20_000)
def _latin(key: str) -> str:
    return anyascii(key).lower()


def _named(group: tuple[str, ...], keys: frozenset[str], same_language: bool) -> bool:
    if any(same_word(key, keys) for key in group):
        return True
    if same_language:
        return False
    latin = [_latin(key) for key in keys]
    return any(
        len(wanted) >= 4
        and any(len(o) >= 3 and partial_ratio(wanted, o) >= 80 and ratio(wanted, o) >= 65 for o in latin)
        for wanted in map(_latin, group)
    )


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
    others = [1.0 if _named(group, keys, same_language) else 0.0 for group in frame.others]
    plain = [
        1.0
        if (same_language and same_word(key, keys))
        else max((_concept(m, present) for m in meaning), default=0.0)
        for key, meaning in frame.plain
        if same_language or meaning
    ]
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
        others=_mean(others) if others else 1.0,
        plain=_mean(plain) if plain else 0.0,
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
