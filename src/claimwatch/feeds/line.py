"""One HTTP/1.1 connection, and the few that wait a moment for the next request to their host."""

from __future__ import annotations

import asyncio
import contextlib

import h11

HEADER_BYTES = 128 * 1024  # of one response; large cookies and policies reach 20 kB
CHUNK = 64 * 1024
_IDLE_SECONDS = 2.0  # many feeds of one host are often due together; an idle connection is no use later
_IDLE_IN_ALL = 64  # an idle TLS connection holds some 0.3 MB

Origin = tuple[str, str, int, bool]  # scheme, host, port, whether it may be a non-public address


class Line:
    """A connection to an address that was checked."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self.wire = h11.Connection(h11.CLIENT, max_incomplete_event_size=HEADER_BYTES)
        self.answered = False  # since the last request, the peer sent something

    def send(self, *events: h11.Request | h11.Data | h11.EndOfMessage) -> None:
        """Send a request."""
        self.answered = False
        self._writer.write(b"".join(self.wire.send(event) or b"" for event in events))

    async def next_event(self) -> object:
        """Return what the peer sends next. Raises: h11.RemoteProtocolError, OSError."""
        while True:
            event = self.wire.next_event()
            if event is not h11.NEED_DATA:
                return event
            data = await self._reader.read(CHUNK)
            self.answered = self.answered or bool(data)
            self.wire.receive_data(data)

    def make_ready(self) -> bool:
        """Return whether another request may follow on this connection, and prepare it for that."""
        with contextlib.suppress(h11.RemoteProtocolError):
            if self.wire.their_state is h11.SEND_BODY:
                self.wire.next_event()  # the end of an answer without a body
            finished = self.wire.our_state is h11.DONE and self.wire.their_state is h11.DONE
            if finished and not self.wire.trailing_data[0] and self.is_open():
                self.wire.start_next_cycle()
                return True
        return False

    def is_open(self) -> bool:
        """Return whether the peer has not closed the connection yet, as far as we know."""
        return not (self._reader.at_eof() or self._writer.is_closing())

    def close(self) -> None:
        """Close at once: a closing TLS handshake would wait for a peer that may be gone."""
        with contextlib.suppress(Exception):
            self._writer.transport.abort()


class IdleLines:
    """Connections whose answer was read whole, for a moment."""

    def __init__(self) -> None:
        self._lines: dict[Origin, list[tuple[Line, asyncio.TimerHandle]]] = {}
        self._count = 0

    def take(self, origin: Origin) -> Line | None:
        """Return a connection to this origin, or None."""
        while waiting := self._lines.get(origin):
            line, timer = waiting.pop()
            timer.cancel()
            self._forget(origin)
            if line.is_open():
                return line
            line.close()
        return None

    def give(self, origin: Origin, line: Line) -> None:
        """Keep a connection, or close it when it cannot be used again or enough wait already."""
        waiting = self._lines.setdefault(origin, [])
        if self._count >= _IDLE_IN_ALL or not line.make_ready():
            line.close()
            if not waiting:
                del self._lines[origin]
            return
        timer = asyncio.get_running_loop().call_later(_IDLE_SECONDS, self._expire, origin, line)
        waiting.append((line, timer))
        self._count += 1

    def close(self) -> None:
        """Close all."""
        for waiting in self._lines.values():
            for line, timer in waiting:
                timer.cancel()
                line.close()
        self._lines.clear()
        self._count = 0

    def _expire(self, origin: Origin, line: Line) -> None:
        waiting = self._lines.get(origin, [])
        for place, (waiter, _) in enumerate(waiting):
            if waiter is line:
                del waiting[place]
                self._forget(origin)
                break
        line.close()

    def _forget(self, origin: Origin) -> None:
        self._count -= 1
        if not self._lines.get(origin):
            self._lines.pop(origin, None)
