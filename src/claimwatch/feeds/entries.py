"""Where the entries of a document lie, found without parsing it.

Used to leave out what need not be read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_FIRST = re.compile(r"<!--|<!\[CDATA\[|<((?:[\w.-]{1,40}:)?(?:item|entry))(?=[\s/>])")


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
