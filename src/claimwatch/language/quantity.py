"""A quantity: a value with its bound, what is counted, and whether it is a total, an increment or a ratio."""

from __future__ import annotations

from dataclasses import dataclass

INFINITE = float("inf")
FATES = ("casualties", "killed", "wounded", "captured", "missing")
_PARENTS = {
    "killed": "casualties", "wounded": "casualties", "sappers": "soldiers", "builders": "soldiers",
    "officers": "soldiers", "soldiers": "people", "shells": "munitions", "missiles": "munitions",
}  # fmt: skip
_WORDS_FOR = {
    "casualties": "killed or wounded",
    "killed": "killed",
    "wounded": "wounded",
    "percent": "percent",
}


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
    if q.noun and q.measure in FATES:
        noun = f"{q.noun} {noun}"
    return f"{number} {noun}".strip()
