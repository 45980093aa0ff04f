"""An item as matching reads it: title, summary and content as one text of words, sentences, paragraphs."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cached_property
from typing import NamedTuple

from claimwatch.core.model import Item
from claimwatch.language.words import word_pattern

MOST_TITLE = 1_000  # characters read of each part; what lies beyond is not matched
MOST_SUMMARY = 6_000
MOST_TEXT = 12_000

_BREAK = re.compile(r"(?<![\s.(][^\W\d_])[.!?…]+[\"'»”’)\]]*\s+|[。！？]+[」』”]?|[\r\n]+")
_PARAGRAPH = re.compile(r"\n[ \t\r]*\n|\r\n\r\n")
_JOIN = "\n\n"


class Place(NamedTuple):
    """Where in an item something stands."""

    field: str
    sentence: int  # counted through the item; the title is the first when there is one
    paragraph: int


class Text:
    """One item's text. Words are counted through title, summary and content."""

    def __init__(self, item: Item) -> None:
        title = item.title[:MOST_TITLE]
        summary = item.summary[:MOST_SUMMARY]
        content = item.content[: max(0, MOST_TEXT - len(title) - len(summary))]
        if content and summary and content.startswith(summary):
            summary = ""
        self.language = item.language
        self.parts: list[tuple[int, str]] = []  # where each field begins
        pieces: list[str] = []
        length = 0
        for field, part in (("title", title), ("summary", summary), ("content", content)):
            if part.strip():
                self.parts.append((length, field))
                pieces.append(part)
                length += len(part) + len(_JOIN)
        self.text = _JOIN.join(pieces)
        self._word = word_pattern(self.text)
        self.words: list[str] = self._word.findall(self.text)

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """Where each word stands. Costs a second reading, so only texts with a hit pay it."""
        return [found.span() for found in self._word.finditer(self.text)]

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [0, *(found.end() for found in _BREAK.finditer(self.text))]

    @cached_property
    def _paragraph_starts(self) -> list[int]:
        return [0, *(found.end() for found in _PARAGRAPH.finditer(self.text))]

    def place(self, offset: int) -> Place:
        """Return where the character at `offset` stands."""
        field = self.parts[bisect_right(self.parts, (offset, "~")) - 1][1]
        return Place(
            field,
            bisect_right(self._sentence_starts, offset) - 1,
            bisect_right(self._paragraph_starts, offset) - 1,
        )

    def word_at(self, offset: int) -> int | None:
        """Return the number of the word that begins at `offset`."""
        at = bisect_left(self.spans, (offset, 0))
        return at if at < len(self.spans) and self.spans[at][0] == offset else None

    @property
    def has_title(self) -> bool:
        return bool(self.parts) and self.parts[0][1] == "title"
