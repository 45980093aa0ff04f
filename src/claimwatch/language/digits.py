"""Numbers in digits: what they are worth, and whether they count, rank, date or are a part of a name."""

from __future__ import annotations

import re
from dataclasses import dataclass

from claimwatch.language.lexicon import Lexicon

DIGITS = re.compile(
    r"(?<![\d])(?:[1-9]\d{0,2}(?:[ ,.'](?=\d{3}(?!\d))\d{3})+(?:[.,]\d{1,2}(?!\d))?|\d{1,15}(?:[.,]\d{1,6}(?!\d))?)"
)
WORD = re.compile(r"[^\W\d_]+")
_ORDINAL_AFTER = re.compile(
    r"(?:st|nd|rd|th|eme|ere|er|e|re|ieme|º|ª|\.(?= [a-z])|-(?:я|й|е|го|му|ом|ая|ой|ої|ий|та|го|ти))(?![^\W\d_])"
)
_CLOCK = re.compile(r"[:h]\d\d")


@dataclass(frozen=True, slots=True)
class Number:
    """A number with its place in the folded text. `scaled`: a multiplier word belongs to it."""

    start: int
    end: int
    value: float
    kind: str  # "cardinal" | "ordinal" | "year" | "label" (part of a name, a time or a date)
    scaled: bool = False
    worded: bool = False


def read_digits(text: str, *, scaled: bool = False) -> float | None:
    """Return the value of one run of digits with separators; `scaled` when a multiplier follows."""
    groups = re.split(r"[ ,.']", text)
    separators = re.findall(r"[ ,.']", text)
    if not separators:
        return float(groups[0])
    last_is_group = len(groups[-1]) == 3 and groups[0] != "0"
    if len(separators) == 1 and (separators[0] in ".,") and (scaled or not last_is_group):
        return float(f"{groups[0]}.{groups[1]}")
    if last_is_group and all(len(group) == 3 for group in groups[1:]):
        return float("".join(groups))
    if separators[-1] in ".," and all(len(group) == 3 for group in groups[1:-1]):
        return float("".join(groups[:-1]) + "." + groups[-1])
    return None


def kind_of(
    folded: str, start: int, end: int, value: float, lexicon: Lexicon, scaled: bool, worded: bool
) -> str:
    """Return the kind (see `Number`) of what stands at the offsets, by the letters around it."""
    before = folded[start - 1] if start else " "
    after = folded[end] if end < len(folded) else " "
    if worded:
        return "cardinal"
    if before.isalpha() and not before.isascii() and not lexicon.spaced:
        before = " "
    if before.isalpha() or before == "_" or before == "#":
        return "label"
    if before == "-" and start > 1 and folded[start - 2].isalpha():
        return "label"
    if before in ":/" and start > 1 and folded[start - 2].isdigit():
        return "label"
    if not scaled and after == "-" and end + 1 < len(folded) and folded[end + 1].isalpha():
        tail = WORD.match(folded, end + 1)
        word = tail.group() if tail else ""
        if _ORDINAL_AFTER.match(folded, end):
            return "ordinal"
        if word in ("ish", "odd"):
            return "label"
        return "cardinal"
    if scaled and after == "-" and folded[end + 1 : end + 4] == "ish":
        return "label"
    if (
        not scaled
        and lexicon.language != "de"
        and after.isalpha()
        and after.isascii()
        and _ORDINAL_AFTER.match(folded, end)
    ):
        return "ordinal"
    if _CLOCK.match(folded, end) or (after == "/" and end + 1 < len(folded) and folded[end + 1].isdigit()):
        return "label"
    if after.isalpha() and after.isascii() and lexicon.spaced and not _unit_follows(folded, end):
        return "label"
    if not scaled and end - start == 4 and 1900 <= value <= 2100:
        return "year"
    if not scaled and value <= 31 and _month_near(folded, start, end, lexicon):
        return "label"
    return "cardinal"


def _unit_follows(folded: str, end: int) -> bool:
    word = WORD.match(folded, end)
    return word is not None and word.group() in (
        "km",
        "kg",
        "m",
        "h",
        "t",
        "usd",
        "eur",
        "ml",
        "cm",
        "mm",
        "g",
    )


def _month_near(folded: str, start: int, end: int, lexicon: Lexicon) -> bool:
    if not lexicon.months:
        return False
    after = WORD.search(folded, end, end + 16)
    if after and after.start() - end <= 5 and after.group() in lexicon.months:
        return True
    tail = folded[max(0, start - 14) : start].rstrip(" .,").split(" ")
    return bool(tail) and tail[-1].strip(".,(") in lexicon.months
