"""One key for the spellings of a name in Latin and Cyrillic letters.

Курськ, Курск, Kursk and Koursk share a key; so do Панцирь, Pantsir, Pantsyr and Panzir. The key throws away
what the usual romanisations (scholarly, English, French, German, Polish) disagree about, so two names with
one key are only *probably* the same: callers ask for enough letters.
"""

from __future__ import annotations

import re
from functools import lru_cache

_CYRILLIC = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "є": "e", "ё": "e", "ж": "z",
        "з": "z", "и": "i", "і": "i", "ї": "i", "й": "i", "ј": "i", "к": "k", "л": "l", "љ": "l", "м": "m",
        "н": "n", "њ": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "ћ": "s", "ђ": "z", "у": "u",
        "ў": "u", "ф": "f", "х": "h", "ц": "z", "ч": "s", "џ": "z", "ш": "s", "щ": "s", "ъ": "", "ы": "i",
        "ь": "", "э": "e", "ю": "iu", "я": "ia", "ѓ": "g", "ќ": "k", "ѕ": "z",
    }
)  # fmt: skip
# What the usual romanisations write, and the sound it stands for.
_LATIN = {
    "chtch": "s", "schtsch": "s", "shch": "s", "szcz": "s", "tsch": "s", "tch": "s", "sch": "s", "dzh": "z",
    "zh": "z", "sh": "s", "sz": "s", "ch": "s", "cz": "s", "kh": "h", "ts": "z", "tz": "z", "dj": "z",
    "ph": "f", "th": "t", "ou": "u", "oo": "u", "ck": "k", "qu": "k", "ce": "ze", "ci": "zi", "cy": "zi",
    "c": "k", "x": "ks", "w": "v", "q": "k", "y": "i", "j": "i",
}  # fmt: skip
_SPELLING = re.compile("|".join(sorted(_LATIN, key=len, reverse=True)))
_IOTATED = re.compile(r"(?:^|(?<=[aeou]))i(?=[aeou])")
_DOUBLE = re.compile(r"(.)\1+")


@lru_cache(maxsize=1 << 14)
def skeleton(folded: str) -> str:
    """Return the key of a folded Latin or Cyrillic word; "" for other scripts."""
    text = folded.translate(_CYRILLIC)
    if not text.isascii() or not text.isalpha():
        return ""
    if text == folded:
        text = _SPELLING.sub(lambda spelling: _LATIN[spelling[0]], text)
    text = _IOTATED.sub("", text)
    return _DOUBLE.sub(r"\1", text)
