"""Which outlet a text says it has its report from: "citing Example Times", "según ...", "по данным ..."."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from claimwatch.language.transliterate import skeleton
from claimwatch.language.words import WORD, fold

Key = tuple[str, ...]
_KEY = 5  # letters of a word's key that are compared: what follows may be a case ending
_LONGEST = 4  # words of an outlet's name
_BEFORE = (
    # English, French, German, Spanish, Italian, Portuguese, Dutch, Polish, Czech, Swedish
    "according to", "citing", "cited by", "quoting", "quoted by", "reported by", "reports", "first reported by",
    "told", "selon", "d['’]après", "citant", "cité par", "rapporte", "rapporté par", "relayé par",
    "laut", "unter berufung auf", "berichtet", "berichtete", "nach angaben", "nach informationen",
    "según", "citando a", "citado por", "informó", "informa", "de acuerdo con",
    "secondo", "citando", "riferisce", "riporta", "segundo", "de acordo com", "volgens",
    "według", "powołując się na", "podaje", "podał", "za", "podle", "s odvoláním na", "enligt",
    # Russian, Ukrainian, Bulgarian
    "по данным", "по сообщению", "по информации", "со ссылкой на", "сообщает", "сообщило", "пишет", "передает",
    "за даними", "за інформацією", "з посиланням на", "із посиланням на", "повідомляє", "пише", "передає",
    "според", "съобщава",
)  # fmt: skip
_ARTICLE = (
    r"(?:the |le |la |les |l['’]|der |die |das |dem |den |von |vom |de |el |los |il |lo |agency |"
    r"газет\w+ |издани\w+ |видання )*"
)
_CITES = re.compile(
    rf"(?<!\w)(?:{'|'.join(_BEFORE)})\s+{_ARTICLE}[«\"“„']?(?P<name>\w[^.,;:!?()«»\"“”„\n]{{1,60}})",
    re.IGNORECASE,
)
_CITES_UNSPACED = re.compile(
    r"(?:据|據|援引)[《「]?(?P<zh>[^,。,、》」\n]{2,30}?)[》」]?(?:报道|報道|報導|消息)"
    r"|(?P<ja>[^、。\n]{2,30}?)(?:によると|によれば|が報じ)"
    r"|(?P<ko>[^.,\n]{2,30}?)(?:에 따르면|에 의하면|[은는이가] 보도)"
)


def publisher_key(name: str) -> Key:
    """Return what one outlet's name shares in all its cases, in Latin and Cyrillic letters."""
    words = (fold(word) for word in WORD.findall(name)[:_LONGEST])
    return tuple((skeleton(word) or word)[:_KEY] for word in words if word)


def publisher_keys(names: Iterable[str]) -> dict[Key, str]:
    """Return the outlets by their keys, for `cited`."""
    return {key: name for name in names if (key := publisher_key(name))}


def cited(text: str, outlets: Mapping[Key, str], *, publisher: str) -> str | None:
    """Return the outlet, other than the publisher itself, that a text says it has its report from."""
    if not outlets:
        return None
    for found in (*_CITES.finditer(text[:3000]), *_CITES_UNSPACED.finditer(text[:3000])):
        said = next(filter(None, found.groups()), "")
        words = publisher_key(said)
        starts = range(len(words)) if found.re is _CITES_UNSPACED else (0,)
        for start in starts:
            for length in range(len(words) - start, 0, -1):
                name = outlets.get(words[start : start + length])
                if name is not None and name != publisher:
                    return name
    return None
