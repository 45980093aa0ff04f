"""What of a document need not be read: entries past the limit, cut off in the middle, or known already."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from hashlib import blake2b

from claimwatch.feeds.dates import from_text
from claimwatch.feeds.entries import Spans

MAX_ENTRIES = 1000  # of one document; feeds hold 10 to 100, archives and accidents hold more

_DATE = re.compile(
    r"<(?:[\w.-]{1,40}:)?(?:pubDate|published|updated|date|issued|modified)\b[^<>]{0,300}>([^<]{4,80})"
)


def without_excess(text: str, spans: Spans, notes: list[str]) -> str:
    """Return the document with at most `MAX_ENTRIES` entries: the first, or the last when those are newer."""
    whole = spans.whole
    if len(whole) <= MAX_ENTRIES:
        return text
    notes.append(f"{len(whole)} entries, of which only the newest {MAX_ENTRIES} are read")
    first, last = (_dated(text[slice(*whole[place])]) for place in (0, -1))
    if first is not None and last is not None and last > first:
        return text[: whole[0][0]] + text[whole[-MAX_ENTRIES][0] :]
    return text[: whole[MAX_ENTRIES][0]] + text[whole[-1][1] :]


def without_cut_entry(text: str, spans: Spans, notes: list[str]) -> str:
    """Return the document without an entry at its end that was cut off, when whole ones came before it."""
    if spans.cut_at is None or not spans.whole:
        return text
    rest = text[spans.cut_at :]
    if _ROOT_END.search(rest) or len(_FIRST_ENTRY.findall(rest)) > 1:
        return text  # not cut off: an end tag is missing somewhere, which the tolerant parser copes with
    notes.append("cut off in the middle of an entry")
    return text[: spans.cut_at]


_ROOT_END = re.compile(r"</(?:[\w.-]{1,40}:)?(?:rss|feed|rdf|channel)(?=[\s>])", re.IGNORECASE)
_FIRST_ENTRY = re.compile(r"<(?:[\w.-]{1,40}:)?(?:item|entry)(?=[\s/>])")


def _dated(entry: str) -> datetime | None:
    found = _DATE.search(entry)
    return from_text(found.group(1)) if found else None


MARK_BYTES = 8

# The name an entry goes by, as it stands in the markup: guid, id or rdf:about, else its link.
_ID = re.compile(
    r"""<(?:[\w.-]{1,40}:)?(?:guid|id)(?:\s[^<>]{0,300})?>\s{0,50}(?:<!\[CDATA\[)?([^<]{1,2000})[\]<]"""
    r"""|<(?:[\w.-]{1,40}:)?item\s[^<>]{0,200}about\s{0,5}=\s{0,5}["']([^"'<>]{1,2000})["']"""
)
_LINK = re.compile(
    r"""<link>\s{0,50}(?:<!\[CDATA\[)?([^<]{1,2000})[\]<]|<link\s[^<>]{0,300}href\s{0,5}=\s{0,5}["']([^"'<>]{1,2000})["']"""
)


def marks_of(texts: Iterable[str]) -> list[bytes]:
    """Return one mark of 8 bytes for each entry: equal for equal text."""
    return [blake2b(text.encode("utf-8", "surrogatepass"), digest_size=MARK_BYTES).digest() for text in texts]


def split_marks(marks: bytes) -> set[bytes]:
    """Return the single marks of `Document.marks`."""
    return {marks[at : at + MARK_BYTES] for at in range(0, len(marks), MARK_BYTES)}


def without_known(text: str, spans: Spans, marks: list[bytes], known: set[bytes]) -> tuple[str, int]:
    """Return the document without the entries whose marks are known, and how many those are.

    Nothing is cut from a document two of whose entries share a name, or where one has none: what an entry
    is called may then depend on its neighbours.
    """
    if not known or not any(mark in known for mark in marks):
        return text, 0
    names = {_name(text, begin, end) for begin, end in spans.whole}
    if None in names or len(names) < len(marks):
        return text, 0
    pieces: list[str] = []
    at = skipped = 0
    for (begin, end), mark in zip(spans.whole, marks, strict=True):
        if mark in known:
            pieces.append(text[at:begin])
            at = end
            skipped += 1
    pieces.append(text[at:])
    return "".join(pieces), skipped


def _name(text: str, begin: int, end: int) -> str | None:
    found = _ID.search(text, begin, end) or _LINK.search(text, begin, end)
    return (found.group(1) or found.group(2)).strip() if found else None
