"""The nearest miss: what a text offers to a line of names that stayed empty."""

from __future__ import annotations

from dataclasses import replace

from rapidfuzz import fuzz, process

from claimwatch.core.matching.compiled import CompiledTopic
from claimwatch.core.matching.finds import Finds
from claimwatch.core.matching.namebook import NameBook
from claimwatch.core.matching.names import squeeze
from claimwatch.core.model import NearMiss
from claimwatch.language.words import fold

LEAST_LIKENESS = 75  # of 100; less is not worth a person's look
LEAST_OF_A_WORD = 60  # of a phrase, one word may be less like
MOST_WORDS = 600  # of the text; this is for people, not for the stations


def nearest_miss(miss: NearMiss, compiled: CompiledTopic, finds: Finds, names: NameBook) -> NearMiss:
    """Return the miss with what came nearest, in words."""
    if miss.vetoed_by is not None:
        return miss
    words = {fold(raw): raw for raw in reversed(finds.text.words[:MOST_WORDS])}
    best: tuple[float, str] | None = None
    for line in compiled.lines:
        if line.label not in miss.empty:
            continue
        standing = [number for number in sorted(line.numbers) if finds.places(number)]
        if standing and line.at_least == 1:
            met = names.texts[standing[0]]
            return replace(miss, nearest=f'{line.label}: "{met}" stands too far from the other names')
        for number in sorted(line.numbers, key=names.texts.__getitem__):
            own = [names.lexicon.words[word].folded for word in names.words_of[number]]
            likeness, shown = _nearest(own or [squeeze(names.texts[number])], words)
            if likeness >= LEAST_LIKENESS and (best is None or likeness > best[0]):
                best = (likeness, f'{line.label}: "{shown}" is {likeness:.0f}% like "{names.texts[number]}"')
    return replace(miss, nearest=best[1] if best else None)


def _nearest(name: list[str], words: dict[str, str]) -> tuple[float, str]:
    """Return how like the text's words are to a name's, of 100 in the mean, and these words."""
    likenesses: list[float] = []
    shown: list[str] = []
    for word in name:
        hit = process.extractOne(word, words.keys(), scorer=fuzz.ratio, score_cutoff=LEAST_OF_A_WORD)
        likenesses.append(hit[1] if hit else 0.0)
        if hit:
            shown.append(words[hit[0]])
    return sum(likenesses) / len(likenesses), " ".join(shown)
