"""Folding: one spelling for what readers take for the same letters.

NFKC, lower case, one kind of quote, dash, apostrophe and space; Latin and Greek letters lose their accents,
Cyrillic ё becomes е; Hangul, kana and Han letters stay as they are. Invisible characters vanish.
"""

from __future__ import annotations

import unicodedata

_SAME = {
    "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "′": "'",
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "「": '"', "」": '"', "『": '"', "』": '"', "‹": '"', "›": '"',
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-", "ー": "ー", "～": "~", "〜": "~",
    "ё": "е", "Ё": "е", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ø": "o", "Ø": "o", "ı": "i", "\u0301": "",
}  # fmt: skip


class _Folding(dict[int, str]):
    """What each letter folds to, found out when it is first met; `uneven` are those that become none or several."""

    def __init__(self) -> None:
        self.uneven: set[str] = set()

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        folded = self[code] = _fold_letter(letter)
        if len(folded) != 1:
            self.uneven.add(letter)
        return folded


def _fold_letter(letter: str) -> str:
    if letter in _SAME:
        return _SAME[letter]
    category = unicodedata.category(letter)
    if category in ("Cf", "Cc"):
        return " " if letter in "\t\n\r\v\f" else ""
    if category.startswith("Z"):
        return " "
    name = unicodedata.name(letter, "")
    if name.startswith(("LATIN", "GREEK")):
        parts = unicodedata.normalize("NFKD", letter)
        return "".join(part for part in parts if not unicodedata.combining(part)).casefold()
    return unicodedata.normalize("NFKC", letter).casefold()


_FOLDING = _Folding()


def fold(text: str, language: str | None = None) -> str:
    """Return the folded text; the language is accepted for callers that know it, no rule needs it yet."""
    if text.isascii() and text.isprintable() and "`" not in text:
        return text.lower()
    return unicodedata.normalize("NFC", text).translate(_FOLDING)


def fold_with_offsets(text: str) -> tuple[str, list[int] | None]:
    """Return the folded text and, for each of its letters, the index in `text` (None: the same indexes)."""
    if text.isascii() and text.isprintable() and "`" not in text:
        return text.lower(), None
    folded = text.translate(_FOLDING)
    if _FOLDING.uneven.isdisjoint(text):
        return folded, None
    return folded, [index for index, letter in enumerate(text) for _ in _FOLDING[ord(letter)]]
