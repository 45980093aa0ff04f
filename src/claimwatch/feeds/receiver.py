"""Where hubs call: a small HTTP server behind the user's reverse proxy, bounded in everything it takes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from typing import Protocol
from urllib.parse import parse_qsl, unquote

import h11
import structlog

from claimwatch.errors import StorageError

log = structlog.get_logger("claimwatch.websub")

HEADER_BYTES = 16 * 1024
CHUNK = 64 * 1024
SECONDS = 20.0  # for one call, all in all
CONNECTIONS = 64


class Answers(Protocol):
    """Who answers the calls."""

    async def confirm(self, token: str, query: Mapping[str, str]) -> str | None:
        """Return what the hub is to read back, None when nothing of it was asked for. Raises: StorageError."""

    async def push(self, token: str, signatures: list[str], body: AsyncIterator[bytes]) -> int:
        """Take a push and return the status that answers it. Raises: StorageError."""


class Receiver:
    """Listens at one address; one call a connection."""

    def __init__(self, host: str, port: int, answers: Answers, *, max_bytes: int) -> None:
        self.host, self.port = host, port
        self._answers = answers
        self._max_bytes = max_bytes
        self._server: asyncio.Server | None = None
        self._calls: set[asyncio.Task[None]] = set()

    @property
    def listening(self) -> bool:
        return self._server is not None

    async def start(self) -> None:
        """Listen; port 0 takes a free one. Raises: OSError."""
        self._server = await asyncio.start_server(self._connected, self.host, self.port, limit=CHUNK)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Take no more calls; those in hand are cut off, and hubs call again."""
        if self._server is None:
            return
        self._server.close()
        self._server = None
        for call in self._calls:
            call.cancel()
        await asyncio.gather(*self._calls, return_exceptions=True)
        await asyncio.sleep(0)  # their connections are closed now

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        call = asyncio.current_task()
        if call is None or len(self._calls) >= CONNECTIONS:
            writer.transport.abort()
            return
        self._calls.add(call)
        try:
            async with asyncio.timeout(SECONDS):
                await _Call(reader, writer, self._answers, self._max_bytes).answer()
        except (TimeoutError, OSError, asyncio.CancelledError):
            pass  # who called us is gone, too slow, or calls again
        except Exception:  # costs this call
            log.exception("a call of a hub failed")
        finally:
            self._calls.discard(call)
            writer.transport.abort()


class _TooLarge(Exception):
    pass


class _Call:
    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answers: Answers, max_bytes: int
    ) -> None:
        self._reader, self._writer = reader, writer
        self._answers = answers
        self._max_bytes = max_bytes
        self._wire = h11.Connection(h11.SERVER, max_incomplete_event_size=HEADER_BYTES)

    async def answer(self) -> None:
        """Read the request and answer it."""
        try:
            request = await self._next()
            status, text = (
                await self._respond(request) if isinstance(request, h11.Request) else (400, "bad request")
            )
        except h11.RemoteProtocolError as error:
            status, text = error.error_status_hint or 400, "bad request"
        except StorageError as error:
            log.error("a call of a hub cannot be stored, it is asked to call again", error=str(error))
            status, text = 503, "call again"
        except _TooLarge:
            status, text = 413, "too large"
        if self._wire.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            return
        body = text.encode("utf-8", "replace")
        headers = [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("X-Content-Type-Options", "nosniff"),
            ("Content-Length", str(len(body))),
            ("Connection", "close"),
        ]
        self._send(h11.Response(status_code=status, headers=headers), h11.Data(data=body), h11.EndOfMessage())
        await self._writer.drain()
        self._writer.write_eof()
        with suppress(OSError):  # what is still on its way is read: a reset would cost the caller our answer
            for _ in range(16):
                if not await self._reader.read(CHUNK):
                    break

    async def _respond(self, request: h11.Request) -> tuple[int, str]:
        path, _, query = request.target.decode("ascii", "replace").partition("?")
        token = unquote(path).rstrip("/").rpartition("/")[2]
        if request.method == b"GET":
            try:
                pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=50)
            except ValueError:
                return 400, "bad request"
            told = await self._answers.confirm(token, dict(reversed(pairs)))
            return (404, "no such subscription") if told is None else (200, told)
        if request.method == b"POST":
            signatures = [
                value.decode("latin-1") for name, value in request.headers if name == b"x-hub-signature"
            ]
            return await self._answers.push(token, signatures, self._body()), ""
        return 405, "hubs GET and POST"

    async def _body(self) -> AsyncIterator[bytes]:
        size = 0
        if self._wire.they_are_waiting_for_100_continue:
            self._send(h11.InformationalResponse(status_code=100, headers=[]))
        while isinstance(event := await self._next(), h11.Data):
            size += len(event.data)
            if size > self._max_bytes:
                raise _TooLarge
            yield bytes(event.data)
        if not isinstance(event, h11.EndOfMessage):
            raise ConnectionResetError

    async def _next(self) -> object:
        while (event := self._wire.next_event()) is h11.NEED_DATA:
            self._wire.receive_data(await self._reader.read(CHUNK))
        return event

    def _send(self, *events: h11.Event) -> None:
        self._writer.write(b"".join(self._wire.send(event) or b"" for event in events))
