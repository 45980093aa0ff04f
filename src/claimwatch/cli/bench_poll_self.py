"""claimwatch as a contestant of `claimwatch bench poll`: the real stations over a real database.

Started as `python -m claimwatch.cli.bench_poll_self PORT FEEDS FOLDER`. Polls all feeds for each line on its
standard input; for a line with a number, what is due at that second of a simulated day.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from claimwatch import __version__
from claimwatch.app import App, open_app
from claimwatch.cli.logs import silence_logs
from claimwatch.config import load
from claimwatch.runners.local import EVERY

BEGIN = datetime(2026, 7, 1, tzinfo=UTC)
TOPICS = """
topic:
  bridge: {title: The bridge at Orsa, who: [Orsa, Lake Orsa], what: [bridge, tunnel]}
  flood: {title: The flood in Norland, who: [Norland, Norlanders], what: [flood, storm, drought]}
  strike: {title: The strike of Avaria, who: [Avaria, Avarian], what: [strike, wages]}
"""


def write_config(folder: Path, port: int, feeds: int) -> Path:
    """Write a config that follows so many feeds of the bench's server, and three topics."""
    config = folder / "config"
    config.mkdir()
    (config / "topics.yaml").write_text(TOPICS, "utf-8")
    rows = "".join(
        f'  - {{name: "{n}", url: "http://127.0.0.1:{port}/{n}", language: en, reliability: C,'
        " private: true, every: 15m}\n"
        for n in range(feeds)
    )
    (config / "feeds.yaml").write_text("feed:\n" + rows, "utf-8")
    return config


async def main() -> None:
    """Say the version, then poll for each line that comes."""
    port, feeds, folder = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    settings = load(write_config(folder, port, feeds), environ={})
    silence_logs()
    clock = Clock()
    async with open_app(settings, clock=lambda: clock.at) as app:
        print(f"claimwatch {__version__}", flush=True)  # noqa: T201 - how the parent learns of it
        while line := await asyncio.to_thread(sys.stdin.readline):
            if line.strip():
                await _live_until(app, clock, BEGIN + timedelta(seconds=int(line)))
            else:
                clock.at += timedelta(minutes=16)
                await app.poll.poll_all()
            print(app.reader.queues().items, flush=True)  # noqa: T201


class Clock:
    """The simulated time."""

    at = BEGIN


async def _live_until(app: App, clock: Clock, until: datetime) -> None:
    """Let the daemon's ticks pass, one a second; what a tick starts is done before the next."""
    while clock.at < until:
        clock.at += EVERY
        await app.poll.start_due()
        while await app.poll.idle():
            pass


if __name__ == "__main__":
    asyncio.run(main())
