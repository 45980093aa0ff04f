"""Whether two texts are one text: printed again, cut, or with another headline.

Copied articles keep the body and change the headline (Horne & Adali 2017, "Verbatim content republishing"), so
bodies are compared by themselves too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise

from rapidfuzz import fuzz

from claimwatch.language.sentences import split_sentences

_WORDS = re.compile(r"\w+")
_NO_BLANKS = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")  # Thai, Japanese, Chinese
_NUMBER = re.compile(r"\d[\d.,'\u00a0\u202f]*")
SAME_TEXT = 0.85  # share of the shorter text's word pairs found in the other: Feedly's published threshold
_AS_LONG = 0.85  # from this ratio of lengths on neither text is a cut of the other
_COMPARED = 3000  # characters of a text that are compared; items carry less, hostile ones more
_A_BODY = (
    12  # pairs of words below which a body is too short to be known by itself: two lines of news have 25
)
_OWN_WORDS = re.compile(
    r"\b(?:told (?:us|this (?:newspaper|website|paper))|our (?:own )?(?:correspondents?|reporters?)|"
    r"(?:nos|notre|nos envoy\w+) (?:correspondant|envoy|journaliste)\w*|a déclaré à notre|"
    r"unser\w* (?:korrespondent|reporter)\w*|nuestr\w+ (?:corresponsal|enviad)\w*|"
    r"(?:наш\w*|нашому|нашего) (?:корреспондент|кореспондент)\w*)"
    r"|본지|본보|자체 취재|本紙|本報|本报",
    re.IGNORECASE,
)


def same_text(one: str, other: str) -> bool:
    """Say whether two texts are one text printed twice, or one a cut of the other.

    Texts that carry different numbers are two texts: "30,000" and "3,000" are not a reprint.
    """
    a, b = _read(one), _read(other)
    short, long = (a, b) if (len(a.pairs), a.folded) <= (len(b.pairs), b.folded) else (b, a)
    if short.folded == long.folded:
        return bool(short.folded)
    cut = len(short.pairs) < _AS_LONG * len(long.pairs)
    if not (short.figures <= long.figures if cut else short.figures == long.figures):
        return False
    if len(short.pairs) < 4:  # too short to overlap by anything but chance
        return bool(short.folded) and short.figures == long.figures and _alike(short.folded, long.folded)
    return len(short.pairs & long.pairs) / len(short.pairs) >= SAME_TEXT


def reprints(text: str, earlier: str) -> bool:
    """Say whether a text tells nothing but what an earlier one told: the same text, or a cut of it.

    A text that goes on where the earlier one ended is a reprint too, when its headline or its beginning is
    the same. One that puts other news before what was told tells more.
    """
    if same_text(text, earlier):
        if len(_read(text).pairs) * _AS_LONG <= len(_read(earlier).pairs):
            return True
        if same_text(_headline(text), _headline(earlier)):
            return True
    body, told = _body(text), _body(earlier)
    if min(len(_read(body).pairs), len(_read(told).pairs)) < _A_BODY:
        return False
    if len(_read(body).pairs) * _AS_LONG <= len(_read(told).pairs):
        return same_text(body, told)
    return same_text(_beginning(body, len(_read(told).pairs)), told)


def own_reporting(text: str, earlier: str, publisher: str) -> bool:
    """Say whether a text adds reporting of its publisher's own to an earlier one that it prints again."""
    known = _read(earlier).pairs
    for sentence in split_sentences(text[:_COMPARED]):
        pairs = _read(sentence).pairs
        if pairs and len(pairs & known) / len(pairs) >= 0.5:
            continue
        if _OWN_WORDS.search(sentence) or _folded(publisher) in _folded(sentence):
            return True
    return False


def first_told(text: str, earlier: Sequence[tuple[int, str]]) -> int | None:
    """Return the id of the earlier text that this one prints again, or None."""
    return next((item for item, told in earlier if reprints(text, told)), None)


@dataclass(frozen=True, slots=True)
class _Text:
    folded: str
    figures: frozenset[str]
    pairs: frozenset[int]  # hashes of pairs of words, a third of the memory of the words


@lru_cache(maxsize=2048)  # the same few hundred earlier texts are compared with every new one
def _read(text: str) -> _Text:
    folded = _folded(text[:_COMPARED])
    return _Text(folded, _figures(folded), frozenset(map(hash, pairwise(_tokens(folded)))))


def _alike(one: str, other: str) -> bool:
    return fuzz.ratio(one, other) >= 95


def _headline(text: str) -> str:
    return text.partition("\n")[0]


def _body(text: str) -> str:
    return text.partition("\n")[2]


def _beginning(text: str, pairs: int) -> str:
    """Return the beginning of a text with about so many pairs of words."""
    if _NO_BLANKS.search(text):
        return text[:pairs]
    last = next(islice(_WORDS.finditer(_folded(text[:_COMPARED])), pairs, None), None)
    return text if last is None else _folded(text[:_COMPARED])[: last.end()]


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _figures(text: str) -> frozenset[str]:
    return frozenset(re.sub(r"\D", "", n) for n in _NUMBER.findall(text))


def _tokens(text: str) -> list[str]:
    """Words; single characters in scripts that put no blanks between words."""
    tokens: list[str] = []
    for word in _WORDS.findall(text):
        if _NO_BLANKS.search(word):
            tokens += word
        else:
            tokens.append(word)
    return tokens
