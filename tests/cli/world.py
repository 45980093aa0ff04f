"""A small world in which every example of the help and most of the README can be typed: config, feeds, past."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import timedelta
from email.utils import format_datetime
from io import StringIO
from pathlib import Path
from xml.sax.saxutils import escape

from claimwatch.app import now
from claimwatch.cli.main import main
from tests.acceptance.servers import FeedServer, Page

TOPIC = """\
topic:
  lake-dam:
    title: The dam at Lake Orsa
    who: [Orsa, "Lac d'Orsa"]
    what: [dam, barrage, flood, crue, evacuated]
claim:
  dam-safe:
    short: The Orsa dam is safe
    text: The dam at Lake Orsa is safe.
    said_by: [ministry]
    example:
      - {headline: "Engineers deny that the Orsa dam is safe", expect: CONTRADICTS}
  orsa-evacuated:
    text: About 4,000 people were evacuated below the dam at Lake Orsa.
    quantity: about 4,000 people
    said_by: [ministry]
    reported: 2026-07-02
    example:
      - {headline: "More than 6,000 people evacuated below the dam at Lake Orsa", expect: UPDATES}
"""
ROUTES = """\
channel:
  desk-mail: {type: jsonl, path: var/desk.jsonl}  # no server listens here
route:
  - name: everything
    to: [desk-mail]
  - name: urgent
    when: {relation: [CONTRADICTS, UPDATES], match: good}
    to: [desk-mail]
  - {name: daily, to: [desk-mail], digest: "07:00"}
"""
SUBSCRIPTIONS = """\
<opml version="2.0"><body><outline text="Lakes">
  <outline text="Lake Post" type="rss" xmlUrl="https://lake-post.example/rss"/>
</outline></body></opml>
"""
# relation -> (outlet, headline); the codes are what the examples of the help call them
TOLD = {
    "K7Q2MD": ("Example Wire", "Engineers deny that the dam at Lake Orsa is safe"),
    "3TWX8R": ("Example Wire", "More than 6,000 people evacuated below the dam at Lake Orsa"),
    "9HDM4C": ("Hill Herald", "About 4,000 people were evacuated below the dam at Lake Orsa, mayor says"),
}
MORE = {
    "Example Wire": ["Orsa dam: the floods have killed 12 people, rescue service says"],
    "Hill Herald": ["Twelve dead: floods below the Orsa dam killed 12 people on Sunday"],
}


@dataclass(frozen=True)
class World:
    """A folder to work in, and what the codes of the examples are called there."""

    base: Path
    codes: dict[str, str]  # as the help writes them -> as they are here


@contextmanager
def built_world(base: Path) -> Iterator[World]:
    """Serve the feeds, run the daemon once over them, and give the world; the feeds are served meanwhile."""
    with FeedServer().running() as feeds:
        _write(base, feeds)
        for outlet in MORE:
            feeds.pages[_path(outlet)] = Page(_rss(["Weather: sunny"]))
        run("run", "--once", "--config", str(base / "config"))  # a first poll is told in one summary
        for outlet in MORE:
            titles = [title for where, title in TOLD.values() if where == outlet] + MORE[outlet]
            feeds.pages[_path(outlet)] = Page(_rss(titles))
        run("run", "--once", "--config", str(base / "config"))
        for folder in ("new", "home/watch"):
            shutil.copytree(base / "config", base / folder / "config")
            shutil.copytree(base / "alerts", base / folder / "alerts")
        feed = _rss(title for _, title in TOLD.values())
        (base / "feed.xml").write_bytes(feed)
        rows = [{"id": code, "title": title} for code, (_, title) in TOLD.items()]
        (base / "items.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
        pairs = {
            "claim": "The dam is safe.",
            "text": "Engineers deny that the dam is safe.",
            "label": "contradicts",
        }
        (base / "subscriptions.opml").write_text(SUBSCRIPTIONS)
        (base / "pairs.jsonl").write_text(json.dumps(pairs) + "\n")
        yield World(base, _codes(base))


def run(*args: str) -> str:
    """Run a command in this process and return what it printed. Raises: AssertionError when it failed."""
    code: object = 0
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            main(list(args))
        except SystemExit as ended:
            code = ended.code
    assert code == 0, err.getvalue() + out.getvalue()
    return out.getvalue()


def _write(base: Path, feeds: FeedServer) -> None:
    (base / "config" / "topics").mkdir(parents=True)
    (base / "alerts").mkdir()
    (base / "config" / "claimwatch.yaml").write_text("timezone: Europe/Paris\nlanguages: [en, fr]\n")
    (base / "config" / "feeds.yaml").write_text(
        "feed:\n"
        + "".join(
            f"  - {{name: {outlet}, url: '{feeds.url(_path(outlet))}', language: en, reliability: B,"
            " private: true, every: 10m}\n"
            for outlet in MORE
        )
    )
    (base / "config" / "topics" / "lake-dam.yaml").write_text(TOPIC)
    (base / "alerts" / "routes.yaml").write_text(ROUTES)


def _path(outlet: str) -> str:
    return outlet.lower().replace(" ", "-")


def _rss(titles: Iterator[str] | list[str]) -> bytes:
    at = format_datetime(now() - timedelta(minutes=5))
    items = "".join(
        f"<item><title>{escape(title)}</title><guid>https://news.example/{n}-{len(title)}</guid>"
        f"<link>https://news.example/{n}-{len(title)}</link><pubDate>{at}</pubDate></item>"
        for n, title in enumerate(titles)
    )
    return f"<rss version='2.0'><channel><title>News</title>{items}</channel></rss>".encode()


def _codes(base: Path) -> dict[str, str]:
    listed = run("alerts", "list", "--json", "--config", str(base / "config"))
    raised = {row["items"][0]["title"]: row["code"] for row in map(json.loads, listed.splitlines())}
    return {code: raised[title] for code, (_, title) in TOLD.items()}
