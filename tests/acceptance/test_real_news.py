"""The pipeline on real recorded feed documents and on labelled real news, served over loopback."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest

from claimwatch.app import open_app
from claimwatch.config import load
from claimwatch.config.settings import Settings
from claimwatch.core.model import Feed, PollState
from claimwatch.daemon import run_once
from claimwatch.storage.reading import StoredAlert
from tests.acceptance.servers import FeedServer, Page
from tests.shared import SHARED, needs_shared

CONFIG = Path(__file__).resolve().parents[2] / "config"


def run(settings: Settings) -> tuple[list[PollState], list[StoredAlert]]:
    async def go() -> tuple[list[PollState], list[StoredAlert]]:
        async with open_app(settings) as app:
            await run_once(app)
            return app.reader.feeds(), app.reader.alerts(limit=100_000)

    return asyncio.run(go())


def shipped(tmp_path: Path, feeds: list[Feed]) -> Settings:
    """The shipped topics and claims, watching these feeds; alerts go to a file only."""
    settings = load(CONFIG, environ={})
    return replace(
        settings,
        storage=tmp_path / "claimwatch.db",
        feeds=tuple(feeds),
        routes=tuple(replace(r, to=("file",)) for r in settings.routes),
        receivers={
            "file": settings.receivers["file"]._replace(
                settings=settings.receivers["file"].settings.model_copy(
                    update={"path": tmp_path / "alerts.jsonl"}
                )
            )
        },
    )


def loopback(server: FeedServer, name: str, language: str | None = None) -> Feed:
    return Feed(name, server.url(name), language=language, every=timedelta(minutes=1), private=True)


@needs_shared
def test_every_real_feed_document_yields_items_or_a_named_error(tmp_path: Path) -> None:
    folder = SHARED / "data" / "feeds"
    rows = [json.loads(line) for line in (folder / "manifest.jsonl").read_text("utf-8").splitlines()]
    with FeedServer().running() as server:
        for row in rows:
            kind = "application/feed+json" if row["file"].endswith(".json") else "application/xml"
            server.pages[row["file"]] = Page((folder / row["file"]).read_bytes(), kind)
        states, _ = run(shipped(tmp_path, [loopback(server, row["file"]) for row in rows]))
    by_name = {state.feed: state for state in states}
    with_items = [row["file"] for row in rows if by_name[row["file"]].items]
    errors = {name: s.error for name, s in by_name.items() if s.error}
    print(
        f"\n{len(rows)} documents: {len(with_items)} with items, {len(errors)} with a named error: {errors}"
    )
    for row in rows:
        state = by_name[row["file"]]
        assert state.items or state.error or row["items"] == 0, row["file"]
    assert len(with_items) >= 0.95 * len([row for row in rows if row["items"]])


def as_feeds(rows: list[dict[str, Any]]) -> dict[str, bytes]:
    """One RSS document a language, without dates: what is undated may alert."""
    by_language: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_language.setdefault(row["lang"], []).append(row)
    return {
        language: (
            f"<rss version='2.0'><channel><title>{language}</title>"
            + "".join(
                f"<item><title>{escape(row['title'])}</title><guid isPermaLink='false'>{row['id']}</guid>"
                f"<source url='http://{row['id']}.example/'>{escape(row['publisher'])}</source>"
                f"<description>{escape(row['summary'])}</description></item>"
                for row in some
            )
            + "</channel></rss>"
        ).encode()
        for language, some in by_language.items()
    }


@needs_shared
def test_labelled_real_news_reaches_alerts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        json.loads(line) for line in (SHARED / "data" / "news" / "dev.jsonl").read_text("utf-8").splitlines()
    ]
    with FeedServer().running() as server:
        documents = as_feeds(rows)
        for language in documents:
            server.pages[language] = Page(b"<rss version='2.0'><channel><title>x</title></channel></rss>")
        settings = shipped(tmp_path, [loopback(server, lang, lang) for lang in documents])
        run(settings)
        for language, body in documents.items():
            server.pages[language] = Page(body)
        _, alerts = run(settings)
    told = {stored.alert.report.title: stored.alert.relation.value for stored in alerts}
    on_topic = [row for row in rows if row["set"] == "topical"]
    noise = [row for row in rows if row["set"] == "hard_negative"]
    labelled = Counter()
    for row in on_topic:
        for label in row["labels"]:
            labelled[label["relation"]] += 1
    with capsys.disabled():
        print(
            f"\n{len(on_topic)} on-topic items: alerted "
            f"{dict(Counter(told.get(row['title'], 'counted or missed') for row in on_topic))}; "
            f"{len(noise)} hard negatives: alerted {sum(row['title'] in told for row in noise)}; "
            f"labels {dict(labelled)}"
        )
    assert {"CONTRADICTS", "UPDATES", "CORROBORATES", "NEW"} <= set(told.values())
    assert sum(row["title"] in told for row in noise) <= 0.1 * len(noise)
    for row in on_topic:  # a title that alerts is told with its first 40 characters at least
        if row["title"] in told:
            assert any(row["title"][:40] in s.alert.report.title for s in alerts)
