"""A loopback HTTP server that answers exactly the bytes it is told, and remembers what was asked."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Play = Callable[["RawServer", asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Asked:
    """One request: its path and its headers, names in lower case."""

    path: str
    headers: dict[str, str] = field(default_factory=dict)


class RawServer:
    """`answers` maps a path to bytes to send, or to a function that misbehaves by hand."""

    def __init__(self) -> None:
        self.answers: dict[str, bytes | Play] = {}
        self.asked: list[Asked] = []
        self.connections = 0
        self.requests_per_connection = 1
        self.at_once = 0
        self.most_at_once = 0
        self.port = 0

    def url(self, path: str = "/feed") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    @asynccontextmanager
    async def running(self, tls: ssl.SSLContext | None = None) -> AsyncIterator[RawServer]:
        tasks: set[asyncio.Task[None]] = set()

        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            tasks.add(task)
            self.at_once += 1
            self.connections += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            try:
                for _ in range(self.requests_per_connection):
                    await self._serve(reader, writer)
            except (ConnectionError, asyncio.IncompleteReadError):
                pass
            finally:
                self.at_once -= 1
                tasks.discard(task)
                writer.transport.abort()

        server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=tls)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for task in list(tasks):
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        request, *lines = head.split("\r\n")
        headers = {
            name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)
        }
        path = request.split(" ")[1]
        self.asked.append(Asked(path, headers))
        answer = self.answers.get(path, response(status="404 Not Found"))
        if isinstance(answer, bytes):
            writer.write(answer)
            await writer.drain()
        else:
            await answer(self, writer)


def response(body: bytes = b"", *headers: str, status: str = "200 OK", length: int | None = None) -> bytes:
    """An HTTP answer; `length` lies about the body's when given."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def redirect(to: str, status: int = 302) -> bytes:
    return response(b"", f"Location: {to}", status=f"{status} Elsewhere")
