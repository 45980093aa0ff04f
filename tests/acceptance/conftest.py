from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from claimwatch.app import now
from tests.acceptance.servers import FeedServer, MailSink

TOPIC = """
topic:
  border-troops:
    title: Border troops
    who: [Avaria]
    what: [troops, soldiers, soldats]
    not: [football]
  harbour:
    title: The harbour of Velmar
    who: [Velmar]
    what: [harbour, pier]
claim:
  border-5k:
    topic: border-troops
    short: Up to 5,000 Avarian soldiers to Norland
    text: Up to 5,000 more Avarian soldiers may be sent to Norland in the coming months.
    quantity: up to 5,000 soldiers
    said_by: [Norland intelligence]
    reported: 2026-07-02
"""


def rss(*titles: str, hours_ago: float = 0.1, prefix: str = "") -> bytes:
    """An RSS document with these titles, newest first."""
    items = "".join(
        f"<item><title>{escape(title)}</title><guid isPermaLink='false'>{escape(prefix + title)}</guid>"
        f"<pubDate>{format_datetime(now() - timedelta(hours=hours_ago))}</pubDate></item>"
        for title in titles
    )
    return f"<rss version='2.0'><channel><title>Test</title>{items}</channel></rss>".encode()


@dataclass
class Watch:
    """A config directory that watches loopback feeds and mails to a loopback sink."""

    base: Path
    feeds: FeedServer
    mail: MailSink

    @property
    def config(self) -> Path:
        return self.base / "config"

    def write(self, *paths: str, routes: str | None = None, every: str = "1s") -> None:
        (self.base / "config").mkdir(exist_ok=True)
        (self.base / "alerts").mkdir(exist_ok=True)
        (self.config / "claimwatch.yaml").write_text(
            f"timezone: UTC\nmail: {{host: 127.0.0.1, port: {self.mail.port}, from: cw@desk.example}}\n"
        )
        feeds = "".join(
            f"  - {{name: {path}, url: '{self.feeds.url(path)}', language: en, reliability: B,"
            f" private: true, every: {every}}}\n"
            for path in paths
        )
        (self.config / "feeds.yaml").write_text(f"feed:\n{feeds}")
        (self.config / "topic.yaml").write_text(TOPIC)
        (self.base / "alerts" / "routes.yaml").write_text(
            routes
            or textwrap.dedent(
                """
                channel:
                  desk: {type: email, to: [desk@desk.example]}
                route:
                  - {name: all, to: [desk]}
                """
            )
        )


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    with FeedServer().running() as feeds, MailSink().running() as mail:
        yield Watch(tmp_path, feeds, mail)
