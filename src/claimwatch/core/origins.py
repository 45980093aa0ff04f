"""Who is behind a report: the origin, which is not the outlet."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

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


@dataclass(frozen=True, slots=True)
class Origin:
    """Who is behind a report; `wire` says that it is a news agency, whose own words are an origin of their own."""

    name: str
    wire: bool = False


def origin_of(
    *, speaker: str | None, text: str, publisher: str, wires: Collection[str] = (), cites: str | None = None
) -> Origin:
    """Return who is behind a report: the named speaker, else the agency credited, else the outlet it cites.

    Who names none of these is its own origin. `wires` are publishers that the config calls news agencies,
    beside those known here; `cites` is the outlet a text says it has its report from.
    """
    if speaker and not set(_voice(speaker)) - _SILENT <= _NOBODY:
        return Origin(speaker.strip(), is_wire(speaker.strip(), wires))
    if (credited := credit(text, wires)) is not None:
        return Origin(credited, wire=True)
    if cites is not None:
        return Origin(cites, is_wire(cites, wires))
    return Origin(publisher, is_wire(publisher, wires))


def credit(text: str, wires: Collection[str] = ()) -> str | None:
    """Return the news agency that a text credits, None when it names none."""
    if (wire := _WIRE.search(text)) is not None:
        return next(name for sign, name in _SIGNED.items() if wire.group(0).startswith(sign))
    folded = f" {' '.join(_WORDS.findall(_folded(text)))} " if wires else ""
    return next((name for name in wires if f" {' '.join(_WORDS.findall(_folded(name)))} " in folded), None)


def is_wire(name: str, wires: Collection[str] = ()) -> bool:
    """Say whether a name is a news agency's."""
    return name in _SIGNED or name in wires


@lru_cache(maxsize=1 << 16)  # of a claim's origins the same few are compared again and again
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


@dataclass(frozen=True, slots=True)
class SameOrigin:
    """A person says that an origin of a claim is no other than `same_as`; undone when it was `lifted_at`."""

    claim: str
    origin: str
    same_as: str
    by: str
    at: datetime
    note: str = ""
    lifted_at: datetime | None = None
    lifted_by: str | None = None


def counted_as(origin: str, merges: Iterable[SameOrigin]) -> str | None:
    """Return the origin that one is counted as, None where that is itself."""
    standing, name = [m for m in merges if m.lifted_at is None], origin
    for _ in standing:
        merge = next((m for m in standing if same_origin(m.origin, name)), None)
        if merge is None or same_origin(merge.same_as, name):
            break
        standing.remove(merge)
        name = merge.same_as
    return None if name == origin else name


def _voice(name: str) -> list[str]:
    words = _WORDS.findall(_folded(name))
    return [w for w in words if w not in _SILENT] or words


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
