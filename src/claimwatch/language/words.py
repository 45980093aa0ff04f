"""Words of any script, cut and folded for comparing names.

A word is a run of letters or a number; letters and digits never share a word, so "KN-23", "KN 23" and
"KN23" are the same two words. Chinese and Japanese are not cut (see `CONTINUOUS`). Folding works on one
word at a time: its cost is bounded by the word's length, whatever the text is made of.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

LONGEST_WORD = 48  # letters; the longest words of real inflected text stay well below

# Signs that stand inside a word without being part of it: soft hyphen, zero-width signs, bidi controls.
_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
# Combining marks and the Indic, Thai, Lao, Tibetan, Burmese, Khmer blocks, where vowels are marks.
_MARKS = "\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
_MARK_SCRIPTS = "\u0900-\u0963\u0966-\u0dff\u0e31-\u0e3a\u0e47-\u0e4e\u0eb1-\u0ecd\u0f71-\u0f84\u102b-\u103e"
CONTINUOUS = "\u3005-\u3007\u3040-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_LETTER = f"(?:(?![{CONTINUOUS}])[^\\W\\d_]|[{_MARKS}{_MARK_SCRIPTS}{_INVISIBLE}])"
_NUMBER = r"\d{1,3}(?:[.,'’\u00a0\u202f\u2009 ]\d{3})+(?!\d)|\d{1,24}"

_NUMBERS = f"(?<!\\d)(?:{_NUMBER})|\\d+"
# Matches a number ("30,000" is one), a run of letters, or a run of Chinese or Japanese script.
WORD = re.compile(f"{_NUMBERS}|{_LETTER}{{1,{LONGEST_WORD}}}|[{CONTINUOUS}]{{1,400}}")
# The same, quicker, for texts that hold less.
_WORD_ASCII = re.compile(f"[A-Za-z]{{1,{LONGEST_WORD}}}|{_NUMBERS}", re.ASCII)
_WORD_PLAIN = re.compile(f"[^\\W\\d_]{{1,{LONGEST_WORD}}}|{_NUMBERS}")
_NEEDS_ALL = re.compile(f"[{_MARKS}{_MARK_SCRIPTS}{_INVISIBLE}{CONTINUOUS}]")
HAS_CONTINUOUS = re.compile(f"[{CONTINUOUS}]")
_CYRILLIC = re.compile("[\u0430-\u045f\u0490-\u04ff]+")
_REMOVED = re.compile(f"[{_INVISIBLE}]+")
_NOT_DIGIT = re.compile(r"\D+")
# Latin letters that Unicode does not take apart, and what people without the key type instead.
_PLAIN = str.maketrans(
    {
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "ø": "o",
        "ı": "i",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ħ": "h",
        "ё": "е",
        "ґ": "г",
    }
)


class _Folding(dict[int, str]):
    """What each letter folds to, found out when it is first met: taking letters apart is dear."""

    def __missing__(self, code: int) -> str:
        letters = chr(code).translate(_PLAIN)
        if not "\u0400" <= letters <= "\u052f":
            parts = unicodedata.normalize("NFD", letters)
            letters = "".join(
                part for part in parts if unicodedata.category(part) != "Mn" or "\u0900" <= part <= "\u109f"
            )
        if len(self) < _MOST_LETTERS:
            self[code] = letters
        return letters


_MOST_LETTERS = 20_000
_FOLDING = _Folding()


def word_pattern(text: str) -> re.Pattern[str]:
    """Return the quickest pattern that finds in `text` what `WORD` finds."""
    if text.isascii():
        return _WORD_ASCII
    return WORD if _NEEDS_ALL.search(text) else _WORD_PLAIN


class Script(StrEnum):
    """The writing of a word, as far as matching treats it differently."""

    LATIN = "latin"
    CYRILLIC = "cyrillic"
    HANGUL = "hangul"
    CONTINUOUS = "continuous"
    NUMBER = "number"
    OTHER = "other"


def as_written(raw: str) -> str:
    """Return the word composed and without invisible signs, case and accents as they are."""
    return unicodedata.normalize("NFKC", _REMOVED.sub("", raw))


def lower(raw: str) -> str:
    """Return the word composed (NFKC), caseless, without invisible signs; accents stay."""
    if raw.isascii():
        return raw.lower()
    clean = unicodedata.normalize("NFKC", _REMOVED.sub("", raw)).casefold()
    return unicodedata.normalize("NFC", clean)[:LONGEST_WORD]  # one sign may stand for eighteen


def fold(raw: str) -> str:
    """Return the word as names are compared: `lower`, without the accents that languages allow to drop.

    Latin and Greek lose accents; Cyrillic keeps й and ї, which are letters of their own, and loses stress
    marks and ё; Arabic and Hebrew lose vowel points. Numbers lose their thousands separators.
    """
    if raw.isascii() and raw.isalpha():
        return raw.lower()
    if raw[:1].isdigit():
        return _NOT_DIGIT.sub("", unicodedata.normalize("NFKC", raw))
    return fold_lowered(lower(raw))


def fold_lowered(word: str) -> str:
    """Return `fold` of a word that `lower` has already seen."""
    if word.isascii():
        return word
    if _CYRILLIC.fullmatch(word):
        return word.translate(_PLAIN)
    if script_of(word) in (Script.HANGUL, Script.CONTINUOUS):
        return word
    return word.translate(_FOLDING)


def script_of(word: str) -> Script:
    """Return the script of the word's first letter."""
    for char in word:
        if char < "\u0250" or "\u1e00" <= char <= "\u1eff":
            return Script.NUMBER if char.isdigit() else Script.LATIN
        if "\u0400" <= char <= "\u052f":
            return Script.CYRILLIC
        if "\uac00" <= char <= "\ud7a3" or "\u1100" <= char <= "\u11ff" or "\u3130" <= char <= "\u318f":
            return Script.HANGUL
        if HAS_CONTINUOUS.match(char):
            return Script.CONTINUOUS
        if char.isdigit():
            return Script.NUMBER
        if not unicodedata.combining(char):
            return Script.OTHER
    return Script.OTHER
