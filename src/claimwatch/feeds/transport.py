"""HTTP/1.1 over one connection a request, to addresses that were checked.

httpx's own transport costs ten to fifty times as much per request (its pool is searched linearly) and
resolves names by itself, after any check. Here a name is resolved once, every address is looked at, and
the connection goes to that very address.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator

import certifi
import h11
import httpx

from claimwatch.errors import FetchError
from claimwatch.feeds.guard import is_ip, why_refused
from claimwatch.feeds.resolver import Address, addresses_of

HEADER_BYTES = 128 * 1024  # of one response; large cookies and policies reach 20 kB
_CHUNK = 64 * 1024
_INTERIM_ANSWERS = 10  # 1xx answers before the real one
_ONE_ADDRESS = 5.0  # seconds for one address of several, so that a dead IPv6 route does not use up the poll

PRIVATE = "claimwatch_private"  # request extension: this one may go to a non-public address


class GuardedTransport(httpx.AsyncBaseTransport):
    """Connects to public addresses only, unless the request carries the extension `PRIVATE`."""

    def __init__(self) -> None:
        self._tls: ssl.SSLContext | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Return the response with its body still on the wire.

        Raises: FetchError, OSError, ssl.SSLError, h11.RemoteProtocolError.
        """
        if request.url.scheme not in ("http", "https"):
            raise FetchError(
                f"address not allowed: {request.url.scheme}: is not http", kind="blocked_address"
            )
        reader, writer = await self._connect(request)
        try:
            return await self._exchange(request, reader, writer)
        except BaseException:
            _close(writer)
            raise

    async def _exchange(
        self, request: httpx.Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> httpx.Response:
        wire = h11.Connection(h11.CLIENT, max_incomplete_event_size=HEADER_BYTES)
        asked = h11.Request(method=request.method, target=request.url.raw_path, headers=request.headers.raw)
        data = wire.send(asked) or b""
        body = request.content
        if body:
            data += wire.send(h11.Data(data=body)) or b""
        data += wire.send(h11.EndOfMessage()) or b""
        writer.write(data)
        interim = 0
        while True:
            event = await _next_event(wire, reader)
            if isinstance(event, h11.Response):
                break
            if isinstance(event, h11.InformationalResponse):
                interim += 1
                if interim <= _INTERIM_ANSWERS:
                    continue
            raise FetchError("the server never came to its answer", kind="protocol")
        return httpx.Response(
            event.status_code,
            headers=[(bytes(name), bytes(value)) for name, value in event.headers],
            stream=_Body(wire, reader, writer),
            request=request,
        )

    async def _connect(self, request: httpx.Request) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        host = request.url.raw_host.decode("ascii").strip("[]")
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
        addresses = await self._allowed(host, port, private=bool(request.extensions.get(PRIVATE)))
        tls = self._context() if request.url.scheme == "https" else None
        for place, (family, address) in enumerate(addresses):
            last = place == len(addresses) - 1
            try:
                async with asyncio.timeout(None if last else _ONE_ADDRESS):
                    return await asyncio.open_connection(
                        address,
                        port,
                        family=family,
                        flags=socket.AI_NUMERICHOST,
                        limit=_CHUNK,
                        ssl=tls,
                        server_hostname=host.rstrip(".") if tls else None,
                    )
            except ssl.SSLError:
                raise
            except OSError:  # TimeoutError is one
                if last:
                    raise
        raise AssertionError("unreachable")

    async def _allowed(self, host: str, port: int, *, private: bool) -> list[Address]:
        """Return the addresses to try, each once.

        Raises: FetchError, when any of them is not public: a name that mixes them is a trick.
        """
        if is_ip(host):
            addresses: list[Address] = [(socket.AF_INET6 if ":" in host else socket.AF_INET, host)]
        else:
            addresses = list(dict.fromkeys(await addresses_of(host, port)))
        if not addresses:
            raise FetchError(f"{host} has no address", kind="dns")
        if not private:
            for _, address in addresses:
                if why := why_refused(address):
                    raise FetchError(
                        f"address not allowed: {address} is {why}; write private: true for this feed"
                        " if that is meant",
                        kind="blocked_address",
                    )
        return addresses[:4]

    def _context(self) -> ssl.SSLContext:
        if self._tls is None:
            # Public roots, and those this machine's owner added.
            self._tls = ssl.create_default_context(cafile=certifi.where())
            self._tls.load_default_certs()
        return self._tls


class _Body(httpx.AsyncByteStream):
    """The rest of a response, as it comes; raises h11.RemoteProtocolError when it ends too soon."""

    def __init__(
        self, wire: h11.Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._wire = wire
        self._reader = reader
        self._writer = writer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            event = await _next_event(self._wire, self._reader)
            if isinstance(event, h11.Data):
                yield bytes(event.data)
            elif isinstance(event, (h11.EndOfMessage, h11.ConnectionClosed)):
                return

    async def aclose(self) -> None:
        _close(self._writer)


async def _next_event(wire: h11.Connection, reader: asyncio.StreamReader) -> object:
    while True:
        event = wire.next_event()
        if event is not h11.NEED_DATA:
            return event
        wire.receive_data(await reader.read(_CHUNK))


def _close(writer: asyncio.StreamWriter) -> None:
    # abort, not close: a closing TLS handshake would wait for a peer that may be gone
    with contextlib.suppress(Exception):
        writer.transport.abort()
