"""Who is behind a report: the origin, which is not the outlet, and whether two texts are one text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from rapidfuzz import fuzz

# Agencies whose credit in a text makes them its origin when nobody else is named.
WIRES = (
    "Reuters", "AFP", "Associated Press", "dpa", "EFE", "ANSA", "TASS", "ТАСС", "RIA Novosti", "РИА Новости",
    "Interfax", "Интерфакс", "Ukrinform", "Укрінформ", "Yonhap", "연합뉴스", "KCNA", "ЦТАК", "조선중앙통신",
    "Kyodo", "共同通信", "Jiji", "時事通信", "Xinhua", "新华社", "Bloomberg",
)  # fmt: skip
_WIRE = re.compile("|".join(rf"(?<!\w){re.escape(w)}(?!\w)" for w in WIRES))

# Speakers that name nobody: two texts with "officials said" need not have one origin.
_NOBODY = frozenset({
    "official", "officials", "source", "sources", "expert", "experts", "analyst", "analysts", "media", "report",
    "reports", "authorities", "he", "she", "they", "it", "people", "police", "lawmaker", "minister",
    "spokesman", "spokesperson", "responsable", "responsables", "médias", "presse", "il", "elle", "military",
    "army", "government", "intelligence", "press",
})  # fmt: skip
_WORDS = re.compile(r"\w+")
_NUMBER = re.compile(r"\d[\d.,'\u00a0\u202f]*")
SAME_TEXT = 0.85  # share of the shorter text's word pairs found in the other: Feedly's published threshold


def origin_of(*, speaker: str | None, text: str, publisher: str) -> str:
    """Return who is behind a report: the named speaker, else the agency credited, else the publisher."""
    if speaker and _folded(speaker) not in _NOBODY:
        return speaker.strip()
    wire = _WIRE.search(text)
    return wire.group(0) if wire else publisher


def same_origin(one: str, other: str) -> bool:
    """Say whether two origin names mean one voice: "GUR" and "Ukrainian GUR", "Kremlin" and "the Kremlin"."""
    a, b = set(_WORDS.findall(_folded(one))), set(_WORDS.findall(_folded(other)))
    if not a or not b:
        return False
    small, large = sorted((a, b), key=len)
    return small <= large and (len(small) > 1 or len(large) <= 3)


def same_text(one: str, other: str) -> bool:
    """Say whether two texts are one text printed twice, whatever the order of words at its edges.

    Texts that carry different numbers are two texts: "30,000" and "3,000" are not a reprint.
    """
    short, long = sorted((_folded(one), _folded(other)), key=len)
    if short == long:
        return bool(short)
    if not _figures(short) <= _figures(long):
        return False
    pairs = _pairs(short)
    if len(pairs) < 4:  # too short to overlap by anything but chance
        return bool(short) and _figures(short) == _figures(long) and fuzz.ratio(short, long) >= 95
    return len(pairs & _pairs(long)) / len(pairs) >= SAME_TEXT


def first_told(text: str, earlier: Sequence[tuple[int, str]]) -> int | None:
    """Return the id of the earlier text that this one prints again, or None."""
    return next((item for item, told in earlier if same_text(text, told)), None)


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _figures(text: str) -> frozenset[str]:
    return frozenset(re.sub(r"\D", "", n) for n in _NUMBER.findall(text))


def _pairs(text: str) -> frozenset[tuple[str, str]]:
    words = _WORDS.findall(text)
    if len(words) < 6 and len(text) > 12:  # scripts without spaces: pairs of characters
        words = list(text.replace(" ", ""))
    return frozenset(pairwise(words))
