"""HTTP connections that go to public addresses only, checked on the very address that is connected to."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterable

import httpcore
import httpx

from claimwatch.core.addresses import refusal


class AddressRefused(Exception):
    """The name leads to an address that is not public; the text says which and why."""


class GuardedTransport(httpx.AsyncHTTPTransport):
    """httpx's own transport, over a connector that resolves once and checks before connecting."""

    def __init__(self, *, private: bool) -> None:
        context = ssl.create_default_context()
        super().__init__(verify=context)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context,
            max_connections=5,
            keepalive_expiry=10.0,
            network_backend=httpcore.AnyIOBackend() if private else _PublicOnly(),
        )


class _PublicOnly(httpcore.AsyncNetworkBackend):
    def __init__(self) -> None:
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        loop = asyncio.get_running_loop()
        try:
            found = await asyncio.wait_for(loop.getaddrinfo(host, port, type=socket.SOCK_STREAM), timeout)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host}: {error}") from error
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(f"{host}: looking up the name took too long") from error
        addresses = [str(entry[4][0]) for entry in found]
        for address in addresses:
            if why := refusal(address):  # one bad address among good ones is a trick, not a choice
                raise AddressRefused(f"{host}: {why}")
        for last, address in enumerate(addresses[:3], 1):
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if last == min(len(addresses), 3):
                    raise
        raise httpcore.ConnectError(f"{host}: no address")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
