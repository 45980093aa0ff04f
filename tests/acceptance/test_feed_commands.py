"""Feeds added, followed and removed by command while a daemon runs; pages read where feeds say too little."""

from __future__ import annotations

import json

from tests.acceptance.conftest import Watch, rss
from tests.acceptance.servers import Page, text_of
from tests.acceptance.test_process import daemon, until
from tests.acceptance.test_reload import claimwatch, polled
from tests.acceptance.test_the_whole_way import NEWS, once

LISTED = '<ul><li class="n"><a href="/n/{0}">{1}</a></li></ul>'
ARTICLE = "<html><body><article>{}</article></body></html>".format(
    "".join(
        f"<p>Part {n}: the mayor of Velmar says that the harbour and its pier are closed.</p>"
        for n in range(9)
    )
)


def test_a_feed_that_is_added_while_the_daemon_runs_is_followed_and_one_removed_no_longer(
    watch: Watch,
) -> None:
    watch.feeds.pages["a"] = Page(rss("Weather: sunny"))
    watch.feeds.pages["b"] = Page(rss("Weather: rainy"))
    watch.write("a")
    with daemon(watch):
        until(lambda: polled(watch, "a"))
        added = claimwatch(
            watch, "feeds", "add", watch.feeds.url("b"), "--private", "--every", "1s", "--name", "b"
        )
        assert added.returncode == 0, added.stderr
        until(lambda: polled(watch, "b") > 2)
        assert claimwatch(watch, "feeds", "remove", "a").returncode == 0
        listed = claimwatch(watch, "feeds", "list", "--json")
        assert [json.loads(line)["feed"] for line in listed.stdout.splitlines()] == ["b"]
        seen = polled(watch, "b")
        until(lambda: polled(watch, "b") > seen)


def test_a_page_without_a_feed_is_followed_and_a_change_of_its_shape_is_told(watch: Watch) -> None:
    watch.feeds.pages["a"] = Page(LISTED.format(1, "Weather: sunny").encode(), "text/html")
    watch.write("a")
    feeds = watch.config / "feeds.yaml"
    feeds.write_text(feeds.read_text().replace("private: true", 'private: true, select: {item: "li.n"}'))
    once(watch)
    both = LISTED.format(2, NEWS) + LISTED.format(1, "Weather: sunny")
    watch.feeds.pages["a"] = Page(both.encode(), "text/html")
    once(watch)
    assert NEWS in " ".join(text_of(watch.mail.messages[0]).split())
    assert watch.feeds.url("n/2") in text_of(watch.mail.messages[0])
    looked = claimwatch(watch, "feeds", "poll", "a")
    assert "page, 2 items, 0 new to us, 1 on a topic" in looked.stdout
    watch.feeds.pages["a"] = Page(b"<p>We have a new look</p>", "text/html")
    once(watch)
    (row,) = map(json.loads, claimwatch(watch, "feeds", "list", "--json").stdout.splitlines())
    assert (row["state"], row["ok"]) == ("empty", False)
    assert '"li.n" finds nothing on the page: did the page change?' in row["detail"]


def test_full_text_shows_what_the_headline_does_not_say(watch: Watch) -> None:
    watch.feeds.pages["a"] = Page(rss("Weather: sunny"))
    watch.feeds.pages["n/7"] = Page(ARTICLE.encode(), "text/html")
    watch.write("a")
    feeds = watch.config / "feeds.yaml"
    feeds.write_text(feeds.read_text().replace("private: true", "private: true, full_text: true"))
    once(watch)
    link = f"<link>{watch.feeds.url('n/7')}</link></item>"
    watch.feeds.pages["a"] = Page(rss("Velmar: mayor speaks").replace(b"</item>", link.encode()))
    once(watch)
    assert len(watch.mail.raw) == 1
    assert ("n/7", 200) in watch.feeds.requests
    once(watch)
    assert watch.feeds.requests.count(("n/7", 200)) == 1
