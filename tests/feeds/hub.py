"""A real WebSub hub on loopback: takes subscriptions, confirms them, pushes signed content."""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlencode

import httpx


class Hub:
    """Confirms what it is asked for before it answers, as some hubs do; `status` refuses instead."""

    def __init__(self) -> None:
        self.port = 0
        self.status = 202
        self.lease = 864_000
        self.asked: list[dict[str, str]] = []
        self.echoes: list[tuple[int, str]] = []
        self.follow: dict[str, dict[str, str]] = {}  # callback -> what was asked for

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hub"

    @property
    def callback(self) -> str:
        return next(iter(self.follow))

    def call(self, callback: str, **query: str) -> tuple[int, str]:
        """GET a callback as a hub does; return status and body."""
        asked = httpx.get(
            f"{callback}?{urlencode({f'hub.{k}': v for k, v in query.items()})}", trust_env=False
        )
        return asked.status_code, asked.text

    def push(self, body: bytes, *, secret: str | None = None, method: str = "sha256") -> int:
        """POST content to the one callback, signed with the secret that was agreed on, or another."""
        key = (secret or self.follow[self.callback]["hub.secret"]).encode()
        digest = hmac.new(key, body, getattr(hashlib, method)).hexdigest()
        headers = {"X-Hub-Signature": f"{method}={digest}", "Content-Type": "application/rss+xml"}
        return httpx.post(self.callback, content=body, headers=headers, trust_env=False).status_code

    def _take(self, form: dict[str, str]) -> None:
        callback = form["hub.callback"]
        echo = self.call(
            callback, mode=form["hub.mode"], topic=form["hub.topic"], challenge=f"c{len(self.asked)}",
            lease_seconds=str(self.lease),
        )  # fmt: skip
        self.echoes.append(echo)
        if echo == (200, f"c{len(self.asked)}"):
            self.follow.pop(callback, None)
            if form["hub.mode"] == "subscribe":
                self.follow[callback] = form

    @contextmanager
    def running(self) -> Iterator[Hub]:
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                form = dict(parse_qsl(body.decode()))
                hub.asked.append(form)
                if hub.status < 300:
                    hub._take(form)
                answer = b"" if hub.status < 300 else b"we do not push this"
                self.send_response(hub.status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
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
