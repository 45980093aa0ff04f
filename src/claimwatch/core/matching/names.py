"""What one entry of a topic's line means: words, `exact:`, `regex:`, or `@entry` of the alias book."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from claimwatch.core.matching.alike import Word
from claimwatch.core.matching.bounded_regex import compile_bounded
from claimwatch.language.words import HAS_CONTINUOUS, WORD, fold

# What is closed up in Chinese and Japanese names: white space, hyphens, middle dots, zero-width signs.
SQUEEZED_OUT = frozenset(
    " \t\n\r\x0b\x0c\xa0\u3000-\u2010\u2011\u2012\u2013\u2014\u2015\xb7\u30fb\u2022\uff65\u200b\u200c\u200d"
)
_FULL_WIDTH = {0xFF01 + sign: 0x21 + sign for sign in range(94)}
_PREFIX = re.compile(r"(?P<kind>exact|regex)\s*:\s*", re.IGNORECASE)


class Kind(StrEnum):
    """How a name is looked for."""

    WORDS = "words"
    EXACT = "exact"  # as written, case and accents too
    REGEX = "regex"
    CONTINUOUS = "continuous"  # holds Chinese or Japanese: no words to speak of


@dataclass(frozen=True, slots=True)
class Name:
    """One name, taken apart. `text` is the entry as the topic writes it and its identity."""

    text: str
    kind: Kind
    words: tuple[Word, ...] = ()
    raw: tuple[str, ...] = ()  # the words as written, for `exact:` and for two-letter capitals
    strict: bool = False  # as written; else in any case, gapped, turned round
    joined: Word | None = None  # the words closed up: "nordcoréen" for "nord-coréen"
    pattern: re.Pattern[str] | None = None
    squeezed: str = ""  # continuous: folded, without spaces, hyphens and middle dots


def parse_name(text: str) -> Name:
    """Return an entry taken apart.

    Raises: ValueError, when it has no word to look for or its regex is not one we can run in bounded time.
    """
    prefix = _PREFIX.match(text)
    if prefix is None and text.startswith("@"):
        raise ValueError(f'"{text}" refers to the alias book; it is not a name')
    if prefix is not None and prefix["kind"].lower() == "regex":
        return Name(text, Kind.REGEX, pattern=compile_bounded(text[prefix.end() :]))
    body = text[prefix.end() :] if prefix else text
    raw = tuple(found for found in WORD.findall(body) if fold(found))
    if not raw:
        raise ValueError(f'"{text}" holds no letters or digits to look for')
    if prefix is not None:
        return Name(text, Kind.EXACT, words=tuple(map(Word.of, raw)), raw=raw, strict=True)
    if HAS_CONTINUOUS.search(body):
        return Name(text, Kind.CONTINUOUS, raw=raw, squeezed=squeeze(body))
    words = tuple(map(Word.of, raw))
    # "US" and "NK" as words are too common in some language: they count in capitals only.
    shouted = len(raw) == 1 and len(raw[0]) <= 2 and raw[0].isupper() and raw[0].isalpha()
    has_number = any(word.folded.isdigit() or len(word.folded) == 1 for word in words)
    joined = None
    if 2 <= len(words) <= 3 and not has_number:
        closed = Word.of("".join(raw))
        joined = closed if len(closed.folded) >= 6 else None
    return Name(text, Kind.EXACT if shouted else Kind.WORDS, words, raw, strict=has_number, joined=joined)


def squeeze(text: str) -> str:
    """Return a name folded and closed up, as Chinese and Japanese names are compared."""
    return "".join(
        sign for sign in fold_continuous(unicodedata.normalize("NFKC", text)) if sign not in SQUEEZED_OUT
    )


def fold_continuous(text: str) -> str:
    """Return a text caseless, with plain signs for full-width ones; as long as it was."""
    folded = text.translate(_FULL_WIDTH)
    lowered = folded.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := sign.lower()) == 1 else sign for sign in folded)
