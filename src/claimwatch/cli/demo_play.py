"""The demo's play: invented feeds in three formats, served on loopback, an hour's news in three rounds."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

import yaml

TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}


@dataclass(frozen=True, slots=True)
class Act:
    """One invented item: on stage from `round` on; `expect` is the relation it was written to have."""

    round: int
    id: str
    title: str
    summary: str
    hours_ago: float
    expect: str


@dataclass(frozen=True, slots=True)
class Stage:
    """One invented feed."""

    name: str
    format: str
    language: str
    reliability: str
    acts: tuple[Act, ...]


def load_play() -> tuple[Stage, ...]:
    """Return the feeds of the bundled play."""
    text = files("claimwatch.cli").joinpath("demo_data", "demo.yaml").read_text("utf-8")
    return tuple(
        Stage(
            name=feed["name"],
            format=feed["format"],
            language=feed["language"],
            reliability=feed["reliability"],
            acts=tuple(
                Act(i["round"], i["id"], i["title"], i["summary"], float(i["hours_ago"]), i["expect"])
                for i in feed["items"]
            ),
        )
        for feed in yaml.safe_load(text)["feeds"]
    )


def document(stage: Stage, round_: int, started_at: datetime) -> bytes:
    """Return the feed as it stands in this round, newest first."""
    acts = sorted((a for a in stage.acts if a.round <= round_), key=lambda a: a.hours_ago)
    dated = [(a, started_at - timedelta(hours=a.hours_ago)) for a in acts]
    return {"rss": _rss, "atom": _atom, "json": _json}[stage.format](stage, dated).encode()


def _link(stage: Stage, act: Act) -> str:
    host = sha256(stage.name.encode()).hexdigest()[:6]
    return f"https://news-{host}.example/{quote(act.id)}"


def _rss(stage: Stage, dated: list[tuple[Act, datetime]]) -> str:
    items = "".join(
        f"<item><title>{escape(a.title)}</title><link>{_link(stage, a)}</link>"
        f'<guid isPermaLink="false">{a.id}</guid><pubDate>{format_datetime(at)}</pubDate>'
        f"<description>{escape(a.summary)}</description></item>\n"
        for a, at in dated
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel>'
        f"<title>{escape(stage.name)}</title><language>{stage.language}</language>\n{items}</channel></rss>"
    )


def _atom(stage: Stage, dated: list[tuple[Act, datetime]]) -> str:
    entries = "".join(
        f"<entry><id>urn:{a.id}</id><title>{escape(a.title)}</title>"
        f'<link href="{_link(stage, a)}"/><updated>{at.isoformat()}</updated>'
        f"<published>{at.isoformat()}</published><summary>{escape(a.summary)}</summary></entry>\n"
        for a, at in dated
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" '
        f'xml:lang="{stage.language}"><title>{escape(stage.name)}</title><id>urn:{quote(stage.name)}</id>'
        f"\n{entries}</feed>"
    )


def _json(stage: Stage, dated: list[tuple[Act, datetime]]) -> str:
    items = [
        {
            "id": a.id,
            "url": _link(stage, a),
            "title": a.title,
            "summary": a.summary,
            "content_text": a.summary,
            "date_published": at.isoformat(),
        }
        for a, at in dated
    ]
    feed: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": stage.name,
        "language": stage.language,
        "items": items,
    }
    return json.dumps(feed, ensure_ascii=False)


class _Server(ThreadingHTTPServer):
    request_queue_size = 64  # all feeds are asked at once; the library's 5 could lose some for seconds


class Theatre:
    """The play on loopback; set `round` to move on."""

    def __init__(self, stages: tuple[Stage, ...], started_at: datetime) -> None:
        self.stages = stages
        self.started_at = started_at
        self.round = 1
        self.port = 0

    def url(self, stage: Stage) -> str:
        return f"http://127.0.0.1:{self.port}/{self.stages.index(stage)}"

    @contextmanager
    def open(self) -> Iterator[None]:
        """Serve on a free port of 127.0.0.1 until the end of the block."""
        theatre = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                theatre._answer(self)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing: the terminal belongs to the alerts."""

        server = _Server(("127.0.0.1", 0), Handler)
        self.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()
            thread.join()

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        stage = self.stages[int(request.path.strip("/"))]
        body = document(stage, self.round, self.started_at)
        etag = f'"{sha256(body).hexdigest()[:16]}"'
        if request.headers.get("If-None-Match") == etag:
            request.send_response(304)
            request.end_headers()
            return
        request.send_response(200)
        request.send_header("Content-Type", TYPES[stage.format])
        request.send_header("Content-Length", str(len(body)))
        request.send_header("ETag", etag)
        request.end_headers()
        request.wfile.write(body)
