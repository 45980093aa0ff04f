"""Who is behind a report: the origin, which is not the outlet, and whether two texts are one text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import fuzz

# Agencies whose credit in a text makes them its origin when nobody else is named, as they sign themselves.
_WIRES = {
    "Reuters": ("Reuters",), "AFP": ("AFP",), "Associated Press": ("Associated Press",), "dpa": ("dpa",),
    "EFE": ("EFE",), "ANSA": ("ANSA",), "TASS": ("TASS", "ТАСС"),
    "RIA Novosti": ("RIA Novosti", "РИА Новости"), "Interfax": ("Interfax", "Интерфакс"),
    "Ukrinform": ("Ukrinform", "Укрінформ"), "Yonhap": ("Yonhap", "연합뉴스"),
    "KCNA": ("KCNA", "ЦТАК", "조선중앙통신", "朝鮮中央通信", "朝中社"), "Kyodo": ("Kyodo", "共同通信"),
    "Jiji": ("Jiji", "時事通信"), "Xinhua": ("Xinhua", "新华社"), "Bloomberg": ("Bloomberg",),
}  # fmt: skip
_SIGNED = {sign: wire for wire, signs in _WIRES.items() for sign in signs}
# Chinese, Japanese and Korean write on without a blank ("共同通信によると"), Cyrillic adds a case ending.
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")
_WIRE = re.compile(
    "|".join(
        re.escape(s) if _UNSPACED.match(s) else rf"(?<!\w){re.escape(s)}(?:[\u0430-\u044f]{{0,2}})(?!\w)"
        for s in _SIGNED
    )
)

# Speakers that name nobody: two texts with "officials said" need not have one origin.
_NOBODY = frozenset({
    "official", "officials", "source", "sources", "expert", "experts", "analyst", "analysts", "media",
    "report", "reports", "authorities", "he", "she", "they", "it", "people", "police", "lawmaker",
    "lawmakers", "minister", "ministers", "president", "general", "military", "army", "government",
    "intelligence", "press", "responsable", "responsables", "médias", "presse", "il", "elle", "ils", "elles",
    "ministre", "président", "armée", "gouvernement", "autorités",
    "источник", "источники", "эксперты", "сми", "він", "вона", "вони", "джерело", "джерела", "експерти",
})  # fmt: skip
# Words that do not tell one voice from another ...
_SILENT = frozenset({
    "the", "a", "an", "of", "for", "s", "le", "la", "les", "l", "du", "de", "des", "d", "un", "une",
    "spokesman", "spokeswoman", "spokesperson", "porte", "parole",
})  # fmt: skip
# ... and words that make it another: a former adviser, an opponent.
_ANOTHER = frozenset({
    "former", "ex", "anti", "pro", "opposition", "opponent", "opponents", "critic", "critics", "rival",
    "exiled", "ancien", "ancienne", "anciens", "opposant", "opposants", "бывший", "экс", "колишній",
    "оппозиция", "опозиція",
})  # fmt: skip
_WORDS = re.compile(r"\w+")
_NO_BLANKS = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")  # Thai, Japanese, Chinese
_NUMBER = re.compile(r"\d[\d.,'\u00a0\u202f]*")
SAME_TEXT = 0.85  # share of the shorter text's word pairs found in the other: Feedly's published threshold
_AS_LONG = 0.85  # from this ratio of lengths on neither text is a cut of the other
_COMPARED = 3000  # characters of a text that are compared; items carry less, hostile ones more


def origin_of(*, speaker: str | None, text: str, publisher: str) -> str:
    """Return who is behind a report: the named speaker, else the agency credited, else the publisher."""
    if speaker and not set(_voice(speaker)) - _SILENT <= _NOBODY:
        return speaker.strip()
    wire = _WIRE.search(text)
    if wire is None:
        return publisher
    return next(name for sign, name in _SIGNED.items() if wire.group(0).startswith(sign))


def is_wire(name: str) -> bool:
    """Say whether an origin is a news agency: its own words are an origin of their own."""
    return name in _SIGNED


def same_origin(one: str, other: str) -> bool:
    """Say whether two origin names mean one voice: "GUR" and "Ukrainian GUR", "Kremlin" and "the Kremlin".

    In doubt they are two: one alert too many is better than one missing.
    """
    a, b = set(_voice(one)), set(_voice(other))
    if not a or not b:
        return False
    small, large = sorted((a, b), key=len)
    more = large - small
    return small <= large and not more & _ANOTHER and len(more) <= 2


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

    A text that goes on where the earlier one ended is a reprint when its headline is the same: its first
    outlet printed the headline alone. Under another headline it tells more than was told.
    """
    if not same_text(text, earlier):
        return False
    if len(_read(text).pairs) * _AS_LONG <= len(_read(earlier).pairs):
        return True
    return same_text(_headline(text), _headline(earlier))


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


def _voice(name: str) -> list[str]:
    words = _WORDS.findall(_folded(name))
    return [w for w in words if w not in _SILENT] or words


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
