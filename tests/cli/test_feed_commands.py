"""`feeds discover|add|remove|import|export` against a real server on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from claimwatch.app import now
from claimwatch.cli import feeds_import
from claimwatch.config import load
from claimwatch.feeds.opml import read_opml
from tests.acceptance.servers import FeedServer, Page
from tests.cli.conftest import Claimwatch
from tests.feeds.documents import entry, rss

HOURLY = "".join(
    entry(f"The harbour of the northern town has been closed for the {n}th time this week", f"g{n}",
          more=f"<pubDate>{format_datetime(now() - timedelta(hours=n + 2.2))}</pubDate>")
    for n in range(1, 9)
)  # fmt: skip
PAGE = b"""<html><head><title>Lake Post</title>
<link rel="alternate" type="application/rss+xml" href="/rss"></head><body>Welcome</body></html>"""


@pytest.fixture
def site() -> Iterator[FeedServer]:
    server = FeedServer()
    server.pages["rss"] = Page(
        rss(HOURLY, "<title>Lake Post RSS Feed</title><link>http://lake.example/</link>")
    )
    server.pages["page"] = Page(PAGE, "text/html")
    with server.running():
        yield server


def feeds(config: Path) -> dict[str, object]:
    return {feed.name: feed for feed in load(config, environ={}).feeds}


def test_discover_shows_what_a_page_names(claimwatch: Claimwatch, config: Path, site: FeedServer) -> None:
    said = claimwatch("feeds", "discover", site.url("page"), "--private", "-c", config)
    assert said.code == 0, said.err
    assert said.out.splitlines()[0] == site.url("rss")
    told = " ".join(said.out.split())
    assert '"Lake Post RSS Feed", rss20, 8 items, newest 3 hours old, about 24 a day, en' in told
    assert all(len(line) <= 80 for line in said.out.splitlines() if "claimwatch feeds add" not in line)
    assert "Follow one:  claimwatch feeds add URL" in said.out
    row = json.loads(
        claimwatch("feeds", "discover", site.url("page"), "--private", "--json", "-c", config).out
    )
    assert (row["url"], row["items"], row["seconds_between_items"], row["language"]) == (
        site.url("rss"),
        8,
        3600.0,
        "en",
    )


def test_discover_tries_where_most_have_theirs_and_says_what_was_asked_in_vain(
    claimwatch: Claimwatch, config: Path, site: FeedServer
) -> None:
    site.pages["home"] = Page(b"<html><body>No feed here</body></html>", "text/html")
    said = claimwatch("feeds", "discover", site.url("home"), "--private", "-c", config)
    assert (said.code, said.out.splitlines()[0]) == (0, site.url("rss"))
    del site.pages["rss"]
    said = claimwatch("feeds", "discover", site.url("home"), "--private", "-c", config)
    assert said.code == 1
    assert said.out.startswith("No feed was found at")
    assert "more places were asked in vain" in said.out
    assert len(site.requests) < 40


def test_discover_asks_no_address_of_ones_own_network_unless_told_so(
    claimwatch: Claimwatch, config: Path, site: FeedServer
) -> None:
    said = claimwatch("feeds", "discover", site.url("page"), "-c", config)
    assert said.code == 1
    assert "address not allowed: 127.0.0.1 is loopback" in " ".join(said.out.split())
    assert said.out.endswith("If it is on your own network, add --private.\n")
    assert site.requests == []


def test_add_follows_the_feed_of_a_page_under_its_title(
    claimwatch: Claimwatch, config: Path, site: FeedServer
) -> None:
    before = (config / "feeds.yaml").read_text()
    said = claimwatch(
        "feeds", "add", site.url("page"), "--private", "--reliability", "B", "--tag", "lakes", "-c", config
    )
    assert said.code == 0, said.err
    assert (config / "feeds.yaml").read_text() == before + (
        f'  - {{name: Lake Post, url: "{site.url("rss")}", language: en, reliability: B, '
        "tags: [lakes], private: true}\n"
    )
    said = claimwatch("feeds", "add", site.url("rss"), "--private", "-c", config)
    assert said.out == 'Feed "Lake Post" reads that address already. Nothing was changed.\n'


def test_add_offline_asks_nobody(claimwatch: Claimwatch, config: Path) -> None:
    said = claimwatch("feeds", "add", "gamma.example/rss", "--offline", "--every", "15m", "-c", config)
    assert said.code == 0
    assert load(config, environ={}).feeds[-1].every == timedelta(minutes=15)
    assert "gamma.example" in feeds(config)


def test_add_refuses_what_would_make_the_config_wrong(claimwatch: Claimwatch, config: Path) -> None:
    before = (config / "feeds.yaml").read_bytes()
    said = claimwatch("feeds", "add", "gamma.example", "--offline", "--name", "Alpha", "-c", config)
    assert said.code == 1
    assert "Alpha is defined twice" in said.err
    said = claimwatch("feeds", "add", "gamma.example", "--offline", "--reliability", "B2", "-c", config)
    assert '"B2" grades a report.' in said.err
    assert (config / "feeds.yaml").read_bytes() == before


def test_add_says_why_a_page_cannot_be_followed(
    claimwatch: Claimwatch, config: Path, site: FeedServer
) -> None:
    said = claimwatch("feeds", "add", site.url("none"), "--private", "-c", config)
    assert said.code == 1
    assert "HTTP 404: not found" in said.err
    assert "If you know the feed's own address, give that." in said.err


def test_a_page_with_several_feeds_is_not_guessed_at(
    claimwatch: Claimwatch, config: Path, site: FeedServer
) -> None:
    site.pages["rss2"] = site.pages["rss"]
    site.pages["page"] = Page(
        PAGE.replace(b"</head>", b'<link type="application/rss+xml" href="/rss2">'), "text/html"
    )
    said = claimwatch("feeds", "add", site.url("page"), "--private", "-c", config)
    assert said.code == 1
    assert "has 2 feeds. Name one:" in said.err
    assert site.url("rss2") in said.err


def test_remove_takes_the_entry_and_nothing_else(claimwatch: Claimwatch, config: Path) -> None:
    file = config / "feeds.yaml"
    file.write_text(
        "feed:\n  # ours\n  - name: Alpha\n    url: https://alpha.example/rss\n\n  # theirs\n"
        + file.read_text().split("\n")[2]
        + "\n"
    )
    said = claimwatch("feeds", "remove", "Alpha", "--dry-run", "-c", config)
    assert "not changed: --dry-run" in said.out
    assert "Alpha" in feeds(config)
    said = claimwatch("feeds", "remove", "Alpha", "-c", config)
    assert said.code == 0
    assert file.read_text().startswith("feed:\n  # ours\n\n  # theirs\n  - {name: Beta")
    said = claimwatch("feeds", "remove", "Betta", "-c", config)
    assert (said.code, said.err) == (1, 'claimwatch: There is no feed "Betta". Did you mean "Beta"?\n')


def opml(*outlines: str) -> str:
    return f"<opml version='2.0'><body>{''.join(outlines)}</body></opml>"


def test_import_adds_what_answers_and_tells_of_each(
    claimwatch: Claimwatch, config: Path, site: FeedServer, tmp_path: Path
) -> None:
    listed = tmp_path / "list.opml"
    listed.write_text(
        opml(
            '<outline text="Lakes"><outline text="North">'
            f'<outline text="Post" xmlUrl="{site.url("rss")}"/></outline></outline>',
            '<outline text="A" xmlUrl="http://alpha.example/rss"/>',
            f'<outline text="Gone" xmlUrl="{site.url("gone")}"/><outline text="Page" xmlUrl="{site.url("page")}"/>',
        )
    )
    said = claimwatch("feeds", "import", listed, "--private", "--dry-run", "--json", "-c", config)
    rows = {row["url"]: row["result"] for row in map(json.loads, said.out.splitlines())}
    assert rows == {
        site.url("rss"): "added", "http://alpha.example/rss": "already there",
        site.url("gone"): "dead", site.url("page"): "not a feed",
    }  # fmt: skip
    assert set(feeds(config)) == {"Alpha", "Beta"}
    said = claimwatch("feeds", "import", listed, "--private", "--tag", "imported", "-c", config)
    assert said.code == 0, said.err
    assert said.out.rstrip().endswith("1 added, 1 already there, 1 dead, 1 not a feed")
    assert "HTTP 404: not found" in said.out
    new = load(config, environ={}).feeds[-1]
    assert (new.name, new.language, new.tags, new.private) == (
        "Post",
        "en",
        ("Lakes", "North", "imported"),
        True,
    )
    said = claimwatch("feeds", "import", listed, "--private", "-c", config)
    assert "2 already there" in said.out


def test_an_import_that_is_stopped_adds_what_was_found_until_then(
    claimwatch: Claimwatch, config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stopped(settings: object, rows: list[feeds_import.Row], *, private: bool) -> None:
        rows[0].result, rows[0].name = "added", "First"
        raise KeyboardInterrupt

    monkeypatch.setattr(feeds_import, "_ask_all", stopped)
    listed = tmp_path / "list.opml"
    listed.write_text(opml(*(f'<outline text="N{n}" xmlUrl="https://n{n}.example/rss"/>' for n in range(3))))
    said = claimwatch("feeds", "import", listed, "-c", config)
    assert said.code == 0
    assert said.out.endswith("1 added, 2 not asked\nStopped: run the same again to ask the rest.\n")
    assert set(feeds(config)) == {"Alpha", "Beta", "First"}


def test_import_without_a_network_changes_nothing(
    claimwatch: Claimwatch, config: Path, tmp_path: Path
) -> None:
    listed = tmp_path / "list.opml"
    listed.write_text(opml(*(f'<outline text="N{n}" xmlUrl="https://n{n}.invalid/rss"/>' for n in range(3))))
    said = claimwatch("feeds", "import", listed, "-c", config)
    assert said.code == 1
    assert "the network seems to be down" in said.err
    assert set(feeds(config)) == {"Alpha", "Beta"}
    assert claimwatch("feeds", "import", listed, "--offline", "-c", config).code == 0
    assert set(feeds(config)) == {"Alpha", "Beta", "N0", "N1", "N2"}


def test_what_is_exported_can_be_imported_elsewhere(
    claimwatch: Claimwatch, config: Path, tmp_path: Path
) -> None:
    claimwatch(
        "feeds",
        "add",
        "gamma.example/rss",
        "--offline",
        "--name",
        "Gamma",
        "--tag",
        "a",
        "--tag",
        "b",
        "-c",
        config,
    )
    out = tmp_path / "out.opml"
    assert claimwatch("feeds", "export", "--out", out, "-c", config).code == 0
    assert claimwatch("feeds", "export", "-c", config).out.startswith("<?xml")
    assert [(o.title, o.groups) for o in read_opml(out.read_bytes())] == [
        ("Alpha", ()),
        ("Beta", ()),
        ("Gamma", ("a", "b")),
    ]


def test_a_list_that_is_none_is_told(claimwatch: Claimwatch, config: Path, tmp_path: Path) -> None:
    said = claimwatch("feeds", "import", config / "feeds.yaml", "-c", config)
    assert said.code == 1
    assert "the list cannot be read: line 1" in said.err
    said = claimwatch("feeds", "import", tmp_path / "none.opml", "-c", config)
    assert "I cannot read" in said.err
