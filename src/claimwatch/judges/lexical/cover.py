"""How much of a claim's sentence a text has: word by word, weighed, in order, and letter by letter."""

from __future__ import annotations

import itertools
import re
from functools import lru_cache

from claimwatch.language.frequency import rarity
from claimwatch.language.opposites import Opposites
from claimwatch.language.reading import Sentence, Word

Sides = set[tuple[int, int]]
_BETWEEN = re.compile(r"\W+")


def similar(key: str, keys: frozenset[str]) -> bool:
    """True when one of the keys begins as this one does ("production", "producer")."""
    size = len(key)
    if size < 5:
        return False
    head = key[: max(4, (size * 3) // 4)]
    for other in keys:  # noqa: SIM110 - a loop, not `any`: half the time of the whole feature
        if other.startswith(head) and abs(len(other) - size) <= 4:
            return True
    return False


def matched(
    claim: Sentence, keys: frozenset[str], meanings: frozenset[str], opposites: Opposites, grouped: Sides
) -> dict[str, float]:
    """Return for each of the claim's word keys how well the keys of a text have it (0..1)."""
    found: dict[str, float] = {}
    for word in claim.words:
        key = word.key
        if key in found:
            continue
        if key in keys:
            found[key] = 1.0
        elif opposites.sides(key) & grouped:
            found[key] = 0.9
        elif similar(key, keys):
            found[key] = 0.85
        elif claim.meaning.get(key, frozenset()) & meanings:
            found[key] = 0.8
        else:
            found[key] = 0.0
    return found


def weight(word: Word) -> float:
    """Return what a word counts: names and long words more."""
    if word.key.isdigit():
        return 0.6
    value = 0.5 + min(len(word.key), 8) / 16
    return value * 1.4 if word.capital else value


def cover(words: list[Word], found: dict[str, float]) -> float:
    """Return the share of the words that were found, by `weight`."""
    total = sum(map(weight, words))
    return sum(weight(word) * found[word.key] for word in words) / total if total else 0.0


def rare_cover(words: list[Word], found: dict[str, float], language: str) -> float:
    """Return the share of the words that were found, by how rare they are in the language."""
    total = sum(rarity(word.key, language) for word in words)
    return sum(rarity(word.key, language) * found[word.key] for word in words) / total if total else 0.0


def sides_of(sentence: Sentence, opposites: Opposites) -> Sides:
    """Return the sides of the pairs of opposites that the sentence names."""
    return {place for key in sentence.keys for place in opposites.sides(key)}


def meanings_of(sentence: Sentence) -> frozenset[str]:
    """Return the concepts and names of the sentence's words."""
    return frozenset(value for values in sentence.meaning.values() for value in values)


def neighbours(claim: Sentence, sentence: Sentence) -> float:
    """Share of the claim's neighbouring word pairs that are neighbours (within two) in the sentence."""
    keys = [word.key for word in claim.words]
    if len(keys) < 2:
        return 0.0
    place: dict[str, list[int]] = {}
    for index, word in enumerate(sentence.words):
        place.setdefault(word.key, []).append(index)
    hits = 0
    for one, two in itertools.pairwise(keys):
        hits += any(0 < b - a <= 2 for a in place.get(one, ()) for b in place.get(two, ()))
    return hits / (len(keys) - 1)


def in_order(claim: list[str], said: list[str]) -> int:
    """Return the length of the longest run of the claim's keys that stands in the same order in the sentence.

    The longest common subsequence, a whole row of its table at once in the bits of one number (Hyyrö 2004).
    """
    places: dict[str, int] = {}
    for index, key in enumerate(said):
        places[key] = places.get(key, 0) | 1 << index
    every = (1 << len(said)) - 1
    row = every
    for key in claim:
        here = row & places.get(key, 0)
        row = ((row + here) | (row - here)) & every
    return len(said) - row.bit_count()


def name_groups(claim: Sentence, found: dict[str, float]) -> int:
    """Return how many names of the claim were found; neighbouring capitals are one name."""
    groups = 0
    last = -10
    for index, word in enumerate(claim.words):
        if word.capital and found[word.key] > 0.7:
            groups += index - last > 1
            last = index
    return groups


@lru_cache(maxsize=512)
def letters(folded: str, size: int) -> frozenset[str]:
    """Return the runs of `size` letters of a folded sentence, words joined by one space."""
    text = _BETWEEN.sub(" ", folded)
    return frozenset([text[start : start + size] for start in range(len(text) - size + 1)])
