"""The nearest miss: what a text offers to a line of names that stayed empty."""

from __future__ import annotations

from dataclasses import replace

from rapidfuzz import fuzz, process

from claimwatch.core.matching.compiled import CompiledTopic
from claimwatch.core.matching.namebook import Found, NameBook
from claimwatch.core.matching.text import Text
from claimwatch.core.model import NearMiss
from claimwatch.language.words import fold

LEAST_LIKENESS = 60  # of 100; less is not worth a person's look
MOST_WORDS = 600  # of the text; this is for people, not for the stations


def nearest_miss(
    miss: NearMiss, compiled: CompiledTopic, found: Found, text: Text, names: NameBook
) -> NearMiss:
    """Return the miss with what came nearest, in words."""
    if miss.vetoed_by is not None:
        return miss
    words = {fold(raw): raw for raw in reversed(text.words[:MOST_WORDS])}
    best: tuple[float, str] | None = None
    for line in compiled.lines:
        if line.label not in miss.empty:
            continue
        standing = [number for number in line.numbers if number in found]
        if standing and line.at_least == 1:
            met = names.names[standing[0]].text
            return replace(miss, nearest=f'{line.label}: "{met}" stands too far from the other names')
        for number in sorted(line.numbers, key=lambda number: names.names[number].text):
            name = names.names[number]
            folded = " ".join(word.folded for word in name.words) or name.squeezed
            likeness, shown = _nearest(folded, len(name.words), words)
            if likeness >= LEAST_LIKENESS and (best is None or likeness > best[0]):
                best = (likeness, f'{line.label}: "{shown}" is {likeness:.0f}% like "{name.text}"')
    return replace(miss, nearest=best[1] if best else None)


def _nearest(name: str, length: int, words: dict[str, str]) -> tuple[float, str]:
    if length <= 1:
        hit = process.extractOne(name, words.keys(), scorer=fuzz.ratio, score_cutoff=LEAST_LIKENESS)
        return (hit[1], words[hit[0]]) if hit else (0.0, "")
    # Of a phrase, the mean over its words: one word missing is a near miss, none found is none.
    likenesses: list[float] = []
    shown: list[str] = []
    for word in name.split():
        hit = process.extractOne(word, words.keys(), scorer=fuzz.ratio, score_cutoff=LEAST_LIKENESS)
        likenesses.append(hit[1] if hit else 0.0)
        if hit:
            shown.append(words[hit[0]])
    return sum(likenesses) / length, " ".join(shown)
