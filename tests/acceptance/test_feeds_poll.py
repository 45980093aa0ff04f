"""`claimwatch feeds poll`: one look at one feed, while a daemon runs or not."""

from __future__ import annotations

import json

from tests.acceptance.conftest import Watch, rss
from tests.acceptance.servers import Page
from tests.acceptance.test_process import daemon, until
from tests.acceptance.test_reload import claimwatch, polled, stored
from tests.acceptance.test_the_whole_way import NEWS, once


def test_it_tells_what_is_new_and_on_topic_and_stores_nothing(watch: Watch) -> None:
    watch.feeds.pages["a"] = Page(rss("Weather: sunny"))
    watch.write("a")
    once(watch)
    watch.feeds.pages["a"] = Page(rss(NEWS, "Weather: sunny"))
    said = claimwatch(watch, "feeds", "poll", "a")
    assert said.returncode == 0, said.stderr
    assert "2 items, 1 new to us, 1 on a topic" in said.stdout
    assert f"new {NEWS} [harbour 1.00 strong]" in " ".join(said.stdout.split())
    rows = [
        json.loads(line) for line in claimwatch(watch, "feeds", "poll", "a", "--json").stdout.splitlines()
    ]
    assert [(row["title"], row["new"]) for row in rows] == [(NEWS, True), ("Weather: sunny", False)]
    assert stored(watch) == 1
    assert watch.mail.raw == []


def test_it_works_before_the_first_run_and_says_what_is_wrong_with_a_feed(watch: Watch) -> None:
    watch.feeds.pages["a"] = Page(b"<html>Please log in</html>", "text/html")
    watch.write("a")
    said = claimwatch(watch, "feeds", "poll", "a")
    assert said.returncode == 1
    assert said.stderr.startswith('claimwatch: feed "a": ')
    assert "Traceback" not in said.stderr
    said = claimwatch(watch, "feeds", "poll", "b")
    assert 'There is no feed "b".' in said.stderr


def test_due_has_the_running_daemon_poll_at_once(watch: Watch) -> None:
    watch.feeds.pages["a"] = Page(rss("Weather: sunny"))
    watch.write("a", every="1h")
    with daemon(watch):
        until(lambda: polled(watch, "a"))
        watch.feeds.pages["a"] = Page(rss(NEWS))
        assert claimwatch(watch, "feeds", "poll", "a", "--due").returncode == 0
        until(lambda: len(watch.mail.raw) == 1)
