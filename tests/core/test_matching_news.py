"""The shipped topics against labelled real news; the figures of `config/topics/`."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path

from claimwatch.config import load
from claimwatch.core.matching import TopicIndex
from claimwatch.core.model import Band, Item
from tests.shared import SHARED, needs_shared

pytestmark = needs_shared

CONFIG = Path(__file__).resolve().parents[2] / "config"
SURE = (Band.STRONG, Band.GOOD)


@cache
def index() -> TopicIndex:
    settings = load(CONFIG, environ=os.environ)
    return TopicIndex(settings.topics, settings.aliases)


def part_on_topic(file: str, kind: str | None = None) -> float:
    """Return the part of a file's items that are surely on some topic."""
    lines = (SHARED / "data" / "news" / file).read_text("utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if kind is None or row["set"] == kind]
    sure = 0
    for row in rows:
        item = Item(row["id"], title=row["title"] or "", summary=row["summary"] or "", language=row["lang"])
        matches = index().match(item)
        sure += bool(matches) and matches[0].band in SURE
    return sure / len(rows)


def test_items_on_the_story_are_found() -> None:
    assert part_on_topic("dev.jsonl", "topical") >= 0.97


def test_items_that_only_look_like_it_are_not() -> None:
    assert part_on_topic("dev.jsonl", "hard_negative") <= 0.02


def test_the_days_other_news_is_not() -> None:
    assert part_on_topic("background.jsonl") <= 0.001
