"""The benchmark of polling, in its shortest form: what it counts is so, how fast is not asserted."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from claimwatch.cli.bench_poll_material import LEAST_ITEMS, MOST_ITEMS, document, size_of
from claimwatch.feeds.document import parse_document

needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc: Linux only")


def rows(*arguments: str) -> list[dict[str, object]]:
    command = [sys.executable, "-m", "claimwatch", "bench", "poll", "--json", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=100)
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("feed", range(3))
def test_an_invented_feed_is_read_whole_and_moves_on_by_one_item_a_version(feed: int) -> None:
    before, after = (
        {item.id for item in parse_document(body, content_type=kind, url=None).items}
        for kind, body in (document(feed, version, "http://x.example") for version in (4, 6))
    )
    assert LEAST_ITEMS <= size_of(feed) == len(before) == len(after) <= MOST_ITEMS
    assert len(after - before) == 2


@needs_proc
def test_each_round_brings_what_it_says() -> None:
    found = rows("--feeds", "6")
    ours = [row for row in found if row["contestant"] == "claimwatch"]
    all_items = sum(map(size_of, range(6)))
    assert [row["round"] for row in ours] == ["first", "unchanged", "same body", "2 new"]
    assert [row["items"] for row in ours] == [all_items, all_items, all_items, all_items + 12]


@needs_proc
def test_simulated_hours_bring_what_was_published_meanwhile() -> None:
    begun, followed = rows("--feeds", "6", "--hours", "1")
    assert begun["items"] == sum(map(size_of, range(6)))
    assert 0 < int(str(followed["items"])) < 60
