"""Stems of words: Snowball where it knows the language, own tables of endings where it does not.

A stem is only a key for comparing two forms of one word in one language; it is never shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib import resources
from typing import Protocol

import Stemmer

from claimwatch.language.words import Script, fold_lowered

_SNOWBALL = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek",
    "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish",
    "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian",
    "it": "italian", "lt": "lithuanian", "nb": "norwegian", "nl": "dutch", "nn": "norwegian",
    "no": "norwegian",
    "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sk": "czech", "sr": "serbian",
    "sv": "swedish",
    "tr": "turkish",
}  # fmt: skip
_TABLES = {"uk": "uk", "be": "uk", "bg": "bg", "mk": "bg"}
# Languages that decline even the shortest names.
_DECLINING = frozenset({"be", "cs", "lt", "pl", "ru", "sk", "sr", "uk"})
_TONAL = "vi"  # accents are part of the word: see `core.matching.alike`
_GENDERED = {
    "it": re.compile("[oaie]$"),
    "es": re.compile("[oa]s?$"),
    "pt": re.compile("[oa]s?$"),
}
_LEAST_STEM = 4  # letters a table must leave

# The languages a word of unknown language is tried in.
_UNKNOWN = {
    Script.LATIN: ("en", "fr", "de", "es"),
    Script.CYRILLIC: ("ru", "uk"),
    Script.OTHER: (),
}
# The languages whose stems a name is filed under; a name's own language is not known.
NAME_LANGUAGES = {
    Script.LATIN: ("en", "fr", "de", "es", "it", "pt", "pl", "cs", "nl", "sv", "ro", "tr", "id"),
    Script.CYRILLIC: ("ru", "uk", "bg"),
    Script.OTHER: ("ar", "hi", "el"),
}


class _Snowball(Protocol):
    def stemWord(self, word: str) -> str: ...


@lru_cache(maxsize=1 << 10)
def languages_for(script: Script, language: str | None) -> tuple[str, ...]:
    """Return the languages to compare a word in: the text's own, and English among Latin letters.

    Every Cyrillic word is also read as Russian and Ukrainian: texts of both quote each other.
    """
    primary = (language or "").replace("_", "-").split("-")[0].lower()
    if script in (Script.HANGUL, Script.CONTINUOUS, Script.NUMBER):
        return ()
    known = _UNKNOWN.get(script, ())
    if primary == _TONAL and script is Script.LATIN:
        return (_TONAL, "en")
    if primary not in _SNOWBALL and primary not in _TABLES and primary != "en":
        return known if not primary else known[:1] if script is Script.LATIN else known
    if script is Script.LATIN:
        return (primary, "en") if primary != "en" else ("en",)
    return (primary, *(other for other in known if other != primary))


@lru_cache(maxsize=1 << 15)
def stems(lowered: str, language: str) -> tuple[str, ...]:
    """Return the folded stems a lowered word (see `words.lower`) may have in one language.

    Snowball decides for one; by a table a word has a stem for every ending it could end in, and two forms
    of one word share at least one of them.
    """
    if language == "en":
        return tuple(_english(fold_lowered(lowered)))
    if (table := _TABLES.get(language)) is not None:
        known = endings(table)
        cut = (lowered[:kept] for kept in range(_LEAST_STEM, len(lowered)) if lowered[kept:] in known)
        return (fold_lowered(lowered), *map(fold_lowered, cut))
    if language not in _SNOWBALL:
        return (lowered,)
    snowball = _snowball(_SNOWBALL[language])
    found = fold_lowered(snowball.stemWord(lowered))
    if language == "fr" and lowered.endswith("ent") and len(lowered) > 6:
        # Snowball leaves the third person plural whole: "inquiètent", "alarment".
        return (found, fold_lowered(snowball.stemWord(lowered[:-2])))
    if language in _GENDERED and len(lowered) > 6 and (ending := _GENDERED[language].search(lowered)):
        # Snowball takes more off "nordcoreano" (as if a verb) than off "nordcoreani".
        return (found, fold_lowered(lowered[: ending.start()]))
    return (found,)


def is_korean_ending(rest: str) -> bool:
    """Say whether `rest` may follow a name inside one Korean word."""
    return rest in endings("ko")


def is_case_ending(rest: str, language: str) -> bool:
    """Say whether `rest` may be the case ending of a short foreign name in a language."""
    return language in _DECLINING and rest in endings("short")


def _english(word: str) -> Iterator[str]:
    """Yield what an English word may be a form of.

    Snowball goes further than forms: to it "container" and "contained" are one word.
    """
    yield word
    if len(word) <= _LEAST_STEM:
        return
    if word.endswith("ies") or word.endswith("ied"):
        yield f"{word[:-3]}y"
    elif word.endswith("es") and word[-3] in "sxzho":
        yield word[:-2]
        yield word[:-1]
    elif word.endswith("s") and word[-2] != "s":
        yield word[:-1]
    elif word.endswith("ed"):
        yield word[:-2]
        yield word[:-1]
    elif word.endswith("ing"):
        yield word[:-3]
        yield f"{word[:-3]}e"


@cache
def endings(table: str) -> frozenset[str]:
    """Return a table's endings (`suffixes/*.txt`; # begins a comment)."""
    text = resources.files("claimwatch.language").joinpath(f"suffixes/{table}.txt").read_text("utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


@cache
def _snowball(algorithm: str) -> _Snowball:
    stemmer: _Snowball = Stemmer.Stemmer(algorithm, 0)  # no cache of its own: callers remember words
    return stemmer
