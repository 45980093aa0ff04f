"""Folding: one spelling for what readers take for the same letters.

NFKC, lower case, one kind of quote, dash, apostrophe and space; Latin and Greek letters lose their accents,
Cyrillic ё becomes е; Hangul, kana and Han letters stay as they are. Invisible characters vanish.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_SAME = {
    "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "′": "'",
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "「": '"', "」": '"', "『": '"', "』": '"', "‹": '"', "›": '"',
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-", "ー": "ー", "～": "~", "〜": "~",
    "ё": "е", "Ё": "е", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ø": "o", "Ø": "o", "ı": "i", "\u0301": "",
}  # fmt: skip


@lru_cache(maxsize=20_000)
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


def fold(text: str, language: str | None = None) -> str:
    """Return the folded text; the language is accepted for callers that know it, no rule needs it yet."""
    if text.isascii() and text.isprintable() and "`" not in text:
        return text.lower()
    return "".join([_fold_letter(letter) for letter in unicodedata.normalize("NFC", text)])


def fold_with_offsets(text: str) -> tuple[str, list[int] | None]:
    """Return the folded text and, for each of its letters, the index in `text` (None: the same indexes)."""
    if text.isascii() and text.isprintable() and "`" not in text:
        return text.lower(), None
    pieces = [_fold_letter(letter) for letter in text]
    if all(len(piece) == 1 for piece in pieces):
        return "".join(pieces), None
    offsets = [index for index, piece in enumerate(pieces) for _ in piece]
    return "".join(pieces), offsets
