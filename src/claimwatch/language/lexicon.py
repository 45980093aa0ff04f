"""Lexicons: one data file a language, all with the same sections, found in a text by one automaton."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, NamedTuple

from ahocorasick_rs import AhoCorasick

LANGUAGES = ("en", "fr", "ru", "uk", "ko", "de", "es", "zh", "ja", "pl", "it", "cs", "no", "mk", "vi")
NEAREST = {
    "be": "ru",
    "kk": "ru",
    "bg": "mk",
    "sr": "mk",
    "sk": "cs",
    "da": "no",
    "sv": "no",
    "nb": "no",
    "nn": "no",
    "pt": "es",
    "ca": "es",
    "gl": "es",
    "yue": "zh",
    "wuu": "zh",
    "nl": "de",
    "ro": "it",
}
_CUED = ("cues", "before", "after", "measures", "names", "concepts")


class Hit(NamedTuple):
    """One entry found: folded offsets, the section and the key it stands under."""

    start: int
    end: int
    section: str
    key: str


@dataclass(frozen=True, slots=True)
class _Entry:
    section: str
    key: str
    prefix: bool
    bounded: bool


class Lexicon:
    """What one language's file says. `numbers` and the like are dictionaries of folded words."""

    def __init__(self, language: str, data: Mapping[str, Any]) -> None:
        self.language = language
        self.spaced = bool(data.get("spaced", True))
        self.numbers: dict[str, float] = dict(data.get("numbers", {}))
        self.multipliers: dict[str, float] = dict(data.get("multipliers", {}))
        self.ordinals: dict[str, int] = dict(data.get("ordinals", {}))
        self.weekdays: dict[str, int] = dict(data.get("weekdays", {}))
        self.months: dict[str, int] = dict(data.get("months", {}))
        self.vague: dict[str, tuple[float, float]] = {
            key: (low, high) for key, (low, high) in data.get("vague", {}).items()
        }
        self.ratios: dict[str, float] = dict(data.get("ratios", {}))
        self.joiners = _words(data.get("joiners", {}).get("words", ""))
        self.ones = _words(data.get("joiners", {}).get("one", ""))
        self.number_words = frozenset(
            (*self.numbers, *self.multipliers, *self.ones)
        )  # what may begin a number
        self.bare = _words(data.get("joiners", {}).get("bare", ""))
        self.range_words = _words(data.get("range", {}).get("to", "-"))
        self.stop = _words(data.get("stop", {}).get("words", ""))
        self._last: tuple[str, list[Hit]] = ("", [])
        self._gapped: list[tuple[str, re.Pattern[str], str, str]] = []
        spellings: dict[str, list[_Entry]] = {}
        for section in _CUED:
            for key, words in data.get(section, {}).items():
                for word in _words(words):
                    if "*" in word[:-1]:
                        self._gapped.append(_gapped(word, section, key))
                        continue
                    prefix = word.endswith("*") and len(word) > 1
                    spelling = word.removesuffix("*") if prefix else word
                    bounded = self.spaced or spelling[0].isascii()
                    spellings.setdefault(spelling, []).append(_Entry(section, key, prefix, bounded))
        for section, table in (("vague", self.vague), ("ratios", self.ratios)):
            for spelling in table:
                spellings.setdefault(spelling, []).append(_Entry(section, spelling, False, self.spaced))
        self._entries = list(spellings.values())
        self._automaton = AhoCorasick(list(spellings))

    def scan(self, folded: str) -> list[Hit]:
        """Return every entry that stands in the folded text on word boundaries, longest first at a place."""
        last = self._last
        if last[0] == folded:  # figures and sentences are read from the same words, one after the other
            return last[1]
        found: list[Hit] = []
        for index, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            before_free = start == 0 or not (folded[start - 1].isalnum() and folded[start].isalnum())
            after_free = end == len(folded) or not (folded[end].isalnum() and folded[end - 1].isalnum())
            for entry in self._entries[index]:
                if entry.bounded and not (before_free or folded[start] == "'"):
                    continue
                if entry.bounded and not (entry.prefix or after_free):
                    continue
                stop = end
                if entry.prefix:
                    while (
                        stop < len(folded)
                        and folded[stop].isalpha()
                        and (self.spaced or folded[stop].isascii())
                    ):
                        stop += 1
                found.append(Hit(start, stop, entry.section, entry.key))
        for first, pattern, section, key in self._gapped:
            if first in folded:
                found.extend(Hit(*match.span(), section, key) for match in pattern.finditer(folded))
        found.sort(key=lambda hit: (hit.start, -hit.end))
        self._last = (folded, found)
        return found


def _gapped(word: str, section: str, key: str) -> tuple[str, re.Pattern[str], str, str]:
    """An entry with a star inside ("ni confirm* ni"): a star is the rest of a word, alone one to three words."""
    parts = []
    for piece in word.split(" "):
        if piece == "*":
            parts.append(r"\w{1,20}(?: \w{1,20}){0,2}")
        else:
            parts.append(re.escape(piece).replace(r"\*", r"\w{0,20}"))
    return word.split("*")[0].strip(), re.compile(r"\b" + " ".join(parts) + r"\b"), section, key


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in (piece.strip() for piece in text.split("|")) if word)


def _merge(*tables: Mapping[str, Any]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for table in tables:
        for section, content in table.items():
            if not isinstance(content, Mapping):
                merged[section] = content
                continue
            mine = merged.setdefault(section, {})
            for key, value in content.items():
                if isinstance(value, str) and isinstance(mine.get(key), str):
                    mine[key] = f"{mine[key]} | {value}"
                else:
                    mine[key] = value
    return merged


def _read(name: str) -> dict[str, Any]:
    path = resources.files("claimwatch.language").joinpath("lexicons", f"{name}.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


@lru_cache(maxsize=32)
def _load(name: str) -> Lexicon:
    return Lexicon(name, _merge(_read("any"), _read(name)))


def lexicon_for(language: str | None) -> Lexicon:
    """Return the lexicon of the language, of its nearest relative, or English when none is known."""
    code = (language or "en").lower()
    code = NEAREST.get(code, code)
    return _load(code if code in LANGUAGES else "en")
