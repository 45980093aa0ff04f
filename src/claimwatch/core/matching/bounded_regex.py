"""Regular expressions of topics, accepted only when their worst case is small.

Python's `re` cannot be stopped, so a pattern is refused beforehand: it is read, and the number of ways it can
try one chunk of text is bounded from above. Texts are searched in chunks of `CHUNK` characters.
"""

from __future__ import annotations

import re
from re import _constants as _code  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

CHUNK = 200  # characters looked at together, about a long sentence
MOST_READ = 4_000  # characters of a text
MOST_WAYS = 100_000  # tries per chunk, at worst; one unbounded repeat has 40,000
LONGEST_PATTERN = 300


def compile_bounded(pattern: str) -> re.Pattern[str]:
    """Return the compiled pattern (case-insensitive).

    Raises: ValueError, when it is no regex, can match nothing at all, or could take too long.
    """
    if len(pattern) > LONGEST_PATTERN:
        raise ValueError(f"regex longer than {LONGEST_PATTERN} characters")
    try:
        tree = _parser.parse(pattern, re.IGNORECASE)
        compiled = re.compile(pattern, re.IGNORECASE)
    except (re.error, RecursionError, OverflowError) as error:
        raise ValueError(f'regex "{pattern}": {error}') from error
    if compiled.match(""):
        raise ValueError(f'regex "{pattern}" matches nothing at all, so it would match every text')
    if CHUNK * _ways(tree) > MOST_WAYS:
        raise ValueError(
            f'regex "{pattern}" could take too long: fewer or bounded repeats ({{0,20}}), please'
        )
    return compiled


def _ways(tree: Any) -> float:
    """Return an upper bound of the ways a parsed pattern can match at one place of a chunk."""
    total = 1.0
    for code, value in tree:
        if code in (_code.MAX_REPEAT, _code.MIN_REPEAT, getattr(_code, "POSSESSIVE_REPEAT", None)):
            least, most, inner = value
            most = min(int(most), CHUNK)
            inner_ways = _ways(inner)
            if inner_ways > 1:
                total *= min(inner_ways ** min(most, 64), 1e12) * (most - int(least) + 1)
            else:
                total *= most - int(least) + 1
        elif code is _code.BRANCH:
            total *= sum(_ways(branch) for branch in value[1])
        elif code is _code.SUBPATTERN:
            total *= _ways(value[-1])
        elif code in (_code.ASSERT, _code.ASSERT_NOT):
            total *= _ways(value[1])
        elif code in (_code.GROUPREF, _code.GROUPREF_EXISTS):
            total *= CHUNK
        elif code is getattr(_code, "ATOMIC_GROUP", None):
            total *= _ways(value)
    return total
