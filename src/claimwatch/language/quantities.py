"""Quantities in running text: figures with the words that bound them and what they count.

"up to 30,000 soldiers" is 0 to 30,000; "about 4,000" 3,600 to 4,400; "tens of thousands" 20,000 to 99,999.
"""

from __future__ import annotations

import re
from functools import lru_cache

from claimwatch.language.detect import detect
from claimwatch.language.digits import Number
from claimwatch.language.lexicon import Hit, Lexicon, lexicon_for
from claimwatch.language.measured import STOPS, Piece, measure_of
from claimwatch.language.normalize import fold_with_offsets
from claimwatch.language.numbers import find_numbers
from claimwatch.language.quantity import INFINITE, Quantity

# "rose to 5,500" gives a figure, no upper bound, where one word means both "to" and "up to".
_MOVED = re.compile(
    r"(?:вырос|увелич|возрос|зрос|збільш|сниз|знизи|сократ|скорот|упал|впал"
    r"|wzros|spad|gestiegen|stieg|rose|risen|rise)\w* (?:\w+ )?$"
)
_UNREAD = re.compile(r"\d|-ish\b|\bish\b")


def _interval(bound: str, value: float) -> tuple[float, float]:
    if bound == "about":
        return value * 0.9, value * 1.1
    if bound == "nearly":
        return value * 0.9, value
    if bound in ("at_most", "less_than"):
        return 0.0, value
    if bound in ("at_least", "more_than"):
        return value, INFINITE
    return value, value


def _pieces(folded: str, lexicon: Lexicon, hits: list[Hit]) -> list[Piece]:
    numbers = find_numbers(folded, lexicon)
    vague = _longest([hit for hit in hits if hit.section == "vague"])
    ratios = _longest([hit for hit in hits if hit.section == "ratios"])
    pieces: list[Piece] = []
    for hit in vague:
        low, high = lexicon.vague[hit.key]
        pieces.append(Piece(hit.start, hit.end, low, high, "vague", "total"))
    for hit in ratios:
        value = lexicon.ratios[hit.key]
        pieces.append(Piece(hit.start, hit.end, value, value, "exact", "ratio"))
    taken = [(piece.start, piece.end) for piece in pieces]
    for number in numbers:
        if number.kind != "cardinal":
            continue
        if number.worded and number.value <= 3 and not number.scaled:
            continue  # "one", "two" are mostly articles and pronouns in headlines
        clash = [place for place in taken if place[0] < number.end and number.start < place[1]]
        if clash:
            if number.end - number.start <= max(end - start for start, end in clash):
                continue
            pieces = [p for p in pieces if (p.start, p.end) not in clash]
        pieces.append(_number_piece(number))
    pieces.sort(key=lambda piece: piece.start)
    return pieces


def _number_piece(number: Number) -> Piece:
    return Piece(number.start, number.end, number.value, number.value, "exact", "total", number.scaled)


def _longest(hits: list[Hit]) -> list[Hit]:
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start - hit.end, hit.start)):
        if all(hit.end <= other.start or hit.start >= other.end for other in kept):
            kept.append(hit)
    return sorted(kept, key=lambda hit: hit.start)


def _join_ranges(folded: str, pieces: list[Piece], lexicon: Lexicon, hits: list[Hit]) -> list[Piece]:
    joined: list[Piece] = []
    for piece in pieces:
        if joined and joined[-1].bound == "exact" and piece.bound == "exact" and joined[-1].role == "total":
            first = joined[-1]
            gap = folded[first.end : piece.start].strip(" ").strip("명개人名個个發发枚 ")
            if gap in lexicon.range_words and (
                gap not in ("and", "et", "y", "und", "и", "і", "e") or _between(folded, first, hits)
            ):
                low = first.low
                if piece.scaled and not first.scaled and low < 1000 <= piece.high:
                    scale = _scale_of(piece.high)
                    low = low * scale
                if low < piece.high:
                    joined[-1] = Piece(first.start, piece.end, low, piece.high, "range", "total", True)
                    continue
        joined.append(piece)
    return joined


def _scale_of(value: float) -> float:
    for scale in (1e9, 1e6, 1e4, 1e3):
        if value >= scale and (scale != 1e4 or (value % 1e4 == 0 and value < 1e6)):
            return 1e3 if scale == 1e4 else scale
    return 1.0


def _between(folded: str, piece: Piece, hits: list[Hit]) -> bool:
    return any(
        hit.section == "before" and hit.key == "range" and 0 <= piece.start - hit.end <= 12 for hit in hits
    )


def _bound(folded: str, piece: Piece, lexicon: Lexicon, hits: list[Hit], floor: int) -> None:
    """Take in the words before and after that bound the value or make it an increment."""
    edge = piece.start
    bounds: list[str] = []
    moved = True
    while moved:
        moved = False
        for hit in hits:
            if hit.section != "before" or hit.key == "range" or hit.end > edge or hit.start < floor:
                continue
            gap = folded[hit.end : edge]
            bare = gap.strip(" $€£")
            if len(bare) <= 4 and (not bare or bare in lexicon.stop or bare == "us"):
                if hit.key == "increment":
                    piece.role = "increment" if piece.role == "total" else piece.role
                elif not (hit.key == "at_most" and _MOVED.search(folded[max(0, hit.start - 24) : hit.start])):
                    bounds.append(hit.key)
                edge = hit.start
                moved = True
                break
    close = folded[piece.end : piece.end + 48]
    stop = STOPS.search(close)
    limit = piece.end + (stop.start() if stop else len(close))
    words = 0
    for hit in hits:
        if hit.section != "after" or hit.start < piece.end or hit.end > limit:
            continue
        words = folded[piece.end : hit.start].count(" ")
        if hit.key == "increment":
            if words <= 4 and piece.role == "total" and not re.search(r"\d", folded[piece.end : hit.start]):
                piece.role = "increment"
        elif words <= 1 and hit.start - piece.end <= (3 if lexicon.spaced else 4):
            bounds.append(hit.key)
            piece.end = max(piece.end, hit.end)
    piece.start = edge
    if bounds and piece.bound in ("exact", "range"):
        bound = next((b for b in bounds if b != "about"), "about")
        if piece.bound == "exact":
            piece.low, piece.high = _interval(bound, piece.high)
            piece.bound = bound
        elif bound == "at_most":
            piece.bound = "range"


def _read(text: str, lexicon: Lexicon) -> tuple[Quantity, ...]:
    folded, offsets = fold_with_offsets(text)
    if not lexicon.vague and not lexicon.numbers and not any(letter.isdigit() for letter in folded):
        return ()
    hits = lexicon.scan(folded)
    pieces = _join_ranges(folded, _pieces(folded, lexicon, hits), lexicon, hits)
    edges = [hit for hit in hits if hit.section in ("before", "after")]
    edges.sort(key=lambda hit: (hit.start, -hit.end))
    floor = 0
    for piece in pieces:
        reach = piece.end
        _bound(folded, piece, lexicon, edges, floor)
        floor = reach
    measures = _longest([hit for hit in hits if hit.section == "measures"])
    found: list[Quantity] = []
    for place, piece in enumerate(pieces):
        measure, noun, end = measure_of(folded, piece, pieces, lexicon, measures, place)
        role = "share" if measure == "percent" else piece.role
        if measure == "times" and piece.role == "total":
            role = "ratio"
        start, stop = piece.start, max(end, piece.end)
        if offsets is not None:
            start, stop = offsets[start], (offsets[stop] if stop < len(offsets) else len(text))
        found.append(
            Quantity(
                piece.low, piece.high, piece.bound, measure, role, text[start:stop].strip(), noun, start, stop
            )
        )
    return tuple(found)


@lru_cache(maxsize=4096)
def _cached(text: str, language: str | None) -> tuple[Quantity, ...]:
    return _read(text, lexicon_for(language or detect(text)))


def find_quantities(text: str, language: str | None = None) -> list[Quantity]:
    """Return the quantities of a text in order; dates, times, ordinals and designations are none."""
    return list(_cached(text[:4000], language))


def read_quantity(phrase: str, language: str | None = None) -> Quantity | None:
    """Return the one quantity an analyst wrote ("up to 30,000 soldiers"), or None: not understood."""
    text = phrase.strip()
    if not text or len(text) > 200:
        return None
    candidates = [language] if language else [_guess(text) or "en", "en", "fr"]
    best: Quantity | None = None
    for candidate in dict.fromkeys(candidates):
        found = _cached(text, candidate)
        if len(found) != 1:
            continue
        rest = (text[: found[0].start] + " " + text[found[0].end :]).casefold()
        if _UNREAD.search(rest) or _UNREAD.search(text[found[0].end : found[0].end + 4]):
            continue
        if best is None or len(found[0].text) > len(best.text):
            best = found[0]
    return best


def _guess(text: str) -> str | None:
    """The language by letters; short phrases in Latin letters are left to the tries that follow."""
    return None if text.isascii() else detect(text)
