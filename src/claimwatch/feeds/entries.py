"""Where the entries of a document lie, found without parsing it.

Used to keep the number of entries bounded and to drop an entry that was cut off in the middle.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from claimwatch.feeds.dates import from_text

_FIRST = re.compile(r"<!--|<!\[CDATA\[|<((?:[\w.-]{1,40}:)?(?:item|entry|url))(?=[\s/>])")


@dataclass(frozen=True, slots=True)
class Spans:
    """Start and end of every whole entry, in order; `cut_at` is where an entry begins that never ends."""

    whole: tuple[tuple[int, int], ...]
    cut_at: int | None = None


def entry_spans(text: str) -> Spans:
    """Return where the outermost `item` or `entry` elements lie; comments and CDATA are passed over.

    Linear in the length of the text.
    """
    name = _entry_name(text)
    if name is None:
        return Spans(())
    # "<name" and "</name" with what may follow a name, besides what may hide them
    mark = re.compile(r"<!--|<!\[CDATA\[|<(/?)" + re.escape(name) + r"(?=[\s/>])")
    whole: list[tuple[int, int]] = []
    at = depth = begin = 0
    no_more: set[str] = set()
    while (found := mark.search(text, at)) is not None:
        opening = found.group(0)
        if opening in ("<!--", "<![CDATA["):
            closing = "-->" if opening == "<!--" else "]]>"
            end = -1 if closing in no_more else text.find(closing, found.end())
            if end < 0:
                no_more.add(closing)
            at = found.end() if end < 0 else end + 3
            continue
        end = text.find(">", found.end())
        if end < 0:
            break
        at = end + 1
        if found.group(1):
            depth -= 1
            if depth == 0:
                whole.append((begin, at))
            depth = max(depth, 0)
        elif text[end - 1] != "/":
            depth += 1
            if depth == 1:
                begin = found.start()
    return Spans(tuple(whole), begin if depth else None)


def _entry_name(text: str) -> str | None:
    at = 0
    while (found := _FIRST.search(text, at)) is not None:
        opening = found.group(0)
        if found.group(1):
            return found.group(1)
        end = text.find("-->" if opening == "<!--" else "]]>", found.end())
        if end < 0:
            return None
        at = end + 3
    return None


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
