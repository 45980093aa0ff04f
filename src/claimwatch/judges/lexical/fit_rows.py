"""The pairs that the small model is fitted on: labelled ones, and claims beside texts of other stories."""

from __future__ import annotations

import hashlib
import json
import random
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from claimwatch.core.model import Claim
from claimwatch.judges.lexical.claimed import frame_of
from claimwatch.judges.lexical.features import observe, said_words
from claimwatch.judges.lexical.frame import Frame
from claimwatch.judges.lexical.model import key_of
from claimwatch.language.detect import detect
from claimwatch.language.polarity import cues_of
from claimwatch.language.reading import Reading, read

FOLDS = 5
# How many texts of other stories each claim is paired with, the likest first, those with a turning word before others.
OTHERS = {
    "emergent": 16, "fnc1": 3, "daccord_fr": 4, "fever_symmetric": 1, "vitaminc": 2, "rte3_fr": 1,
    "klue_nli_ko": 1, "inferes_es": 1, "terra_ru": 1,
}  # fmt: skip
LEAST_STORIES = 8  # a word counts by itself when texts of so many stories have it
WORDED = ("headline", "lead")


@dataclass(slots=True)
class Row:
    """One pair, observed. `dataset` of a pair made here begins with "other:"."""

    dataset: str
    label: str
    scheme: str
    source: str
    story: str
    key: str
    values: dict[str, float]
    said: set[str]
    names: set[str]
    fold: int = 0

    @property
    def related(self) -> bool:
        return self.label != "unrelated"


class _Stories:
    """Stories joined when sets share a claim or headline: no story is on both sides of a fold."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def of(self, name: str) -> str:
        above = self._above.setdefault(name, name)
        while above != name:
            name, above = above, self._above.setdefault(above, above)
        return name

    def join(self, one: str, other: str) -> None:
        self._above[self.of(one)] = self.of(other)


def _row(dataset: str, entry: dict[str, Any], story: str) -> Row | None:
    language = detect(entry["text"], entry["lang"]) or "en"
    frame, reading = _both(entry["claim"], entry["text"], language)
    seen = observe(frame, reading)
    if seen.sentence is None:
        return None
    names = {
        sentence.folded[word.start : word.end]
        for sentence in reading.sentences
        for word in sentence.words
        if word.capital
    }
    key = key_of(seen.values, language)
    return Row(dataset, entry["label"], entry["scheme"], entry.get("source", ""), story, key, seen.values,
               said_words(frame, reading), names)  # fmt: skip


def _both(claim: str, text: str, language: str) -> tuple[Frame, Reading]:
    return frame_of(Claim("claim", "", claim, ""), language), read(text, language)


def load(folder: Path, datasets: list[str]) -> list[Row]:
    """Return the rows of the sets' dev files, then the unrelated pairs made of them, with their folds."""
    stories = _Stories()
    entries: list[tuple[str, dict[str, Any], str]] = []
    for dataset in datasets:
        with (folder / dataset / "dev.jsonl").open(encoding="utf-8") as lines:
            for line in lines:
                entry = json.loads(line)
                claim = f"claim {entry['claim'].lower()}"
                story = claim if dataset == "emergent_cross" else f"{dataset} {entry['group']}"
                stories.join(story, claim)
                if dataset == "emergent":
                    stories.join(story, f"claim {entry['text'].lower()}")
                entries.append((dataset, entry, story))
    rows = [_row(dataset, entry, story) for dataset, entry, story in entries]
    for dataset, count in OTHERS.items():
        mine = [(entry, story) for name, entry, story in entries if name == dataset]
        rows.extend(_row(f"other:{dataset}", entry, story) for entry, story in _others(mine, count, stories))
    found = [row for row in rows if row is not None]
    for row in found:
        row.story = stories.of(row.story)
        row.fold = int(hashlib.sha256(row.story.encode()).hexdigest(), 16) % FOLDS
    return found


def _others(
    mine: list[tuple[dict[str, Any], str]], count: int, stories: _Stories
) -> list[tuple[dict[str, Any], str]]:
    """Pair each claim with texts of other stories: those that share names and words with it."""
    chance = random.Random(3)  # noqa: S311 - which pairs, nothing secret
    texts = []
    for entry, story in {entry["text"]: (entry, story) for entry, story in mine}.values():
        reading = read(entry["text"], entry["lang"])
        turned = any(cues_of(sentence, reading.language) for sentence in reading.sentences)
        texts.append((entry, stories.of(story), turned, reading.keys))
    found = []
    for entry, story in {entry["claim"]: (entry, story) for entry, story in mine}.values():
        frame = frame_of(Claim("claim", "", entry["claim"], ""), entry["lang"])
        keys, own = set(frame.keys), stories.of(story)
        ranked = [
            (-(2 * turned + 3 * bool(frame.capitals & its) + len(keys & its) + 3 * chance.random()), index)
            for index, (_, other, turned, its) in enumerate(texts)
            if other != own
        ]
        for _, index in sorted(ranked)[:count]:
            found.append(
                (
                    {**entry, "text": texts[index][0]["text"], "label": "unrelated", "scheme": "unrelated"},
                    story,
                )
            )
    return found


def vocabulary(rows: list[Row]) -> dict[str, frozenset[str]]:
    """Return for headlines and leads the words whose presence counts by itself: in many stories, and no names."""
    found = {}
    for key in WORDED:
        stories: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            if row.key == key and row.related:
                for word in row.said:
                    stories[word].add(row.story)
        named: dict[str, int] = defaultdict(int)
        common: dict[str, int] = defaultdict(int)
        for row in rows:
            if row.key != "headline" and row.related:
                for word in row.said:
                    named[word] += word in row.names
                    common[word] += word not in row.names
        found[key] = frozenset(
            word
            for word, its in stories.items()
            if len(its) >= LEAST_STORIES
            and (word == "?" or (len(word) > 1 and word.isalpha() and common[word] > 2 * named[word]))
        )
    return found
