"""kill -9 between any two steps loses no alert and sends none that cannot be recognised as a copy."""

from __future__ import annotations

import collections
import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.conftest import Watch, rss
from tests.acceptance.killed_daemon import POINTS
from tests.acceptance.servers import MailSink, Page, text_of
from tests.acceptance.test_the_whole_way import NEWS, once

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("CLAIMWATCH_KILLS", "50"))
SEED = int(os.environ.get("CLAIMWATCH_SEED", "1"))


def copies(mail: MailSink) -> dict[str, list[str]]:
    """Message-IDs by the planted id in the text."""
    found: dict[str, list[str]] = collections.defaultdict(list)
    for message in mail.messages:
        for word in text_of(message).split():
            if word.startswith("CWID-"):
                found[word].append(str(message["Message-ID"]))
    return found


@pytest.mark.parametrize("point", POINTS)
def test_a_daemon_killed_at_this_point_loses_nothing(watch: Watch, point: str) -> None:
    watch.feeds.pages["a"] = Page(rss("Weather: sunny"))
    watch.write("a")
    once(watch)
    watch.feeds.pages["a"] = Page(rss(f"CWID-1 {NEWS}"))
    command = [sys.executable, "-m", "tests.acceptance.killed_daemon", str(watch.config), point]
    died = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=30, check=False)
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()

    once(watch)
    once(watch)
    sent = copies(watch.mail)["CWID-1"]
    assert len(set(sent)) == 1, "an alert was lost, or a copy had another Message-ID"
    # only between the server's yes and our note of it a copy cannot be avoided
    assert len(sent) == (2 if point == "after send" else 1)


@pytest.mark.slow
def test_random_kills_lose_nothing_and_every_copy_is_recognisable(watch: Watch) -> None:
    """The real daemon is killed again and again: after a random time, or while a message is being taken."""
    chance = random.Random(SEED)
    daemon: list[subprocess.Popen[bytes]] = []
    kills = unavoidable = 0
    planted = 0
    lock = threading.Lock()

    def grow() -> None:
        nonlocal planted
        planted += 1
        for feed in ("a", "b", "c"):
            titles = [f"CWID-{feed}{n} {NEWS} number {n}{feed}" for n in range(planted, 0, -1)]
            watch.feeds.pages[feed] = Page(rss(*titles, "Weather: sunny"))

    take = watch.mail.handle_DATA

    async def take_and_perhaps_kill(server: Any, session: Any, envelope: Any) -> str:
        nonlocal kills, unavoidable
        answer = await take(server, session, envelope)
        with lock:
            if daemon and chance.random() < 0.1 and daemon[0].poll() is None:
                daemon[0].send_signal(signal.SIGKILL)  # the server has it, nobody will hear its yes
                unavoidable += 1
        return answer

    for feed in ("a", "b", "c"):
        watch.feeds.pages[feed] = Page(rss("Weather: sunny"))
    watch.write("a", "b", "c")
    once(watch)
    watch.mail.handle_DATA = take_and_perhaps_kill  # type: ignore[method-assign]

    while kills < KILLS:
        grow()
        process = subprocess.Popen(
            [sys.executable, "-m", "claimwatch", "run", "--config", str(watch.config)],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        daemon[:] = [process]
        life = 10 ** chance.uniform(-0.7, 0.45)  # 0.2 to 2.8 s: start-up is hit often
        try:
            process.wait(life)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        assert process.stderr is not None
        said = process.stderr.read().decode()
        process.stderr.close()
        assert process.returncode == -signal.SIGKILL, f"the daemon ended by itself:\n{said}"
        kills += 1

    daemon.clear()
    watch.mail.handle_DATA = take  # type: ignore[method-assign]
    once(watch)
    once(watch)
    found = copies(watch.mail)
    expected = {f"CWID-{feed}{n}" for feed in ("a", "b", "c") for n in range(1, planted + 1)}
    lost = expected - found.keys()
    repeated = {name: ids for name, ids in found.items() if len(ids) > 1}
    print(
        f"\n{kills} kills, {unavoidable} of them while a message was taken: {len(expected)} alerts due, "
        f"{len(lost)} lost, {len(repeated)} with a copy, all copies with the same Message-ID: "
        f"{all(len(set(ids)) == 1 for ids in repeated.values())}"
    )
    assert not lost
    assert all(len(set(ids)) == 1 for ids in found.values())
    assert sum(len(ids) - 1 for ids in repeated.values()) <= kills
