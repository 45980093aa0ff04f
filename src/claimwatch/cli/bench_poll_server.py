"""The server of `claimwatch bench poll`, a process of its own: feeds with validators and gzip, on loopback.

Started as `python -m claimwatch.cli.bench_poll_server [PLACE...]`: with places, fresh items name them, and there is
one loopback host for each, 127.0.1.1 and so on. Prints its port and ends with its standard input. Asked
for /turn/MODE/STEP it changes what all feeds show:

    quiet   validators are honoured: 304 for who knows the version
    blind   always 200 with the body as it was, under a new ETag
    news    every feed shows STEP items more
    clock   STEP is a second of a day; each feed publishes at a rhythm of its own
"""

from __future__ import annotations

import asyncio
import gzip
import sys
from collections.abc import Sequence
from random import Random
from typing import Any

from claimwatch.app import now
from claimwatch.cli.bench_poll_material import BETWEEN, document

PERIODS = (1800, 3600, 7200, 14_400, 28_800, 86_400)  # seconds between the items of one feed, in mode "clock"
_CACHED = 20_000


class Feeds:
    """What each feed shows now."""

    def __init__(self, site: str, places: Sequence[str] = ()) -> None:
        self.site = site
        self._like: dict[str, Any] = {"begin": now() - 70 * BETWEEN, "places": places} if places else {}
        self.mode = "quiet"
        self.version = 0
        self.second = 0
        self.answers = 0
        self._bodies: dict[tuple[int, int], tuple[str, bytes]] = {}

    def turn(self, mode: str, step: int, prepare: int) -> None:
        """Change what is shown, and have the documents of the first `prepare` feeds ready."""
        self.mode = mode
        if mode == "news":
            self.version += step
            self._bodies.clear()
        elif mode == "clock":
            self.second = step
        for feed in range(prepare):
            self._body(feed, self._version(feed))

    def answer(self, feed: int, known: bytes) -> bytes:
        """Return the bytes of an answer to somebody who knows the version `known` (an ETag)."""
        self.answers += 1
        version = self._version(feed)
        tag = f'"{feed}-{version}"' if self.mode != "blind" else f'"{feed}-{self.answers}"'
        if self.mode != "blind" and known == tag.encode():
            return f"HTTP/1.1 304 Not Modified\r\nETag: {tag}\r\n\r\n".encode()
        kind, body = self._body(feed, version)
        head = (
            f"HTTP/1.1 200 OK\r\nContent-Type: {kind}; charset=utf-8\r\nETag: {tag}\r\n"
            f"Content-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def _version(self, feed: int) -> int:
        if self.mode != "clock":
            return self.version
        chance = Random(f"rhythm {feed}")  # noqa: S311 - no secret
        period = chance.choice(PERIODS)
        return (self.second + chance.randrange(period)) // period

    def _body(self, feed: int, version: int) -> tuple[str, bytes]:
        found = self._bodies.get((feed, version))
        if found is None:
            kind, body = document(feed, version, self.site, **self._like)
            found = kind, gzip.compress(body, 6, mtime=0)
            if len(self._bodies) >= _CACHED:
                self._bodies.pop(next(iter(self._bodies)))
            self._bodies[feed, version] = found
        return found


class Connection(asyncio.Protocol):
    """One client's connection; requests are small and come whole or in pieces."""

    def __init__(self, feeds: Feeds) -> None:
        self._feeds = feeds
        self._unread = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._unread += data
        while (end := self._unread.find(b"\r\n\r\n")) >= 0:
            head, self._unread = self._unread[:end], self._unread[end + 4 :]
            self._transport.write(self._answer(head))  # type: ignore[attr-defined]

    def _answer(self, head: bytes) -> bytes:
        path = head.split(b" ", 2)[1].decode()
        if path.startswith("/turn/"):
            _, _, mode, step, prepare = path.split("/")
            self._feeds.turn(mode, int(step), int(prepare))
            return b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
        known = b""
        for line in head.split(b"\r\n"):
            if line[:14].lower() == b"if-none-match:":
                known = line[14:].strip()
        return self._feeds.answer(int(path.rpartition("/")[2]), known)


async def main() -> None:
    """Serve until standard input ends."""
    loop = asyncio.get_running_loop()
    places = sys.argv[1:]
    feeds = Feeds("http://bench.example", places)
    server = await loop.create_server(lambda: Connection(feeds), "127.0.0.1", 0, backlog=1024)
    port = server.sockets[0].getsockname()[1]
    for host in map(host_of, range(len(places))):
        await loop.create_server(lambda: Connection(feeds), host, port, backlog=1024)
    print(port, flush=True)  # noqa: T201 - how the parent learns of it
    await asyncio.to_thread(sys.stdin.read)
    server.close()


def host_of(place: int) -> str:
    """Return the loopback host that serves for a place: two hosts may be polled at once, one may not."""
    return f"127.0.1.{1 + place}"


if __name__ == "__main__":
    asyncio.run(main())
