"""The daemon as a process: stopping, a second one, a wrong config."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.acceptance.conftest import Watch, rss
from tests.acceptance.servers import Page
from tests.acceptance.test_the_whole_way import NEWS

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def daemon(watch: Watch) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "claimwatch", "run", "--config", str(watch.config)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def until(true: object, seconds: float = 20) -> None:
    """Wait until a callable says yes."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():  # type: ignore[operator]
            return
        time.sleep(0.05)
    pytest.fail(f"did not happen within {seconds} s")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_is_clean_and_loses_nothing(watch: Watch, number: signal.Signals) -> None:
    watch.feeds.pages["a"] = Page(rss("Weather: sunny"))
    watch.write("a")
    with daemon(watch) as process:
        until(lambda: watch.feeds.requests)
        watch.feeds.pages["a"] = Page(rss(NEWS))
        until(lambda: watch.mail.raw)
        process.send_signal(number)
        assert process.wait(10) == 0
    with daemon(watch) as process:
        until(lambda: len(watch.feeds.requests) > 3)
        process.send_signal(number)
        assert process.wait(10) == 0
    assert len(watch.mail.raw) == 1


def test_a_second_daemon_refuses_and_names_the_first(watch: Watch) -> None:
    watch.feeds.pages["a"] = Page(rss("Weather: sunny"))
    watch.write("a")
    with daemon(watch) as first:
        until(lambda: watch.feeds.requests)
        with daemon(watch) as second:
            _, said = second.communicate(timeout=20)
            assert second.returncode == 1
        assert f"process {first.pid} on" in said
        assert "Traceback" not in said
        assert first.poll() is None


def test_a_wrong_config_starts_nothing_and_says_what_to_write(watch: Watch) -> None:
    watch.write("a")
    feeds = watch.config / "feeds.yaml"
    feeds.write_text(feeds.read_text().replace("reliability", "relibility"))
    with daemon(watch) as process:
        _, said = process.communicate(timeout=20)
    assert process.returncode == 1
    assert f"{feeds}:2" in said
    assert 'There is no setting "relibility". Did you mean "reliability"?' in said
    assert "^" in said
    assert not watch.feeds.requests
    assert not (watch.base / "var").exists()


def test_without_network_the_daemon_stays_up_and_says_so(watch: Watch) -> None:
    watch.write("a")
    feeds = watch.config / "feeds.yaml"
    names = [
        f"  - {{name: f{n}, url: 'https://feed{n}.invalid/rss', language: en, reliability: B}}\n"
        for n in range(6)
    ]
    feeds.write_text("feed:\n" + "".join(names))
    with daemon(watch) as process:
        time.sleep(8)  # start-up on a busy machine, and the first polls
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=10)
    assert process.returncode == 0
    assert "our network seems to be down" in said
