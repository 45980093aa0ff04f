"""`claimwatch bench reload`: how long a running program takes to follow an edited config, and what it stops.

The whole way of a reload is measured: files found changed, read, examples tried, index made, settings swapped.
Meanwhile the loop that carries the stations is asked for its turn every few milliseconds.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from io import StringIO
from pathlib import Path
from zlib import crc32

import click

from claimwatch.cli.bench_match_material import Material
from claimwatch.cli.logs import silence_logs
from claimwatch.core.model import Topic

BEAT = 0.002  # seconds between two turns of the loop
FILES = 20
IDLE = 1.0  # seconds


@dataclass(frozen=True, slots=True)
class Row:
    """One reload: how long until it is live, and the longest time that the loop did not get its turn."""

    change: str
    seconds: float
    longest_stall_ms: float
    times_idle: float  # the stall, against the longest one of the same loop with nothing to do


@click.command(name="reload")
@click.option("--topics", "size", default=10_000, show_default=True, help="Topics of the config.")
@click.option("--seed", default=4, show_default=True, help="Another seed, other names.")
@click.option("--json", "as_json", is_flag=True, help="JSON Lines on standard output.")
def command(size: int, seed: int, as_json: bool) -> None:
    """How long an edited config takes to be live, and for how long it stops the stations.

    \b
    Examples:
      claimwatch bench reload --topics 100
    """
    silence_logs()
    with tempfile.TemporaryDirectory() as folder:
        rows = asyncio.run(_measure(Path(folder), size, seed))
    if as_json:
        for row in rows:
            click.echo(json.dumps(asdict(row)))
        return
    for row in rows:
        click.echo(
            f"{row.change:16} {row.seconds:6.1f} s   longest stall {row.longest_stall_ms:5.0f} ms "
            f"({row.times_idle:.0f} times idle)"
        )


async def _measure(folder: Path, size: int, seed: int) -> list[Row]:
    from claimwatch.app import open_app
    from claimwatch.cli.options import load_settings
    from claimwatch.cli.reloading import config_source
    from claimwatch.config.watching import signature

    config = folder / "config"
    (config / "topics").mkdir(parents=True)
    topics = Material(seed).topics(size)
    changes: Sequence[tuple[str, list[Topic]]] = (
        ("one topic edited", [replace(topics[0], lines=topics[-1].lines), *topics[1:]]),
        ("one topic added", [*topics, replace(topics[0], id="another")]),
        (
            "all topics edited",
            [replace(t, lines=o.lines) for t, o in zip(topics, topics[1:] + topics[:1], strict=True)],
        ),
        ("all names new", Material(seed + 1).topics(size)),
    )
    _write(config, topics)
    seen = signature(config)
    async with open_app(load_settings(config), terminal=StringIO()) as app:
        watcher = app.watch_config(config_source(config, seen))
        await watcher.tick()
        _, idle = await _watched(asyncio.sleep, IDLE)
        rows = []
        for change, edited in changes:
            _write(config, edited)
            seconds, stall = await _watched(watcher.tick)
            rows.append(Row(change, round(seconds, 2), round(stall * 1000, 1), round(stall / idle, 1)))
        return rows


async def _watched(work: Callable[..., Awaitable[object]], *arguments: object) -> tuple[float, float]:
    """Return how long the work took, and the longest time the loop did not get its turn meanwhile."""
    longest, done = 0.0, asyncio.Event()

    async def beat() -> None:
        nonlocal longest
        while not done.is_set():
            before = time.perf_counter()
            await asyncio.sleep(BEAT)
            longest = max(longest, time.perf_counter() - before - BEAT)

    beating = asyncio.create_task(beat())
    begun = time.perf_counter()
    await work(*arguments)
    seconds = time.perf_counter() - begun
    done.set()
    await beating
    return seconds, longest


def _write(config: Path, topics: Sequence[Topic]) -> None:
    """Write the topics as files; those that did not change keep their time."""
    files: dict[int, list[Topic]] = {}
    for topic in topics:
        files.setdefault(crc32(topic.id.encode()) % FILES, []).append(topic)
    for number, part in files.items():
        path = config / "topics" / f"{number:03}.yaml"
        text = "".join(_yaml(part))
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")


def _yaml(topics: Sequence[Topic]) -> Iterator[str]:
    yield "topic:\n"
    for topic in topics:
        yield f"  {topic.id}:\n    title: {json.dumps(topic.title)}\n"
        for line in topic.lines:
            yield f"    {line.name}: {json.dumps(line.names, ensure_ascii=False)}\n"
