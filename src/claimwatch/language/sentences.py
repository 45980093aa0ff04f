"""Sentences, cut verbatim out of a text."""

from __future__ import annotations

from functools import lru_cache

from sentencex import segment

LONGEST = 20_000  # letters of a text that are read at all


@lru_cache(maxsize=2048)
def _split(text: str, language: str) -> tuple[str, ...]:
    found: list[str] = []
    for line in text[:LONGEST].splitlines():
        if line.strip():
            found.extend(piece.strip() for piece in segment(language, line.strip()) if piece.strip())
    return tuple(found)


def split_sentences(text: str, language: str | None = None) -> list[str]:
    """Return the sentences in order; each is a verbatim, stripped piece of the text. Lines end sentences."""
    return list(_split(text, language or "en"))
