"""Quantities: a value with its bound, what is counted, and whether it is a total, an increment or a ratio.

"up to 30,000 soldiers" is 0 to 30,000; "about 4,000" 3,600 to 4,400; "tens of thousands" 20,000 to 99,999.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from claimwatch.language.detect import detect
from claimwatch.language.lexicon import Hit, Lexicon, lexicon_for
from claimwatch.language.normalize import fold_with_offsets
from claimwatch.language.numbers import Number, find_numbers

INFINITE = float("inf")
_FATES = ("casualties", "killed", "wounded", "captured", "missing")
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
_PARENTS = {
    "killed": "casualties", "wounded": "casualties", "sappers": "soldiers", "builders": "soldiers",
    "officers": "soldiers", "soldiers": "people", "shells": "munitions", "missiles": "munitions",
}  # fmt: skip
_STOPS = re.compile(r"[.;:!?](?=\s|$|\")|[。；！？]|\n")
_OF = re.compile(
    r"\s*(?:(?:out )?of (?:the |some |about |around |an estimated |its )?"
    r"|sur (?:les )?|из |з |von (?:den )?|de (?:los )?|out of )"
)

# "rose to 5,500" gives a figure, no upper bound, where one word means both "to" and "up to".
_MOVED = re.compile(
    r"(?:вырос|увелич|возрос|зрос|збільш|сниз|знизи|сократ|скорот|упал|впал"
    r"|wzros|spad|gestiegen|stieg|rose|risen|rise)\w* (?:\w+ )?$"
)
_AMONG = re.compile(
    r"(?:\bamong|\bof|\bparmi|\bfrom|\bout of|\bиз|\bз|\bunter|\bentre) (?:the |les |los |den |some |its )?$"
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """`low` to `high` of `measure` (a kind such as "soldiers", "killed", "containers"; None: not known).

    `bound` is exact, about, nearly, at_most, at_least, more_than, less_than, range or vague. `role` is total,
    increment ("another 6,000"), ratio ("tripled") or share (percent). `noun` is what is counted where `measure`
    tells what befell it ("soldiers" for killed soldiers). `start` and `end` are offsets in the text read.
    """

    low: float
    high: float
    bound: str
    measure: str | None
    role: str
    text: str
    noun: str | None = None
    start: int = 0
    end: int = 0

    @property
    def value(self) -> float:
        """The figure as written: the named end of an open interval, else the middle."""
        if self.bound == "at_most" or self.bound == "less_than" or self.bound == "nearly":
            return self.high
        if self.high == INFINITE:
            return self.low
        return (self.low + self.high) / 2


def includes(whole: str | None, part: str | None) -> bool:
    """Return True when every `part` is counted among the `whole` (killed among casualties)."""
    while part is not None:
        if part == whole:
            return True
        part = _PARENTS.get(part)
    return False


def comparable(one: Quantity, other: Quantity) -> bool:
    """Return True when both count the same kind of thing in the same role."""
    return one.measure is not None and one.measure == other.measure and one.role == other.role


def compatible(one: Quantity, other: Quantity) -> bool:
    """Return True when some value fits both."""
    return one.low <= other.high and other.low <= one.high


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


@dataclass(slots=True)
class _Piece:
    start: int
    end: int
    low: float
    high: float
    bound: str
    role: str
    scaled: bool = False


def _pieces(folded: str, lexicon: Lexicon, hits: list[Hit]) -> list[_Piece]:
    numbers = find_numbers(folded, lexicon)
    vague = _longest([hit for hit in hits if hit.section == "vague"])
    ratios = _longest([hit for hit in hits if hit.section == "ratios"])
    pieces: list[_Piece] = []
    for hit in vague:
        low, high = lexicon.vague[hit.key]
        pieces.append(_Piece(hit.start, hit.end, low, high, "vague", "total"))
    for hit in ratios:
        value = lexicon.ratios[hit.key]
        pieces.append(_Piece(hit.start, hit.end, value, value, "exact", "ratio"))
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


def _number_piece(number: Number) -> _Piece:
    return _Piece(number.start, number.end, number.value, number.value, "exact", "total", number.scaled)


def _longest(hits: list[Hit]) -> list[Hit]:
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start - hit.end, hit.start)):
        if all(hit.end <= other.start or hit.start >= other.end for other in kept):
            kept.append(hit)
    return sorted(kept, key=lambda hit: hit.start)


def _join_ranges(folded: str, pieces: list[_Piece], lexicon: Lexicon, hits: list[Hit]) -> list[_Piece]:
    joined: list[_Piece] = []
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
                    joined[-1] = _Piece(first.start, piece.end, low, piece.high, "range", "total", True)
                    continue
        joined.append(piece)
    return joined


def _scale_of(value: float) -> float:
    for scale in (1e9, 1e6, 1e4, 1e3):
        if value >= scale and (scale != 1e4 or (value % 1e4 == 0 and value < 1e6)):
            return 1e3 if scale == 1e4 else scale
    return 1.0


def _between(folded: str, piece: _Piece, hits: list[Hit]) -> bool:
    return any(
        hit.section == "before" and hit.key == "range" and 0 <= piece.start - hit.end <= 12 for hit in hits
    )


def _bound(folded: str, piece: _Piece, lexicon: Lexicon, hits: list[Hit], floor: int) -> None:
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
    stop = _STOPS.search(close)
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


def _measure(
    folded: str, piece: _Piece, others: list[_Piece], lexicon: Lexicon, measures: list[Hit], place: int
) -> tuple[str | None, str | None, int]:
    """Return (measure, noun, end offset) for the piece."""
    following = others[place + 1] if place + 1 < len(others) else None
    stop = _STOPS.search(folded, piece.end)
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
        if hit.key in _FATES:
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
    piece: _Piece,
    others: list[_Piece],
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
            hit.key not in _FATES
            or hit.end > piece.start
            or hit.end < piece.start - reach
            or hit.start < floor
        ):
            continue
        gap = folded[hit.end : piece.start]
        if _STOPS.search(gap):
            continue
        if place and hit.start < floor + 2:
            continue
        found = hit.key
    return found


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
        measure, noun, end = _measure(folded, piece, pieces, lexicon, measures, place)
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


_UNREAD = re.compile(r"\d|-ish\b|\bish\b")


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


_WORDS_FOR = {
    "casualties": "killed or wounded",
    "killed": "killed",
    "wounded": "wounded",
    "percent": "percent",
}


def _plain(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,g}"


def describe(quantity: Quantity) -> str:
    """Return the quantity in words, e.g. "about 4,000 (3,600 to 4,400) soldiers killed or wounded"."""
    q = quantity
    if q.role == "ratio":
        number = f"{_plain(round(q.value, 2))} times"
        return (
            f"nearly {number}"
            if q.bound == "nearly"
            else number
            if q.bound == "exact"
            else f"{q.bound.replace('_', ' ')} {number}"
        )
    more = "another " if q.role == "increment" else ""
    if q.bound in ("range", "vague"):
        number = f"{more}{_plain(q.low)} to {_plain(q.high)}"
    elif q.bound in ("about", "nearly"):
        number = f"{q.bound} {more}{_plain(q.value)} ({_plain(q.low)} to {_plain(q.high)})"
    elif q.bound == "exact":
        number = f"{more}{_plain(q.value)}"
    else:
        number = f"{q.bound.replace('_', ' ')} {more}{_plain(q.value)}"
    noun = _WORDS_FOR.get(q.measure or "", q.measure or "")
    if q.noun and q.measure in _FATES:
        noun = f"{q.noun} {noun}"
    return f"{number} {noun}".strip()
