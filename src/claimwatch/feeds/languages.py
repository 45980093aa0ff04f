"""Language tags as feeds write them -> two-letter (or three-letter) codes."""

from __future__ import annotations

import re

_TAG = re.compile(r"\s*([A-Za-z]{2,3}|[A-Za-z]{4,12})(?:[-_.@ ].*)?\s*$", re.DOTALL)
# Country codes and names written where a language belongs, and ISO 639-2 codes of languages that have a
# two-letter one. "ua" and the like are no language codes, so nothing is shadowed.
_MEANT = {
    "ua": "uk", "jp": "ja", "kr": "ko", "cn": "zh", "cz": "cs", "gr": "el", "dk": "da", "gb": "en",
    "us": "en",
    "iw": "he", "in": "id", "ji": "yi", "eng": "en", "fre": "fr", "fra": "fr", "ger": "de", "deu": "de",
    "rus": "ru", "ukr": "uk", "spa": "es", "ita": "it", "por": "pt", "kor": "ko", "jpn": "ja", "chi": "zh",
    "zho": "zh", "pol": "pl", "ara": "ar", "tur": "tr", "nld": "nl", "dut": "nl", "swe": "sv", "per": "fa",
    "fas": "fa", "heb": "he", "hin": "hi", "cmn": "zh", "nob": "nb",
    "english": "en", "french": "fr", "german": "de", "russian": "ru", "ukrainian": "uk", "spanish": "es",
    "italian": "it", "portuguese": "pt", "korean": "ko", "japanese": "ja", "chinese": "zh", "polish": "pl",
    "arabic": "ar", "turkish": "tr", "deutsch": "de",
}  # fmt: skip
_NONE = frozenset({"und", "mul", "zxx", "xx", "mis"})


def language_code(tag: str | None) -> str | None:
    """Return the primary language of a tag: "en-gb" -> "en", "ua" -> "uk"; None for none or nonsense."""
    if not tag or len(tag) > 60:
        return None
    found = _TAG.match(tag)
    if found is None:
        return None
    code = found.group(1).lower()
    code = _MEANT.get(code, code)
    return None if len(code) > 3 or code in _NONE else code
