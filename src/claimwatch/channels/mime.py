"""A mail as bytes, written out by hand so that the same alert gives the same bytes on every Python.

The standard library's writer picks a random boundary, folds long message ids into encoded words, and (3.11)
turns `=?UTF-8?Q?=0A?=` inside a value into a new header line; its reader is what the tests hold these bytes
against.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, datetime

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WORD = 39  # octets of text in one encoded word: 52 of base64 and 12 of frame stay well under 75


def message(headers: Sequence[tuple[str, str]], text: str, html: str | None, *, boundary_of: str) -> bytes:
    """Return the mail with CRLF line ends, ASCII only, no line over 998 octets.

    Header values must be clean already (`header_text`, `phrase`, `address`); a line break in one is an error.
    """
    # "=_" occurs neither in quoted-printable nor in base64, and `_part` does not leave it in plain text.
    boundary = "=_cw-" + hashlib.sha256(boundary_of.encode()).hexdigest()[:24]
    lines = [f"{name}: {_checked(value)}" for name, value in headers]
    lines.append("MIME-Version: 1.0")
    if html is None:
        head, body = _part(text, "plain")
        return "\r\n".join([*lines, *head, "", body]).encode("ascii")
    lines += [f'Content-Type: multipart/alternative; boundary="{boundary}"', ""]
    for content, kind in ((text, "plain"), (html, "html")):
        head, body = _part(content, kind)
        lines += [f"--{boundary}", *head, "", body]
    lines += [f"--{boundary}--", ""]
    return "\r\n".join(lines).encode("ascii")


def unstructured(text: str) -> str:
    """Return a clean text as the value of Subject and the like: plain ASCII, or encoded words."""
    if text.isascii() and len(text) <= 66 and "=?" not in text:
        return text
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(chunk).decode()}?=" for chunk in _chunks(text))


def phrase(text: str) -> str:
    """Return a clean text as a display name, before an <address> or a <list-id>."""
    if text.isascii() and len(text) <= 60 and "=?" not in text:
        return text if re.fullmatch(r"[A-Za-z0-9 ]*", text) else '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'
    return unstructured(text)


def date(at: datetime) -> str:
    """Return "Mon, 14 Jul 2025 06:18:04 +0000"; English whatever the locale."""
    at = at.astimezone(UTC)
    day = f"{_DAYS[at.weekday()]}, {at.day:02} {_MONTHS[at.month - 1]} {at.year:04}"
    return f"{day} {at.hour:02}:{at.minute:02}:{at.second:02} +0000"


def identifier(text: str, *, limit: int = 40) -> str:
    """Return `text` fit for a message id or list id: short and of safe characters, else a hash of it."""
    if len(text) <= limit and re.fullmatch(r"[A-Za-z0-9]+([._-]+[A-Za-z0-9]+)*", text) and ".." not in text:
        return text
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def _part(content: str, kind: str) -> tuple[list[str], str]:
    body = content.replace("\r\n", "\n").replace("\r", "\n")
    raw = body.encode("utf-8", "replace")
    if body.isascii() and "=_" not in body and max(map(len, body.split("\n"))) <= 200:
        encoding, coded = "7bit", body
    else:
        quoted = binascii.b2a_qp(raw, istext=True).decode("ascii")
        coded = base64.encodebytes(raw).decode("ascii").rstrip("\n")
        encoding = "base64"
        if len(quoted) <= len(coded):
            encoding, coded = "quoted-printable", quoted
    head = [f'Content-Type: text/{kind}; charset="utf-8"', f"Content-Transfer-Encoding: {encoding}"]
    return head, coded.replace("\n", "\r\n")


def _chunks(text: str) -> list[bytes]:
    """Cut UTF-8 between characters, never within one."""
    chunks = [b""]
    for character in text:
        octets = character.encode("utf-8", "replace")
        if len(chunks[-1]) + len(octets) > _WORD:
            chunks.append(b"")
        chunks[-1] += octets
    return chunks


def _checked(value: str) -> str:
    unfolded = value.replace("\r\n ", " ")
    if not re.fullmatch(r"[\x20-\x7e]*", unfolded):
        raise ValueError(f"not fit for a mail header: {value!r}")
    return value
