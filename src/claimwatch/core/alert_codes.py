"""What names an alert: the fingerprint that makes it unique, and the six letters people type."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from claimwatch.core.model import Alert

# Read aloud and typed on a phone: no letters that look alike, no vowels that make words.
_LETTERS = "23456789CDFGHJKMNPQRTVWX"


def fingerprint(*parts: str) -> str:
    """Return 20 hexadecimal digits that are equal for equal parts."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:20]


def coded(alert: Alert, *, draw: int = 0) -> Alert:
    """Return the alert with its code, drawn from its fingerprint; another one for each `draw`.

    Of 24^6 = 191 million codes two alerts among 10,000 draw the same one with a chance of one in four:
    storage draws again where a code is taken.
    """
    drawn = fingerprint(alert.fingerprint, str(draw)) if draw else alert.fingerprint
    number, code = int(drawn[:16], 16), ""
    for _ in range(6):
        number, digit = divmod(number, len(_LETTERS))
        code += _LETTERS[digit]
    return replace(alert, code=code)
