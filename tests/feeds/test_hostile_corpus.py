"""The hostile documents and servers beside the checkout: each comes out as its manifest says."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from claimwatch.core.model import Feed, Item, PollState
from claimwatch.core.novelty import NoveltyKind, select_new
from claimwatch.core.pacing import after_failure, after_success
from claimwatch.errors import FetchError, ParseError
from claimwatch.feeds.http import HttpFetcher
from claimwatch.feeds.pool import ParserPool
from tests.feeds.conftest import shared_folder

NOW = datetime(2026, 11, 22, tzinfo=UTC)
# Entries that need many seconds or much of the machine: only in the slow test.
COSTLY = {"x01", "x02", "x08", "i17", "h34", "h35", "h36", "h40", "h42", "h46", "h47", "h48", "h41"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def base(hostile_corpus: Path) -> Iterator[str]:
    port = free_port()
    tool = shared_folder("tools") / "hostile_server.py"
    command = [sys.executable, str(tool), "--corpus", str(hostile_corpus), "--port", str(port)]
    with subprocess.Popen(
        [*command, "--canary-port", str(free_port()), "--max-hold", "60"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        url = f"http://127.0.0.1:{port}"
        for _ in range(100):
            try:
                httpx.get(url + "/__stats", trust_env=False)
                break
            except httpx.TransportError:
                import time

                time.sleep(0.05)
        yield url
        server.kill()


@dataclass
class Outcome:
    """What became of one entry of the corpus over its polls."""

    outcomes: list[str] = field(default_factory=list)
    new: list[Item] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


async def poll(entry: dict[str, Any], url: str, fetcher: HttpFetcher, pool: ParserPool) -> Outcome:
    result = Outcome()
    feed = Feed(name=entry["id"], url=url, private=True)
    state = PollState(feed=feed.name, next_poll_at=NOW)
    known: dict[str, str] = {}
    for _ in range(entry["expect"].get("polls", min(len(entry["responses"]), 2))):
        now = state.next_poll_at
        try:
            fetched = await fetcher.fetch(feed, state)
            if fetched.body is None:
                result.outcomes.append("unchanged")
                state = after_success(state, now, jitter=0.5, fetched=fetched)
                continue
            document = await pool.parse(fetched.body, content_type=fetched.content_type, url=fetched.url)
        except (FetchError, ParseError) as error:
            result.outcomes.append("error")
            result.errors.append(str(error))
            state = after_failure(state, now, jitter=0.5, error=error)
            continue
        result.outcomes.append("items")
        for novelty in select_new(document.items, known):
            known[novelty.key] = novelty.hash
            if novelty.kind is NoveltyKind.NEW:
                result.new.append(novelty.item)
        state = after_success(state, now, jitter=0.5, fetched=fetched, items=len(document.items))
    return result


def complaints(entry: dict[str, Any], result: Outcome) -> list[str]:
    expect = entry["expect"]
    texts = [f"{item.title}\n{item.summary}\n{item.content}" for item in result.new]
    everything = "\n".join(texts + result.errors)
    found = [f"missing {name}" for name in expect["required"] if not any(name in text for text in texts)]
    found += [f"twice {name}" for name in expect["required"] if sum(name in text for text in texts) > 1]
    found += [f"forbidden {name}" for name in expect["forbidden"] if name in everything]
    found += [f"unreadable {text}" for text in expect.get("text", {}).values() if text not in everything]
    if expect["outcome"] == "error" and set(result.outcomes) != {"error"}:
        found.append(f"outcomes {result.outcomes} instead of an error")
    if expect["outcome"] in ("items", "unchanged") and expect["outcome"] not in result.outcomes:
        found.append(f"outcomes {result.outcomes}: {result.errors}")
    return [f"{entry['id']}: {complaint}" for complaint in found]


async def run(corpus: Path, base: str, *, deadline: float, without: set[str]) -> list[str]:
    lines = (corpus / "manifest.jsonl").read_text("utf-8").splitlines()
    entries = [
        entry
        for entry in map(json.loads, lines)
        if entry["id"] not in without and _is_complete(entry, corpus / "docs")
    ]
    async with HttpFetcher(deadline=timedelta(seconds=deadline)) as fetcher, ParserPool() as pool:
        results = await asyncio.gather(
            *(poll(entry, base + entry["path"], fetcher, pool) for entry in entries)
        )
    stats = httpx.get(base + "/__stats", trust_env=False).json()
    found = [complaint for pair in zip(entries, results, strict=True) for complaint in complaints(*pair)]
    return found + [f"canary touched: {hit}" for hit in stats.get("canary", [])]


def _is_complete(entry: dict[str, Any], documents: Path) -> bool:
    """Some entries redirect to documents that are kept aside with the other half of the corpus."""
    for answer in entry["responses"]:
        location = str(dict(answer.get("headers") or {}).get("Location", ""))
        name = location.partition("/alt/")[2].partition("?")[0]
        if name and not (documents / name).exists():
            return False
    return True


async def test_the_quick_hostile_entries_come_out_as_their_manifest_says(
    hostile_corpus: Path, base: str
) -> None:
    assert await run(hostile_corpus, base, deadline=10, without=COSTLY) == []


@pytest.mark.slow
async def test_all_hostile_entries_come_out_as_their_manifest_says(hostile_corpus: Path, base: str) -> None:
    httpx.get(base + "/__reset", trust_env=False)
    assert await run(hostile_corpus, base, deadline=8, without=set()) == []
