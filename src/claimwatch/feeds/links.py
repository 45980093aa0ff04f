"""Addresses as feeds write them -> http(s) addresses a person may follow, or None."""

from __future__ import annotations

import re
from urllib.parse import quote, urljoin, urlsplit

_SAFE = "!#$%&'()*+,/:;=?@[]~-._"
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]{0,40}:")
LINK_CHARS = 4000


def safe_link(link: object, base: str | None = None) -> str | None:
    """Return an absolute http(s) address without credentials, blanks or quotes; None for anything else."""
    if not isinstance(link, str):
        return None
    link = "".join(letter for letter in link.strip() if letter >= " " and letter != "\x7f")
    if not link or len(link) > LINK_CHARS:
        return None
    try:
        if not _SCHEME.match(link):
            if base is None:
                return None
            link = urljoin(base, link)
        parts = urlsplit(link)
        host = parts.hostname
        port = parts.port  # raises ValueError when it is no number
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not host or "@" in parts.netloc:
        return None
    if "\\" in parts.netloc or any(letter in " \"'<>%^`{}|" for letter in parts.netloc):
        return None
    if not parts.netloc.isascii():
        try:
            ascii_host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return None
        link = parts._replace(netloc=ascii_host + (f":{port}" if port else "")).geturl()
    return quote(link, safe=_SAFE)
