"""Real servers on loopback for the tests: feeds over HTTP, a mail sink over SMTP."""

from __future__ import annotations

import email
import email.policy
import hashlib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

from aiosmtpd.controller import Controller


@dataclass
class Page:
    """What a path answers; change it between polls."""

    body: bytes
    content_type: str = "application/rss+xml"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class _Server(ThreadingHTTPServer):
    request_queue_size = 256  # the library's 5 loses connections when many feeds are polled at once


class FeedServer:
    """Serves `pages` on 127.0.0.1 with ETags, and counts requests by path and status."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.host = host
        self.pages: dict[str, Page] = {}
        self.requests: list[tuple[str, int]] = []
        self.visits: list[tuple[float, float]] = []  # when each request began and ended
        self.port = 0

    def url(self, path: str) -> str:
        return f"http://{self.host}:{self.port}/{path}"

    @contextmanager
    def running(self) -> Iterator[FeedServer]:
        feeds = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                began = time.monotonic()
                self.answer()
                feeds.visits.append((began, time.monotonic()))

            def answer(self) -> None:
                page = feeds.pages.get(self.path.strip("/"))
                if page is None:
                    page = Page(b"not here", "text/plain", 404)
                etag = f'"{hashlib.sha256(page.body).hexdigest()[:16]}"'
                status = page.status
                if status == 200 and self.headers.get("If-None-Match") == etag:
                    status = 304
                feeds.requests.append((self.path.strip("/"), status))
                self.send_response(status)
                if status == 200:
                    self.send_header("ETag", etag)
                for name, value in page.headers.items():
                    self.send_header(name, value)
                if status != 304:
                    self.send_header("Content-Type", page.content_type)
                    self.send_header("Content-Length", str(len(page.body)))
                self.end_headers()
                if status != 304:
                    self.wfile.write(page.body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        server = _Server((feeds.host, 0), Handler)
        server.daemon_threads = True
        self.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


class MailSink:
    """Takes mail on 127.0.0.1 and keeps what it accepted."""

    def __init__(self) -> None:
        self.raw: list[bytes] = []
        self.refuse: list[str] = []  # answers for the next messages, e.g. "451 later"
        self.port = 0

    @property
    def messages(self) -> list[EmailMessage]:
        return [
            cast(EmailMessage, email.message_from_bytes(raw, policy=email.policy.default)) for raw in self.raw
        ]

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.refuse:
            return self.refuse.pop(0)
        self.raw.append(envelope.content)
        return "250 OK"

    @contextmanager
    def running(self) -> Iterator[MailSink]:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        controller = Controller(self, hostname="127.0.0.1", port=self.port)
        controller.start()
        try:
            yield self
        finally:
            controller.stop()


def text_of(message: EmailMessage) -> str:
    """The plain text part of a mail."""
    part = message.get_body(("plain",))
    assert part is not None
    return cast(str, part.get_content())
