"""What a figure of a text counts: the soldiers, the money, and what befell them ("600 of the 15,000 were killed")."""

from __future__ import annotations

import re
from dataclasses import dataclass

from claimwatch.language.lexicon import Hit, Lexicon
from claimwatch.language.quantity import FATES

_BEARERS = ("soldiers", "people", "sappers", "builders", "times")  # what a fate can befall
_LINKS = frozenset(
    [
        "or",
        "and",
        "ou",
        "et",
        "oder",
        "und",
        "o",
        "y",
        "или",
        "и",
        "або",
        "та",
        "й",
        "і",
        "e",
        "lub",
        "i",
        ",",
    ]
)
_CURRENCIES = ("dollars", "euros", "pounds", "rubles", "won", "yen")
STOPS = re.compile(r"[.;:!?](?=\s|$|\")|[。；！？]|\n")
_OF = re.compile(
    r"\s*(?:(?:out )?of (?:the |some |about |around |an estimated |its )?"
    r"|sur (?:les )?|из |з |von (?:den )?|de (?:los )?|out of )"
)
_AMONG = re.compile(
    r"(?:\bamong|\bof|\bparmi|\bfrom|\bout of|\bиз|\bз|\bunter|\bentre) (?:the |les |los |den |some |its )?$"
)


@dataclass(slots=True)
class Piece:
    """A figure as it is being read: its place in the folded text, its interval, its bound and role so far."""

    start: int
    end: int
    low: float
    high: float
    bound: str
    role: str
    scaled: bool = False


def measure_of(
    folded: str, piece: Piece, others: list[Piece], lexicon: Lexicon, measures: list[Hit], place: int
) -> tuple[str | None, str | None, int]:
    """Return (measure, noun, end offset) for the piece."""
    following = others[place + 1] if place + 1 < len(others) else None
    stop = STOPS.search(folded, piece.end)
    limit = stop.start() if stop else len(folded)
    limit = min(limit, piece.end + (110 if lexicon.spaced else 40))
    clause = limit
    base = False
    if following is not None and following.start < limit:
        between = folded[piece.end : following.start]
        if _OF.fullmatch(between) or (
            _OF.search(between) and len(between) < 30 and following.low > piece.low
        ):
            base = True  # "600 of the 15,000 troops": the fate may follow the base
        else:
            clause = following.start
    is_base = bool(_AMONG.search(folded[max(0, piece.start - 14) : piece.start]))
    is_base = is_base or (place > 0 and bool(_OF.fullmatch(folded[others[place - 1].end : piece.start])))
    noun: str | None = None
    noun_end = piece.end
    fate: str | None = None
    span = 40 if lexicon.spaced else 12
    inner = following.start if base and following is not None else clause
    for hit in measures:
        if hit.start < piece.end - 1 or hit.start >= clause:
            continue
        if hit.key in FATES:
            if is_base:
                continue
            if noun is not None and noun not in (*_BEARERS, "jobs"):
                continue
            gap = folded[piece.end : hit.start]
            if fate is None and (", " not in gap or hit.start - piece.end < 40):
                fate = hit.key
                fate_end = hit.end
                if hit.start - piece.end < span:
                    noun_end = max(noun_end, fate_end)
            elif fate in ("killed", "wounded") and hit.key in ("wounded", "killed") and fate != hit.key:
                link = folded[fate_end : hit.start].strip()
                if link in _LINKS or (not lexicon.spaced and len(link) <= 4):
                    fate = "casualties"
                    noun_end = max(noun_end, hit.end)
        elif (
            (
                noun is None
                or (noun == "people" and hit.key == "jobs")  # "1,200 people will lose their jobs"
                or (
                    noun == "people"
                    and not lexicon.spaced
                    and folded[noun_end : hit.start].strip() in ("", "의", "的", "の")
                )
            )
            and hit.start - piece.end < span
            and hit.start < inner
        ):
            noun = hit.key
            noun_end = hit.end
    left = None if is_base else _fate_before(folded, piece, others, measures, place, lexicon, 3)
    if left is not None and fate != "casualties":
        fate = left  # "killed 600 soldiers and wounded 4,700"
    if (noun is None or noun in _BEARERS) and fate is None and not is_base:
        fate = _fate_before(folded, piece, others, measures, place, lexicon)
    if not lexicon.spaced and noun in ("people", None):
        for hit in measures:  # the counter says people, the word before says which
            if 0 <= piece.start - hit.end <= 6 and hit.key in ("soldiers", "builders", "sappers"):
                noun = hit.key
    if fate is not None:
        return fate, noun, noun_end
    if noun is None:
        for hit in measures:
            if hit.key in _CURRENCIES and 0 <= piece.start - hit.end <= 1:
                return hit.key, None, piece.end
        if not lexicon.spaced:
            before = [hit for hit in measures if 0 <= piece.start - hit.end <= 4]
            if before:
                return before[-1].key, None, piece.end
    return noun, None, noun_end


def _fate_before(
    folded: str,
    piece: Piece,
    others: list[Piece],
    measures: list[Hit],
    place: int,
    lexicon: Lexicon,
    reach: int = 0,
) -> str | None:
    floor = others[place - 1].end if place else 0
    reach = reach or (60 if lexicon.spaced else 16)
    found: str | None = None
    for hit in measures:
        if (
            hit.key not in FATES
            or hit.end > piece.start
            or hit.end < piece.start - reach
            or hit.start < floor
        ):
            continue
        gap = folded[hit.end : piece.start]
        if STOPS.search(gap):
            continue
        if place and hit.start < floor + 2:
            continue
        found = hit.key
    return found
