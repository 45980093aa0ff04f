"""Editing the config of a daemon that runs."""

from __future__ import annotations

import fcntl
import os
import pty
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from claimwatch.storage.database import Database
from claimwatch.storage.reading import SqlReader
from tests.acceptance.conftest import TOPIC, Watch, rss
from tests.acceptance.servers import Page, text_of
from tests.acceptance.test_process import ROOT, daemon, until
from tests.acceptance.test_the_whole_way import NEWS

BRIDGE = """
topic:
  bridge:
    title: The bridge of Tarn
    who: [Tarn]
    what: [bridge]
"""


def claimwatch(watch: Watch, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "claimwatch", *words, "--config", str(watch.config)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip


def said(process: subprocess.Popen[str]) -> str:
    process.send_signal(signal.SIGTERM)
    return process.communicate(timeout=15)[1]


def polled(watch: Watch, path: str) -> int:
    return sum(name == path for name, _ in watch.feeds.requests)


def stored(watch: Watch) -> int:
    database = Database(watch.base / "var" / "claimwatch.db")
    try:
        return SqlReader(database).queues().items
    finally:
        database.close()


def mails(watch: Watch) -> str:
    return " ".join(" ".join(text_of(mail) for mail in watch.mail.messages).split())


def test_a_new_topic_is_live_at_once_and_tells_the_last_days_in_one_message(watch: Watch) -> None:
    old = [f"Tarn bridge closes lane {n} for repairs, part {n}" for n in range(1, 6)]
    watch.feeds.pages["a"] = Page(rss(*old, NEWS))
    watch.write("a")
    with daemon(watch) as process:
        until(lambda: len(watch.mail.raw) == 1)  # the first poll's summary of the harbour
        assert "Tarn" not in mails(watch)
        (watch.config / "bridge.yaml").write_text(BRIDGE)
        until(lambda: len(watch.mail.raw) == 2)
        summary = " ".join(text_of(watch.mail.messages[1]).split())
        assert all(title in summary for title in old)
        assert NEWS not in summary
        assert "when the topic was added" in summary

        watch.feeds.pages["a"] = Page(rss("Tarn bridge opens again after the storm", *old, NEWS))
        until(lambda: len(watch.mail.raw) == 3)
        assert "opens again" in mails(watch)
        time.sleep(2)
        log = said(process)
    assert len(watch.mail.raw) == 3  # nothing of the past is told again
    assert "+1 topic" in log


def test_a_topic_that_came_while_nothing_ran_tells_the_last_days_too(watch: Watch) -> None:
    watch.feeds.pages["a"] = Page(rss("Tarn bridge closes for repairs", NEWS))
    watch.write("a")
    with daemon(watch) as process:
        until(lambda: len(watch.mail.raw) == 1)
        said(process)
    with daemon(watch) as process:
        until(lambda: polled(watch, "a") > 4)
        assert "matched" not in said(process)
    (watch.config / "bridge.yaml").write_text(BRIDGE)
    with daemon(watch) as process:
        until(lambda: len(watch.mail.raw) == 2)
        said(process)
    assert "Tarn bridge closes" in mails(watch)


def test_a_change_is_live_within_two_seconds(watch: Watch) -> None:
    watch.feeds.pages["a"] = Page(rss("Weather: sunny"))
    watch.feeds.pages["b"] = Page(rss("Weather: rainy"))
    watch.write("a")
    with daemon(watch):
        until(lambda: polled(watch, "a"))
        watch.write("a", "b")
        begin = time.monotonic()
        until(lambda: polled(watch, "b"))
        took = time.monotonic() - begin
    # the look for changes (0.5 s), the wait for the editor (0.2 s) and a poll tick (1 s) on a busy machine
    assert took < 6


def test_a_removed_feed_is_asked_no_more_and_a_changed_address_at_once(watch: Watch) -> None:
    for name in ("a", "b", "c"):
        watch.feeds.pages[name] = Page(rss(f"Weather of {name}"))
    watch.write("a", "b")
    with daemon(watch) as process:
        until(lambda: polled(watch, "a") and polled(watch, "b"))
        watch.write("a", "c")
        until(lambda: polled(watch, "c"))
        time.sleep(0.5)
        before = polled(watch, "b")
        until(lambda: polled(watch, "c") > 3)
        assert polled(watch, "b") == before
        assert "+1 feed, -1 feed" in said(process)


def test_a_wrong_change_leaves_all_as_it_was_and_is_told_once(watch: Watch) -> None:
    watch.feeds.pages["a"] = Page(rss("Weather: sunny"))
    watch.write("a")
    topic = watch.config / "topic.yaml"
    with daemon(watch) as process:
        until(lambda: polled(watch, "a"))
        topic.write_text(TOPIC.replace("what: [harbour, pier]", "wath: [harbour, pier"))
        until(lambda: "cannot be used" in claimwatch(watch, "status").stdout)
        status = claimwatch(watch, "status")
        assert status.returncode == 1
        assert "topic.yaml:" in status.stdout
        assert "1 configured" in status.stdout  # the rest is still told
        topic.write_text(topic.read_text())  # saved again, no better
        time.sleep(1.5)

        watch.feeds.pages["a"] = Page(rss(NEWS))
        until(lambda: len(watch.mail.raw) == 1)
        assert NEWS in mails(watch)

        topic.write_text(TOPIC.replace("[harbour, pier]", "[harbour, pier, quay]"))
        until(lambda: "cannot be used" not in claimwatch(watch, "status").stdout)
        log = said(process)
    assert log.count("the one before stays") == 1
    assert "1 topic edited" in log
    assert len(watch.mail.raw) == 1


def test_an_example_that_the_change_breaks_keeps_the_config_before(watch: Watch) -> None:
    watch.feeds.pages["a"] = Page(rss("Weather: sunny"))
    watch.write("a")
    topic = watch.config / "topic.yaml"
    example = """    example:
      - {headline: "Norland: Avarian soldiers sighted", expect: OFF-TOPIC}
"""
    with daemon(watch) as process:
        until(lambda: polled(watch, "a"))
        topic.write_text(TOPIC.rstrip() + "\n" + example)
        until(lambda: "cannot be used" in claimwatch(watch, "status").stdout)
        assert "Expected OFF-TOPIC" in claimwatch(watch, "status").stdout
        said(process)


def test_a_change_that_cannot_be_used_is_told_once_to_the_operator_and_never_to_readers(watch: Watch) -> None:
    watch.feeds.pages["a"] = Page(rss("Weather: sunny"))
    watch.write(
        "a",
        routes="channel:\n  desk: {type: email, to: [desk@desk.example]}\n"
        "  boss: {type: email, to: [boss@desk.example]}\noperator: boss\nroute:\n  - {name: all, to: [desk]}\n",
    )
    topic = watch.config / "topic.yaml"
    with daemon(watch) as process:
        until(lambda: polled(watch, "a"))
        topic.write_text(TOPIC.replace("reported:", "reporte:"))
        until(lambda: len(watch.mail.raw) == 1)
        topic.write_text(topic.read_text() + "\n# saved once more\n")
        time.sleep(2)
        told = mails(watch)
        assert len(watch.mail.raw) == 1
        assert str(watch.mail.messages[0]["To"]) == "boss@desk.example"
        assert "the changed config cannot be used" in told
        assert 'Did you mean "reported"?' in told
        log = said(process)
    assert log.count("the one before stays") == 1


def test_a_good_change_says_what_changed(watch: Watch) -> None:
    watch.feeds.pages["a"] = Page(rss("Weather: sunny"))
    watch.write("a")
    topic = watch.config / "topic.yaml"
    other = "  pier-shut:\n    topic: harbour\n    text: The pier of Velmar is shut.\n"
    topic.write_text(TOPIC + other)
    with daemon(watch) as process:
        until(lambda: polled(watch, "a"))
        edited = (TOPIC + other).replace("is shut", "is quite shut").replace("may be sent", "will be sent")
        topic.write_text(edited.replace("topic:\n", BRIDGE.lstrip("\n"), 1))
        until(lambda: polled(watch, "a") > 4)
        log = said(process)
    assert "+1 topic, 2 claims edited" in log


def test_sighup_reads_the_config_anew(watch: Watch) -> None:
    watch.feeds.pages["a"] = Page(rss("Weather: sunny"))
    watch.write("a")
    with daemon(watch) as process:
        until(lambda: polled(watch, "a"))
        process.send_signal(signal.SIGHUP)
        time.sleep(1.5)
        assert process.poll() is None
        assert "config changed" in said(process)


def test_a_closed_terminal_ends_the_daemon_that_was_started_in_it(watch: Watch) -> None:
    watch.feeds.pages["a"] = Page(rss("Weather: sunny"))
    watch.write("a")
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "claimwatch", "run", "--config", str(watch.config)],
        cwd=ROOT, stdin=theirs, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )  # fmt: skip
    os.close(theirs)
    try:
        until(lambda: polled(watch, "a") > 1)
        os.close(ours)  # the kernel tells the session's leader by SIGHUP
        assert process.wait(15) == 0
    finally:
        process.kill()
        process.wait()


def test_receivers_and_routes_are_swapped_and_nothing_is_told_twice(watch: Watch, tmp_path: Path) -> None:
    watch.feeds.pages["a"] = Page(rss("Weather: sunny"))
    watch.write("a")
    with daemon(watch) as process:
        until(lambda: stored(watch) if (tmp_path / "var" / "claimwatch.db").exists() else 0)
        watch.feeds.pages["a"] = Page(rss(NEWS))
        until(lambda: len(watch.mail.raw) == 1)
        (watch.base / "alerts" / "routes.yaml").write_text(
            "channel:\n  boss: {type: email, to: [boss@desk.example]}\nroute:\n  - {name: all, to: [boss]}\n"
        )
        time.sleep(2)
        watch.feeds.pages["a"] = Page(rss("Velmar pier burns down after a storm at sea", NEWS))
        until(lambda: len(watch.mail.raw) == 2)
        time.sleep(1.2)
        said(process)
    assert [mail["To"] for mail in watch.mail.messages] == ["desk@desk.example", "boss@desk.example"]


@pytest.mark.slow
def test_edits_under_fire_lose_and_repeat_nothing(watch: Watch) -> None:
    """News comes while topics come and go; each item on the lasting topic is told exactly once."""
    watch.feeds.pages["a"] = Page(rss("Weather: sunny"))
    watch.write("a")
    titles: list[str] = []
    with daemon(watch) as process:
        until(lambda: polled(watch, "a"))
        time.sleep(1)
        for n in range(12):
            titles.append(f"Velmar harbour takes in ship number {n}, called the {'abcdefghijkl'[n] * 4}")
            watch.feeds.pages["a"] = Page(rss(*reversed(titles)))
            extra = watch.config / "bridge.yaml"
            if n % 2:
                extra.unlink()
            else:
                extra.write_text(BRIDGE)
            time.sleep(0.7)
        until(lambda: len(watch.mail.raw) >= 12, 30)
        time.sleep(1.5)
        said(process)
    text = [mail["Subject"] + " " + " ".join(text_of(mail).split()) for mail in watch.mail.messages]
    assert [sum(title in one for one in text) for title in titles] == [1] * 12


NAMES = """
name:
  avaria: {names: [Avaria, Avarian, Tarsk Union]}
"""


def test_names_added_while_running_are_known_to_topics_and_to_the_judge(watch: Watch) -> None:
    watch.feeds.pages["a"] = Page(rss(NEWS))
    watch.write("a")
    with daemon(watch) as process:
        until(lambda: len(watch.mail.raw) == 1)
        (watch.config / "names.yaml").write_text(NAMES)
        topic = (watch.config / "topic.yaml").read_text()
        (watch.config / "topic.yaml").write_text(topic.replace("who: [Avaria]", 'who: ["@avaria"]'))
        until(lambda: claimwatch(watch, "topics", "show", "border-troops").stdout.count("@avaria") > 0)
        time.sleep(2)
        denial = "Tarsk Union denies that it will send 5,000 more soldiers to Norland"
        watch.feeds.pages["a"] = Page(rss(denial, NEWS))
        until(lambda: denial in mails(watch))
        log = said(process)
    assert "names edited" in log
    assert "CONTRADICTS" in mails(watch)
    assert "by Tarsk Union" in mails(watch)
