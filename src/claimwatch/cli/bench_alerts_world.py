"""What `bench alerts` measures in: feeds over HTTP and a mail relay, in a process of their own, and a full outbox."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from dataclasses import replace
from multiprocessing.connection import Connection

from claimwatch.config import Settings
from claimwatch.core.alert_codes import coded, fingerprint
from claimwatch.core.model import Alert, Relation, Report

CONFIG = """\
topic:
  bench: {{title: What is measured, what: [measured]}}
mail: {{host: 127.0.0.1, port: {smtp}, from: bench@localhost.invalid}}
channel:
  desk: {{type: email, to: [desk@localhost.invalid]}}
route:
  - {{name: all, to: [desk]}}
storage: {{path: bench.db}}
"""
_SUBJECT = re.compile(rb"^Subject: (.*)$", re.MULTILINE)
_SPREAD = 10.0  # seconds over which the feeds bring their items


def queued(settings: Settings, length: int) -> None:
    """Fill the outbox of a database that is open already."""
    from claimwatch.app import now
    from claimwatch.core.work import NewDelivery
    from claimwatch.storage.alerts import store_alert
    from claimwatch.storage.database import Database

    at = now()
    database = Database(settings.storage)
    try:
        with database.write() as c:
            for number in range(length):
                title = f"BENCH-q{number} is measured"
                alert = Alert(
                    fingerprint("bench", str(number)), "", Relation.NEW, "first", "bench", "What is measured",
                    Report(title, "Bench Post", seen_at=at, published_at=at), at,
                )  # fmt: skip
                store_alert(c, replace(coded(alert)), [NewDelivery("desk", at, ("all",))])
    finally:
        database.close()


def serve(feeds: int, to: Connection) -> None:
    """Serve feeds and take mail until the other end closes; runs in a process of its own."""
    asyncio.run(_serve(feeds, to))


async def _serve(feeds: int, to: Connection) -> None:
    loop = asyncio.get_running_loop()
    relay = _Relay()
    brought: list[float] = []

    async def page(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):  # a client that goes
            while head := await reader.readuntil(b"\r\n\r\n"):
                number = int(head.split(b" ", 2)[1].strip(b"/"))
                due = brought and loop.time() >= brought[0] + _SPREAD * number / max(1, feeds)
                body = _rss(number, new=bool(due))
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nContent-Length: %d\r\n\r\n%s"
                    % (len(body), body)
                )
                await writer.drain()
        writer.close()

    http = await asyncio.start_server(page, "127.0.0.1", 0, backlog=1000)
    smtp = await asyncio.start_server(relay.talk, "127.0.0.1", 0, limit=1 << 20)
    to.send((http.sockets[0].getsockname()[1], smtp.sockets[0].getsockname()[1]))
    while (asked := await asyncio.to_thread(to.recv)) != "end":
        if asked == "bring":
            brought.append(loop.time())
        else:
            to.send((relay.subjects, relay.connections))
            relay.subjects, relay.connections = [], 0


class _Relay:
    """As much of an SMTP server as one polite client needs."""

    def __init__(self) -> None:
        self.subjects: list[str] = []
        self.connections = 0

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        writer.write(b"220 bench\r\n")
        with suppress(asyncio.IncompleteReadError, ConnectionError):  # a client that goes
            while line := await reader.readline():
                verb = line[:4].upper()
                if verb == b"DATA":
                    writer.write(b"354 go on\r\n")
                    text = await reader.readuntil(b"\r\n.\r\n")
                    found = _SUBJECT.search(text)
                    self.subjects.append(found[1].decode().strip() if found else "?")
                writer.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 Ok\r\n")
                await writer.drain()
                if verb == b"QUIT":
                    break
        writer.close()


def _rss(number: int, *, new: bool) -> bytes:
    titles = [f"Weather report of outlet {number}"]
    if new:
        titles.insert(0, f"BENCH-{number} is measured")
    items = "".join(f"<item><title>{t}</title><guid isPermaLink='false'>{t}</guid></item>" for t in titles)
    return f"<rss version='2.0'><channel><title>Outlet {number}</title>{items}</channel></rss>".encode()
