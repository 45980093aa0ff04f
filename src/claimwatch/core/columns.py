"""Text laid out in columns, as a terminal or a plain mail shows it: East Asian characters are two wide."""

from __future__ import annotations

import re
import unicodedata

GLUE = "\x00"  # stands for a blank at which a line must not break; never occurs in clean text
MAIL_COLUMNS = 72

_THOUSANDS = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")  # "6 000" stays in one piece


def width(text: str) -> int:
    """Return the columns `text` takes; accents and joiners take none."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def wrap(text: str, *, first: str = "", indent: str = "", columns: int = MAIL_COLUMNS) -> list[str]:
    """Return `text` as lines of at most `columns`: the first begins with `first`, the others with `indent`.

    Lines break at blanks, between Chinese or Japanese characters, and inside a word only where it alone is
    too long.
    """
    lines: list[str] = []
    line, used, empty = first, width(first), True
    for word in _THOUSANDS.sub(GLUE, text).split(" "):
        if not word:
            continue
        size = width(word)
        if not empty and used + 1 + size <= columns:
            line, used = f"{line} {word}", used + 1 + size
            continue
        if not empty and (not _breaks_anywhere(word) or columns - used < 5):
            lines.append(line)
            line, used, empty = indent, width(indent), True
        elif not empty:
            line, used = line + " ", used + 1
        while used + size > columns:
            head = _fitting(word, columns - used)
            lines.append(line + word[:head])
            line, used, word = indent, width(indent), word[head:]
            size = width(word)
        line, used, empty = line + word, used + size, False
    if not empty or not lines:
        lines.append(line)
    return [each.replace(GLUE, " ").rstrip() for each in lines]


def _columns(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _breaks_anywhere(word: str) -> bool:
    """Chinese and Japanese break between any two characters; Korean has blanks between words."""
    return any(unicodedata.east_asian_width(c) in "WF" and not "\uac00" <= c <= "\ud7a3" for c in word)


def _fitting(word: str, columns: int) -> int:
    """Return how many characters of `word` fit; at least one, and never ending before an accent."""
    used = 0
    for position, character in enumerate(word):
        used += _columns(character)
        if used > columns:
            while position > 1 and _columns(word[position]) == 0:
                position -= 1
            return max(position, 1)
    return len(word)
