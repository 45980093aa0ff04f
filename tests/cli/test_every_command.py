"""What holds for every command: no secret comes out, a running daemon is no hindrance, the answer stays the same."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from claimwatch.config import load
from claimwatch.core.columns import width
from claimwatch.storage.lock import DatabaseLock
from tests.acceptance.test_process import until
from tests.cli.conftest import Claimwatch, Said
from tests.cli.test_examples import commands, fits
from tests.cli.world import World

SECRET = "swordfish-9F3x-correct-horse"
# every command that only asks, with arguments that are there; CODE is an alert
ASKED = [
    ("alerts", "list"), ("alerts", "show", "CODE"), ("check",), ("claims", "list"), ("claims", "show", "dam-safe"),
    ("claims", "suggest"), ("db", "check"), ("digest", "--preview"), ("explain", "CODE"), ("explain", "1"),
    ("feeds", "list"), ("mutes",), ("replay", "--since", "7d"), ("status",), ("status", "--all"),
    ("test", "Engineers deny that the Orsa dam is safe"), ("topics", "list"), ("topics", "show", "lake-dam"),
]  # fmt: skip
# every command that changes something, in an order in which each has something to do
DONE = [
    ("alerts", "ack", "CODE"), ("alerts", "right", "CODE"), ("alerts", "wrong", "CODE", "--why", "figure"),
    ("claims", "add", "The dam will be closed."), ("claims", "settle", "dam-safe", "false"),
    ("mute", "dam-safe", "3d", "drill"), ("unmute", "dam-safe"), ("topics", "add", "The bridge", "--who", "Tarn"),
    ("feeds", "remove", "Hill Herald"),
]  # fmt: skip


def line(words: tuple[str, ...], world: World) -> list[str]:
    return [world.codes["K7Q2MD"] if word == "CODE" else word for word in words]


# ---------------------------------------------------------------- secrets


@pytest.fixture
def secrets(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Plant the secret wherever the config takes one: the environment, files, addresses with tokens."""
    monkeypatch.setenv("PLANTED", SECRET)
    monkeypatch.setenv("PLANTED_URL", f"http://127.0.0.1:9/hook/{SECRET}")
    for name, text in (("secret", SECRET), ("slack", f"https://hooks.slack.com/services/T0/B0/{SECRET}")):
        Path(name).write_text(text)
        Path(name).chmod(0o600)
    main = Path("config/claimwatch.yaml")
    main.write_text(
        f"{main.read_text()}mail: {{host: 127.0.0.1, port: 9, user: desk, password_file: secret}}\n"
    )
    feeds = Path("config/feeds.yaml")
    feeds.write_text(
        feeds.read_text().replace("private: true,", "private: true, user: desk, password_env: PLANTED,")
        + '  - {name: Locked, url: "http://127.0.0.1:9/rss", private: true, user: desk, password_file: secret}\n'
    )
    routes = Path("alerts/routes.yaml")
    routes.write_text(
        routes.read_text().replace(
            "route:\n",
            "  hook: {type: webhook, url_env: PLANTED_URL, secret_file: secret, private: true}\n"
            "  mail: {type: email, to: [desk@desk.example]}\n"
            "  push: {type: ntfy, server: 'http://127.0.0.1:9', topic: desk, token_file: secret}\n"
            "route:\n  - {name: planted, to: [hook, mail, push]}\n",
        )
    )


def test_no_secret_comes_out_of_any_command(claimwatch: Claimwatch, world: World, secrets: None) -> None:
    said = [
        claimwatch("run", "--once", "--verbose"),
        claimwatch("run", "--once", "--verbose", "--log-json"),
        claimwatch("check", "--send"),
        claimwatch("check", "--send", "--json"),
        claimwatch("feeds", "poll", "Locked"),
    ]
    assert said[0].code in (0, 1), said[0].err
    assert "127.0.0.1" in said[2].out  # it was tried, and refused
    said += [claimwatch(*line(words, world)) for words in (*ASKED, *DONE)]
    said += [claimwatch(*line(words, world), "--json") for words in ASKED if words[0] not in ("test",)]
    for one in said:
        assert SECRET not in one.out + one.err


def test_no_secret_comes_out_of_what_is_wrong(claimwatch: Claimwatch, world: World, secrets: None) -> None:
    broken = {
        "config/claimwatch.yaml": f"mail: {{host: mail.example.org, pasword: {SECRET}}}\n",
        "config/feeds.yaml": f'feed:\n  - {{name: A, url: "https://u:{SECRET}@a.example.org/f"}}\n',
        "alerts/routes.yaml": f"channel:\n  h: {{type: webhook, url: 'https://h.example.org/hooks/{SECRET}'}}\n",
    }
    for name, text in broken.items():
        before = Path(name).read_text()
        Path(name).write_text(text)
        for words in (("check",), ("check", "--json"), ("status",), ("--debug", "check"), ("claims", "list")):
            one = claimwatch(*words)
            assert one.code == 1, words
            assert SECRET not in one.out + one.err, (name, words)
        Path(name).write_text(before)


def test_no_secret_is_stored(claimwatch: Claimwatch, world: World, secrets: None) -> None:
    claimwatch("run", "--once", "--verbose")
    with closing(sqlite3.connect("var/claimwatch.db")) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for file in Path("var").rglob("*"):
        if file.is_file():
            assert SECRET.encode() not in file.read_bytes(), file


# ---------------------------------------------------------------- while the daemon runs


@contextmanager
def running_daemon(config: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A daemon on this config that has the database, as a process; its log is daemon.log."""
    lock = DatabaseLock(load(config, environ={}).storage)
    with Path("daemon.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "claimwatch", "run", "--verbose", "--config", str(config)],
            stdout=log, stderr=log,
        )  # fmt: skip
        try:
            until(lambda: process.poll() is not None or lock.holder())
            yield process
        finally:
            process.kill()
            process.wait()


def test_every_command_works_beside_a_running_daemon(claimwatch: Claimwatch, world: World) -> None:
    with running_daemon(Path("config")) as daemon:
        for words in (*ASKED, *DONE, *ASKED):  # what is asked works after what was done, too
            said = claimwatch(*line(words, world))
            assert said.code == 0, (words, said)
        until(lambda: "-1 feed" in Path("daemon.log").read_text())  # it follows what the commands wrote
        assert daemon.poll() is None
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(20) == 0
    log = Path("daemon.log").read_text()
    assert "Traceback" not in log
    assert "[error" not in log


def test_every_command_is_tried_here_or_among_the_examples() -> None:
    tried = {" ".join(words[:2]) for words in (*ASKED, *DONE)} | {words[0] for words in (*ASKED, *DONE)}
    elsewhere = {  # they touch no database, or are tried by tests of their own
        "demo", "run", "init", "parse", "judge", "eval", "completion",
    }  # fmt: skip
    for name, command in commands():
        shown = "Examples:" in (command.help or "")
        assert name in tried or name.split()[0] in elsewhere or shown, name


# ---------------------------------------------------------------- asked twice, and in a terminal


@pytest.mark.parametrize(
    "words",
    [
        ("replay", "--since", "7d", "--json"),
        ("test", "Engineers deny that the Orsa dam is safe", "--json"),
        ("test", "Engineers deny that the Orsa dam is safe"),
        ("eval", "pairs.jsonl"),
        ("eval", "pairs.jsonl", "--json"),
        ("claims", "suggest"),
        ("explain", "CODE", "--json"),
        ("check", "--json"),
    ],
    ids=" ".join,
)
def test_asked_twice_the_answer_is_the_same_to_the_byte(
    claimwatch: Claimwatch, world: World, words: tuple[str, ...]
) -> None:
    first, second = (claimwatch(*line(words, world)).out for _ in range(2))
    assert first
    assert first == second


@pytest.mark.parametrize("words", ASKED, ids=" ".join)
def test_what_is_shown_fits_a_terminal_of_80_columns_and_bears_no_colour(
    claimwatch: Claimwatch, world: World, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setitem(os.environ, "COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    said: Said = claimwatch(*line(words, world))
    fits(said)
    assert all(width(each) <= 80 or "/" in each for each in said.out.splitlines())
