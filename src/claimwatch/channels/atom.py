"""An Atom feed of alerts as a file: any feed reader, or another claimwatch, can follow it."""

from __future__ import annotations

import asyncio
import re
from functools import partial
from pathlib import Path
from typing import Annotated

import structlog
from pydantic import BaseModel, ConfigDict, Field

from claimwatch.channels.context import ChannelContext
from claimwatch.channels.files import replace_file
from claimwatch.channels.mime import identifier
from claimwatch.channels.threads import in_thread
from claimwatch.core.markup import HTML
from claimwatch.core.model import NO_THREAD, Alert, Receipt, Thread
from claimwatch.core.safety import escape_html
from claimwatch.core.times import stamp
from claimwatch.core.wording import read
from claimwatch.core.wording_chat import chat
from claimwatch.errors import DeliveryError

log = structlog.get_logger("claimwatch.channels")

_LIMIT = 8000  # characters of one part of an entry's text
_LARGEST = 50_000_000  # octets of a file that is still read
_NAMES = 'xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0"'
_IDS = "tag:claimwatch.invalid,2026"  # RFC 4151: ids that name no place
_ENTRY = re.compile(rb"<entry>\n.*?</entry>\n", re.DOTALL)
_ID = re.compile(rb"<id>(.*?)</id>")
_UPDATED = re.compile(rb"<updated>(.*?)</updated>")


class AtomSettings(BaseModel):
    """`path` is taken from the program's var directory unless it is absolute; the latest `entries` are kept."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: Path = Path("alerts.atom")
    entries: Annotated[int, Field(ge=1, le=10_000)] = 200
    title: str = "claimwatch alerts"


class AtomChannel:
    """One file. An entry's id is made of the delivery's key; one that is there is not written again."""

    place = ""

    def __init__(self, name: str, settings: AtomSettings, context: ChannelContext) -> None:
        self._path = context.var / settings.path
        self._entries = settings.entries
        self._head = (
            f'<?xml version="1.0" encoding="utf-8"?>\n<feed {_NAMES}>\n'
            f"<id>{_IDS}:feed:{identifier(name)}</id>\n<title>{escape_html(settings.title)}</title>\n"
            "<author><name>claimwatch</name></author>\n"
        ).encode()
        self._zone = context.timezone
        self._lock = asyncio.Lock()

    def word(self, alert: Alert, *, key: str, thread: Thread = NO_THREAD) -> bytes:
        reading = read(alert, self._zone)
        content = "<br><br>".join(chat(reading, HTML, limit=_LIMIT))
        at = stamp(alert.created_at)
        lines = [
            f"<id>{_IDS}:alert:{identifier(key)}</id>",
            f"<title>{escape_html(reading.headline)}</title>",
            f"<updated>{at}</updated>",
            f"<published>{at}</published>",
            f'<category term="{escape_html(reading.relation)}"/>',
            f'<category term="{escape_html(reading.topic)}"/>',
        ]
        if reading.link:
            lines.append(f'<link rel="alternate" href="{escape_html(reading.link)}"/>')
        if alert.claim:
            claim = f"{_IDS}:claim:{identifier(alert.claim.id, limit=64)}"
            lines.append(f'<thr:in-reply-to ref="{claim}"/>')
        lines.append(f'<content type="html">{escape_html(content)}</content>')
        return "\n".join(["<entry>", *lines, "</entry>", ""]).encode("utf-8", "replace")

    async def send(self, message: bytes, *, key: str) -> Receipt:
        async with self._lock:
            try:
                written = await in_thread(partial(self._add, message), name="atom")
            except OSError as error:
                raise DeliveryError(f"cannot write {self._path}: {error.strerror or error}") from error
        return Receipt("written" if written else "was written before")

    async def close(self) -> None:
        """Nothing is held between entries."""

    def _add(self, entry: bytes) -> bool:
        """Put an entry on top; False when it stands in the file already."""
        entries = self._read()
        if _id(entry) in map(_id, entries):
            return False
        entries = [entry, *entries][: self._entries]
        updated = max(found[1] for each in entries if (found := _UPDATED.search(each)))
        changed = b"<updated>" + updated + b"</updated>\n"
        replace_file(self._path, b"".join([self._head, changed, *entries, b"</feed>\n"]))
        return True

    def _read(self) -> list[bytes]:
        """Return the entries of the file; one that is not ours is kept beside it, not overwritten."""
        try:
            with self._path.open("rb") as file:
                body = file.read(_LARGEST + 1)
        except FileNotFoundError:
            return []
        if len(body) > _LARGEST or (body.strip() and not body.endswith(b"</feed>\n")):
            aside = self._path.with_name(f"{self._path.name}.not-ours")
            self._path.replace(aside)
            log.warning("a file that is no feed of ours was put aside", file=str(aside))
            return []
        return _ENTRY.findall(body)


def _id(entry: bytes) -> bytes:
    found = _ID.search(entry)
    return found[1] if found else b""
