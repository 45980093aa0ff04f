"""What stands before the first element of a document: declaration, comments, DOCTYPE, accidents."""

from __future__ import annotations

import re
from dataclasses import dataclass

FEED_ROOTS = frozenset({"rss", "feed", "rdf", "channel", "urlset", "entry", "item"})
_MARK = re.compile(r"<(?:!--|!DOCTYPE\b|\?|([A-Za-z_][\w.:-]{0,80})(?=[\s/>]))", re.IGNORECASE)
_SUBSET_END = re.compile(r"\]\s{0,100}>")
_REACH = 100_000  # characters without markup; what has not begun by then is no feed


@dataclass(frozen=True, slots=True)
class Prolog:
    """Where things lie: `root_at` is the first element (-1: none), `doctype` start and end of a DOCTYPE."""

    first_at: int = -1  # the first markup of any kind
    root_at: int = -1
    root: str = ""
    doctype: tuple[int, int] | None = None


def prolog_of(text: str) -> Prolog:
    """Return what begins the document. Linear in its length."""
    at = 0
    first_at = -1
    doctype: tuple[int, int] | None = None
    while (found := _MARK.search(text, at, at + _REACH)) is not None:
        start = found.start()
        first_at = start if first_at < 0 else first_at
        if found.group(1):
            return Prolog(first_at, start, found.group(1), doctype)
        end = _end_of(text, found.group(0), start)
        if end < 0:
            at = found.end()
            continue
        if found.group(0)[2:3] in ("d", "D") and doctype is None:
            doctype = (start, end)
        at = end
    return Prolog(first_at, -1, "", doctype)


def _end_of(text: str, opening: str, start: int) -> int:
    if opening == "<!--":
        end = text.find("-->", start + 4)
        return end + 3 if end >= 0 else -1
    if opening == "<?":
        end = text.find("?>", start)
        return end + 2 if end >= 0 else -1
    close = text.find(">", start)
    bracket = text.find("[", start, close) if close >= 0 else -1
    if bracket >= 0:
        subset = _SUBSET_END.search(text, bracket)
        return subset.end() if subset else close + 1
    return close + 1 if close >= 0 else -1
