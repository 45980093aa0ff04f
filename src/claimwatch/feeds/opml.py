"""OPML, the list of feeds that every reader can write and read; nested groups are a feed's tags, outermost first."""

from __future__ import annotations

import html
import re
import xml.parsers.expat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import format_datetime
from typing import NoReturn

from claimwatch.core.model import Feed
from claimwatch.core.safety import clean
from claimwatch.errors import ParseError
from claimwatch.feeds.encoding import text_of
from claimwatch.feeds.languages import language_code
from claimwatch.feeds.repair import with_ampersands_escaped

MAX_BYTES = 20_000_000  # fifty thousand feeds
MAX_OUTLINES = 50_000
MAX_DEPTH = 30
_DECLARATION = re.compile(r"\s*<\?xml\b[^>]{0,500}\?>")


@dataclass(frozen=True, slots=True)
class Outline:
    """One feed of a list, as the list has it."""

    url: str
    title: str
    language: str | None = None
    groups: tuple[str, ...] = ()


class _Refused(Exception):
    """The list is not an honest one."""


def read_opml(body: bytes) -> list[Outline]:
    """Return the feeds of a list, each address once, with the groups of all its places.

    Raises: ParseError.
    """
    if len(body) > MAX_BYTES:
        raise ParseError(f"the list is larger than {MAX_BYTES // 1_000_000} MB")
    text, _ = text_of(body, None)
    text = _DECLARATION.sub("", text, count=1)
    try:
        try:
            found = _Reader().read(text)
        except xml.parsers.expat.ExpatError:
            found = _Reader().read(with_ampersands_escaped(text))
    except xml.parsers.expat.ExpatError as error:
        reason = xml.parsers.expat.errors.messages[error.code]
        raise ParseError(f"the list cannot be read: line {error.lineno}: {reason}") from None
    except _Refused as reason:
        raise ParseError(str(reason)) from None
    listed: dict[str, Outline] = {}
    for outline in found:
        known = listed.get(outline.url)
        groups = dict.fromkeys((*(known.groups if known else ()), *outline.groups))
        listed[outline.url] = replace(known or outline, groups=tuple(groups))
    return list(listed.values())


class _Reader:
    def __init__(self) -> None:
        self._found: list[Outline] = []
        self._groups: list[str | None] = []  # of each open outline; None: it is a feed, or has no name
        self._depth = 0
        self._seen = 0
        self._is_opml = False

    def read(self, text: str) -> list[Outline]:
        parser = xml.parsers.expat.ParserCreate(encoding="utf-8")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.EntityDeclHandler = _refuse_entities
        parser.Parse(text.encode("utf-8", "replace"), True)
        return self._found

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        if self._depth == 1:
            self._is_opml = name.lower() == "opml"
            if not self._is_opml:
                raise _Refused(f"this is no OPML file (it begins with <{name[:40]}>)")
        if name.lower() != "outline":
            return
        self._seen += 1
        if self._seen > MAX_OUTLINES:
            raise _Refused(f"the list has more than {MAX_OUTLINES:,} entries")
        if len(self._groups) >= MAX_DEPTH:
            raise _Refused(f"groups are nested more than {MAX_DEPTH} deep")
        given = {key.lower(): clean(value, limit=2000) for key, value in attributes.items()}
        title = given.get("title") or given.get("text") or ""
        url = given.get("xmlurl", "")
        self._groups.append(clean(title, limit=60) or None if not url else None)
        if url:
            groups = [group for group in self._groups if group]
            groups += [word for part in given.get("category", "").split(",") for word in part.split("/")]
            tags = dict.fromkeys(tag.strip()[:60] for tag in groups if tag.strip())
            self._found.append(Outline(url, title, language_code(given.get("language")), tuple(tags)))

    def _end(self, name: str) -> None:
        self._depth -= 1
        if name.lower() == "outline":
            self._groups.pop()


def _refuse_entities(*_: object) -> NoReturn:
    raise _Refused("the list declares entities; an OPML file has no need of them")


def write_opml(feeds: Iterable[Feed], *, title: str, now: datetime) -> str:
    """Return the feeds as a list in OPML 2.0, in groups by their tags; without user names and passwords."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        "  <head>",
        f"    <title>{html.escape(title)}</title>",
        f"    <dateCreated>{format_datetime(now, usegmt=True)}</dateCreated>",
        "  </head>",
        "  <body>",
        *_group(list(feeds), 0),
        "  </body>",
        "</opml>",
    ]
    return "\n".join(lines) + "\n"


def _group(feeds: list[Feed], depth: int) -> list[str]:
    """Return the lines of the feeds whose tags agree so far: those that end here, then the groups below."""
    pad = "  " * (depth + 2)
    lines = [pad + _outline(feed) for feed in feeds if len(feed.tags) == depth]
    below: dict[str, list[Feed]] = {}
    for feed in feeds:
        if len(feed.tags) > depth:
            below.setdefault(feed.tags[depth], []).append(feed)
    for tag, inside in below.items():
        lines += [
            f"{pad}<outline{_attributes(text=tag, title=tag)}>",
            *_group(inside, depth + 1),
            f"{pad}</outline>",
        ]
    return lines


def _outline(feed: Feed) -> str:
    return "<outline" + _attributes(
        text=feed.name, title=feed.name, type="rss", xmlUrl=feed.url,
        language=feed.language or "", category=",".join(feed.tags),
    ) + "/>"  # fmt: skip


def _attributes(**given: str) -> str:
    return "".join(f' {name}="{html.escape(value)}"' for name, value in given.items() if value)
