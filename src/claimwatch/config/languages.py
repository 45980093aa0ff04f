"""Language tags: which exist, and what people write instead."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

from claimwatch.config.problems import nearest

_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|[0-9]{3}))?")
# Country codes people take for languages, where the code is not itself a language they could mean.
_COUNTRIES = {
    "ua": "uk",
    "jp": "ja",
    "cn": "zh",
    "cz": "cs",
    "dk": "da",
    "gr": "el",
    "us": "en",
    "gb": "en",
    "at": "de",
}


@cache
def _table() -> tuple[dict[str, str], dict[str, str]]:
    """Return two-letter code -> English name, and other spellings (three letters, names) -> two letters."""
    names: dict[str, str] = {}
    others: dict[str, str] = {}
    text = resources.files("claimwatch.config").joinpath("languages.tsv").read_text("utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            code, three, name = line.split("\t")
            names[code] = name
            for other in (*three.split(), name.lower()):
                others[other] = code
    return names, others


def name_of(tag: str) -> str:
    """Return the English name of a tag's language, or the tag."""
    return _table()[0].get(tag.split("-")[0], tag)


def read_tag(text: str) -> tuple[str | None, str]:
    """Return the tag in its usual spelling (`pt-BR`), or None and what to write instead."""
    names, others = _table()
    found = _TAG.fullmatch(text.strip())
    if found and found[1].lower() in names:
        parts = [found[1].lower(), (found[2] or "").title(), (found[3] or "").upper()]
        return "-".join(part for part in parts if part), ""
    lower = text.strip().lower()
    code = others.get(lower) or _COUNTRIES.get(lower)
    if code is None and found and found[1].lower() in others:
        code = others[found[1].lower()]
    if code is None and len(lower) > 3:
        near = nearest(lower, [name for name in others if len(name) > 3])
        code = others[near] if near else None
    if code:
        return None, f'"{text}" is not a language tag. For {names[code]} write "{code}".'
    if found and len(found[1]) == 3:
        # A language with a three-letter code only (ISO 639-3), such as ckb: nothing to check it against.
        return text.strip().lower(), ""
    return None, f'"{text}" is not a language tag. Write two letters such as "en", "fr" or "uk".'
