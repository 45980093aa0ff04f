"""HTTP/1.1 to addresses that were checked, as a transport for httpx.

httpx's own transport costs ten to fifty times as much per request (its pool is searched linearly) and
resolves names by itself, after any check. Here a name is resolved once, every address is looked at, and
the connection goes to that very address.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator

import certifi
import h11
import httpx

from claimwatch.core.addresses import why_special
from claimwatch.errors import FetchError
from claimwatch.feeds.guard import is_ip
from claimwatch.feeds.line import CHUNK, IdleLines, Line, Origin
from claimwatch.feeds.resolver import Address, addresses_of

_INTERIM_ANSWERS = 10  # 1xx answers before the real one
_ONE_ADDRESS = 5.0  # seconds for one address of several, so that a dead IPv6 route does not use up the poll

PRIVATE = "claimwatch_private"  # request extension: this one may go to a non-public address


class GuardedTransport(httpx.AsyncBaseTransport):
    """Connects to public addresses only, unless the request carries the extension `PRIVATE`."""

    def __init__(self) -> None:
        self._tls: ssl.SSLContext | None = None
        self._idle = IdleLines()

    async def aclose(self) -> None:
        """Close what waits idle."""
        self._idle.close()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Return the response with its body still on the wire.

        Raises: FetchError, OSError, ssl.SSLError, h11.RemoteProtocolError.
        """
        scheme = request.url.scheme
        if scheme not in ("http", "https"):
            raise FetchError(f"address not allowed: {scheme}: is not http", kind="blocked_address")
        host = request.url.raw_host.decode("ascii").strip("[]")
        port = request.url.port or (443 if scheme == "https" else 80)
        origin = (scheme, host, port, bool(request.extensions.get(PRIVATE)))
        while (line := self._idle.take(origin)) is not None:
            try:
                return await self._exchange(request, line, origin)
            except (h11.RemoteProtocolError, ConnectionError):
                if line.answered:
                    raise
                # The peer had closed it in the meantime: nothing was asked yet, ask again on another.
        return await self._exchange(request, await self._connect(origin), origin)

    async def _exchange(self, request: httpx.Request, line: Line, origin: Origin) -> httpx.Response:
        try:
            body = request.content
            line.send(
                h11.Request(method=request.method, target=request.url.raw_path, headers=request.headers.raw),
                *([h11.Data(data=body)] if body else []),
                h11.EndOfMessage(),
            )
            for _ in range(_INTERIM_ANSWERS):
                event = await line.next_event()
                if not isinstance(event, h11.InformationalResponse):
                    break
            if not isinstance(event, h11.Response):
                raise FetchError("the server never came to its answer", kind="protocol")
        except BaseException:
            line.close()
            raise
        stream = _Body(line, origin, None if _may_leave_a_body(event) else self._idle)
        headers = [(bytes(name), bytes(value)) for name, value in event.headers]
        return httpx.Response(event.status_code, headers=headers, stream=stream)

    async def _connect(self, origin: Origin) -> Line:
        scheme, host, port, private = origin
        addresses = await self._allowed(host, port, private=private)
        tls = self._context() if scheme == "https" else None
        for place, (family, address) in enumerate(addresses):
            last = place == len(addresses) - 1
            try:
                async with asyncio.timeout(None if last else _ONE_ADDRESS):
                    reader, writer = await asyncio.open_connection(
                        address,
                        port,
                        family=family,
                        flags=socket.AI_NUMERICHOST,
                        limit=CHUNK,
                        ssl=tls,
                        server_hostname=host.rstrip(".") if tls else None,
                    )
                    return Line(reader, writer)
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
                if why := why_special(address):
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


def _may_leave_a_body(answer: h11.Response) -> bool:
    """Return whether bytes may follow that belong to no answer: they would be taken for the next one."""
    return answer.status_code in (204, 304) and any(
        name == b"transfer-encoding" or (name == b"content-length" and bytes(value) != b"0")
        for name, value in answer.headers
    )


class _Body(httpx.AsyncByteStream):
    """The rest of a response, as it comes; raises h11.RemoteProtocolError when it ends too soon."""

    def __init__(self, line: Line, origin: Origin, idle: IdleLines | None) -> None:
        self._line = line
        self._origin = origin
        self._idle = idle

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            event = await self._line.next_event()
            if isinstance(event, h11.Data):
                yield bytes(event.data)
            elif isinstance(event, (h11.EndOfMessage, h11.ConnectionClosed)):
                return

    async def aclose(self) -> None:
        if self._idle is None:
            self._line.close()
        else:
            self._idle.give(self._origin, self._line)
