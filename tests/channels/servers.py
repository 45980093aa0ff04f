"""Mail and web servers on loopback that fail on purpose and remember what they took."""

from __future__ import annotations

import asyncio
import contextlib
import json
import ssl
import warnings
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session


@dataclass
class MailSink:
    """A mail server. `refuse` maps an address to its answer at RCPT; `answers` are used up by messages."""

    port: int = 0
    refuse: dict[str, str] = field(default_factory=dict)
    answers: list[str] = field(default_factory=list)
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    connections: int = 0
    logins: list[str] = field(default_factory=list)
    open: set[SMTP] = field(default_factory=set)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = self.answers.pop(0) if self.answers else "250 2.0.0 Ok"
        if answer in ("drop", "hang"):
            self._take(envelope)
            if answer == "hang":
                await asyncio.sleep(30)
            server.transport.abort()
            return "421 bye"
        if answer.startswith("2"):
            self._take(envelope)
        return answer

    def _take(self, envelope: Envelope) -> None:
        assert isinstance(envelope.original_content, bytes)
        self.taken += [(to, envelope.original_content) for to in envelope.rcpt_tos]


@asynccontextmanager
async def mail_sink(
    *, login: tuple[str, str] | None = None, tls: ssl.SSLContext | None = None, at_once: bool = False
) -> AsyncIterator[MailSink]:
    """With `tls`, a server that demands STARTTLS, or (`at_once`) speaks TLS from the start."""
    sink = MailSink()

    def check(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        sink.logins.append(mechanism)
        return AuthResult(success=login == (data.login.decode(), data.password.decode()), handled=False)

    def factory() -> SMTP:
        sink.connections += 1
        options: dict[str, Any] = {}
        if login:
            options |= {"auth_required": True, "auth_require_tls": False, "authenticator": check}
        if tls and not at_once:
            options |= {"tls_context": tls, "require_starttls": True}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # "AUTH while not requiring TLS": it is a test
            one = SMTP(sink, hostname="sink.example", decode_data=False, **options)
        sink.open.add(one)
        return one

    server = await asyncio.get_running_loop().create_server(
        factory, "127.0.0.1", 0, ssl=tls if at_once else None
    )
    sink.port = server.sockets[0].getsockname()[1]
    try:
        yield sink
    finally:
        server.close()
        for one in sink.open:
            # Python 3.11.2 fails on aborting TLS that is gone already
            with contextlib.suppress(AttributeError):
                one.transport.abort()
        await asyncio.sleep(0.01)


@dataclass
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class WebSink:
    """A web server. `answers` (status, headers, body) are used up by requests; then everything is taken."""

    port: int = 0
    answers: list[tuple[int, dict[str, str], str]] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    check: Callable[[Request], tuple[int, dict[str, str], str] | None] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                first, *rest = head.decode("latin-1").split("\r\n")
                method, path, _ = first.split(" ", 2)
                headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in rest if line)}
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                request = Request(method, path, headers, body)
                self.requests.append(request)
                status, extra, text = self.answer(request)
                if status == 0:  # close without an answer
                    return
                if status == 1:  # never answer
                    await asyncio.sleep(30)
                    return
                lines = [f"HTTP/1.1 {status} Said", "Content-Type: application/json"]
                lines += [f"{k}: {v}" for k, v in extra.items()]
                data = text.encode()
                writer.write("\r\n".join([*lines, f"Content-Length: {len(data)}", "", ""]).encode() + data)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def answer(self, request: Request) -> tuple[int, dict[str, str], str]:
        if self.check and (refused := self.check(request)):
            return refused
        return self.answers.pop(0) if self.answers else (200, {}, '{"ok": true}')


@asynccontextmanager
async def web_sink() -> AsyncIterator[WebSink]:
    sink = WebSink()
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        tasks.add(task)
        await sink.serve(reader, writer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    sink.port = server.sockets[0].getsockname()[1]
    try:
        yield sink
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
