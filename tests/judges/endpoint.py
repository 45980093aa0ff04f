"""A loopback endpoint that speaks chat completions, with a model scripted by a function."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Refusal:
    """An answer that is none: a status and a body."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


Model = Callable[
    [dict[str, Any]], "str | Refusal"
]  # from the user's message, read as JSON, to what is written


class Endpoint:
    """Answers POST /v1/chat/completions; remembers what it was asked and how many asked at once."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.asked: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.at_once = self.most_at_once = 0
        self.url = ""
        self._lock = threading.Lock()

    @contextmanager
    def running(self) -> Iterator[Endpoint]:
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with endpoint._lock:
                    endpoint.asked.append(body)
                    endpoint.paths.append(self.path)
                    endpoint.headers.append({k.lower(): v for k, v in self.headers.items()})
                    endpoint.at_once += 1
                    endpoint.most_at_once = max(endpoint.most_at_once, endpoint.at_once)
                try:
                    written = endpoint.model(_asked(body["messages"][-1]["content"]))
                finally:
                    with endpoint._lock:
                        endpoint.at_once -= 1
                if isinstance(written, str):
                    written = Refusal(
                        200, json.dumps({"choices": [{"message": {"content": written}}]}).encode()
                    )
                self.send_response(written.status)
                for name, value in written.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(written.body)))
                self.end_headers()
                self.wfile.write(written.body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            request_queue_size = 64
            daemon_threads = True

            def handle_error(self, request: Any, client_address: Any) -> None:
                pass  # a client that did not wait for the answer

        server = Server(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        self.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
        try:
            yield self
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def _asked(content: str) -> dict[str, Any]:
    return json.loads(content) if content.startswith("{") else {"text": content}


def written(stance: str, quotation: str = "", confidence: float = 0.9) -> str:
    """What an obedient model writes."""
    return json.dumps({"stance": stance, "quotation": quotation, "confidence": confidence})
