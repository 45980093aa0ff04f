"""Host names -> addresses, off the loop and never in the way of an exit."""

from __future__ import annotations

import asyncio
import socket
import threading

Address = tuple[socket.AddressFamily, str]


async def addresses_of(host: str, port: int) -> list[Address]:
    """Return the addresses of a host, in the resolver's order.

    Each look-up has a thread of its own: the loop's pool has few, one dead name server would fill them,
    and Python would wait for them at exit.

    Raises: OSError (socket.gaierror), UnicodeError for names that cannot be written in DNS.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[Address]] = loop.create_future()

    def settle(found: list[Address] | None, error: BaseException | None) -> None:
        if answer.done():
            return
        if error is not None:
            answer.set_exception(error)
        else:
            answer.set_result(found or [])

    def look_up() -> None:
        found: list[Address] | None = None
        failure: BaseException | None = None
        try:
            answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found = [(family, str(address[0])) for family, _, _, _, address in answers]
        except (OSError, UnicodeError, ValueError) as error:
            failure = error
        try:
            loop.call_soon_threadsafe(settle, found, failure)
        except RuntimeError:
            return  # the loop closed meanwhile; nobody waits

    threading.Thread(target=look_up, name="claimwatch-dns", daemon=True).start()
    return await answer
