"""The sentence that proves an alert, with the words that decided it marked."""

from __future__ import annotations

import re
from dataclasses import dataclass

from claimwatch.core.safety import clean

QUOTE = (
    280  # characters quoted at most: enough for one sentence, and the safer side of press publishers' rights
)


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a quotation; `marked` are the words that decided."""

    text: str
    marked: bool = False


def segments(evidence: str, marks: tuple[str, ...], *, limit: int = QUOTE) -> tuple[Segment, ...]:
    """Return the quotation in stretches, cut to `limit` around the first mark; () when there is none.

    A mark that does not stand in the quotation is passed over; marks that touch or overlap are one.
    """
    text = _unquoted(clean(evidence, limit=5000))
    if not text:
        return ()
    spans = _spans(text, [clean(mark, limit=QUOTE) for mark in marks[:8]])
    text, spans = _window(text, spans, limit)
    out: list[Segment] = []
    end = 0
    for start, stop in spans:
        if start > end:
            out.append(Segment(text[end:start]))
        out.append(Segment(text[start:stop], marked=True))
        end = stop
    if end < len(text):
        out.append(Segment(text[end:]))
    return tuple(out)


def quotation_marks(text: str) -> tuple[str, str]:
    """Return the marks to put round a quotation: others than those inside it."""
    return ("“", "”") if '"' in text else ('"', '"')


def _unquoted(text: str) -> str:
    """Take off quotation marks that stand round the whole text, and only those."""
    for opening, closing in ('""', "“”", "„“", "«»", "「」"):
        inner = text[1:-1]
        if text[:1] == opening and text[-1:] == closing and not {opening, closing} & set(inner):
            return inner.strip()
    return text


def _spans(text: str, marks: list[str]) -> list[tuple[int, int]]:
    found = []
    for mark in marks:
        if mark and (hit := re.search(re.escape(mark), text, re.IGNORECASE)):
            found.append(_whole_words(text, *hit.span()))
    merged: list[tuple[int, int]] = []
    for start, stop in sorted(found):
        if merged and start <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(stop, merged[-1][1]))
        else:
            merged.append((start, stop))
    return merged


def _whole_words(text: str, start: int, stop: int) -> tuple[int, int]:
    """Widen a mark to whole words: half a Korean or Ukrainian word reads badly. Chinese and Japanese stay."""
    for _ in range(20):
        if start and text[start - 1].isalnum() and text[start].isalnum() and not _is_cjk(text[start - 1]):
            start -= 1
    for _ in range(20):
        if stop < len(text) and text[stop].isalnum() and text[stop - 1].isalnum() and not _is_cjk(text[stop]):
            stop += 1
    return start, stop


def _is_cjk(character: str) -> bool:
    return "\u3040" <= character <= "\u9fff" or character >= "\U00020000"


def _window(text: str, spans: list[tuple[int, int]], limit: int) -> tuple[str, list[tuple[int, int]]]:
    if len(text) <= limit:
        return text, spans
    first = spans[0][0] if spans else 0
    start = 0 if first < limit * 2 // 3 else text.rfind(" ", 0, first - limit // 3) + 1
    stop = start + limit - 2
    if stop < len(text) and (space := text.rfind(" ", stop - 30, stop)) > start:
        stop = space
    shift = start - 1 if start else 0  # the "…" in front takes one place
    body = ("…" if start else "") + text[start:stop] + ("…" if stop < len(text) else "")
    moved = [(a - shift, min(b, stop) - shift) for a, b in spans if a >= start and a < stop]
    return body, moved
