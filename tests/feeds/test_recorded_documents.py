"""Documents as publishers served them; read where they lie, nothing of them is part of the project."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from claimwatch.core.novelty import NoveltyKind, select_new
from claimwatch.feeds import parse_document


def manifest(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "manifest.jsonl").read_text("utf-8").splitlines()]


def path_of(folder: Path, row: dict[str, Any]) -> Path:
    path = folder / row["file"]
    return path if path.exists() else folder / "series" / row["file"]


def check(folder: Path, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        document = parse_document(path_of(folder, row).read_bytes(), content_type=None, url=row["feed_link"])
        assert len(document.items) == row["items"], row["file"]
        for item in document.items:
            assert item.title, row["file"]
            assert item.url or item.id, row["file"]


def test_one_document_of_every_publisher_gives_all_its_items(recorded_feeds: Path) -> None:
    by_publisher = {row["publisher"]: row for row in manifest(recorded_feeds)}
    check(recorded_feeds, sorted(by_publisher.values(), key=lambda row: str(row["file"]))[::3])


@pytest.mark.slow
def test_every_document_gives_all_its_items(recorded_feeds: Path) -> None:
    check(recorded_feeds, manifest(recorded_feeds))


def test_odd_documents_give_all_their_items(recorded_feeds: Path) -> None:
    check(recorded_feeds, [row for row in manifest(recorded_feeds) if row["parser_note"]])


def test_of_successive_snapshots_each_item_is_new_once(recorded_feeds: Path) -> None:
    series: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in manifest(recorded_feeds):
        if row["series"]:
            series[str(row["series"])].append(row)
    assert series
    for rows in series.values():
        known: dict[str, str] = {}
        seen: list[tuple[str, str]] = []
        for row in sorted(rows, key=lambda row: str(row["file"])):
            document = parse_document(path_of(recorded_feeds, row).read_bytes(), content_type=None, url=None)
            for novelty in select_new(document.items, known):
                known[novelty.key] = novelty.hash
                if novelty.kind is NoveltyKind.NEW:
                    seen.append((novelty.item.title, novelty.item.summary))
        assert len(seen) == len(set(seen)), rows[0]["file"]
