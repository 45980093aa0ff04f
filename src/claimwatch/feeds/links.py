"""Addresses as feeds write them -> http(s) addresses a person may follow, or None."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote, urljoin, urlsplit

_SAFE = "!#$%&'()*+,/:;=?@[]~-._"
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]{0,40}:")
LINK_CHARS = 4000
_LINK = re.compile(r"<([^<>]{1,4000})>([^<]{0,1000})")
_REL = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s;,\"]+))", re.IGNORECASE)


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


def header_links(header: str) -> list[tuple[str, str]]:
    """Return relation and address of each link of an HTTP Link header, as written."""
    return [
        (rel, found[1].strip())
        for found in _LINK.finditer(header)
        if (said := _REL.search(found[2]))
        for rel in (said[1] or said[2] or "").lower().split()[:10]
    ]


def hub_and_topic(
    links: Iterable[tuple[object, object]], base: str | None = None
) -> tuple[str | None, str | None]:
    """Return the WebSub hub among links (relation, address), one with https before others, and rel=self."""
    hubs: list[str] = []
    topic = None
    for rel, link in links:
        if rel == "hub" and (hub := safe_link(link, base)):
            hubs.append(hub)
        elif rel == "self" and topic is None:
            topic = safe_link(link, base)
    hubs.sort(key=lambda hub: not hub.startswith("https:"))
    return (hubs[0] if hubs else None), topic
