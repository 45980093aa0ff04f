"""Is a document well-formed, and is it shaped like a feed at all?"""

from __future__ import annotations

import xml.parsers.expat
from collections.abc import Mapping

from claimwatch.errors import ParseError

MAX_DEPTH = 500  # markup inside an entry may nest, but no page nests so deeply
MAX_ATTRIBUTES = 500  # of one element; the parsers behind us need quadratic time for many


class _TooMuch(Exception):
    """The document has a shape that costs out of proportion."""


def problem_of(text: str) -> str | None:
    """Return None for a well-formed document, else in words where it breaks.

    Raises: ParseError, for nesting or attributes no feed needs.
    """
    parser = xml.parsers.expat.ParserCreate(encoding="utf-8")
    depth = 0

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise _TooMuch(f"elements nested more than {MAX_DEPTH} deep")
        if len(attributes) > MAX_ATTRIBUTES:
            raise _TooMuch(f"an element with {len(attributes)} attributes")

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        parser.Parse(text.encode("utf-8", "replace"), True)
    except _TooMuch as much:
        raise ParseError(f"{much}: the document is no honest feed") from None
    except xml.parsers.expat.ExpatError as error:
        return f"not well-formed at line {error.lineno}: {xml.parsers.expat.errors.messages[error.code]}"
    return None
