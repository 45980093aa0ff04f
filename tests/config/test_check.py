"""`claimwatch check` reads a config back in words, asks feeds and tries channels when told to."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner

from claimwatch.cli.check import command
from tests.config.conftest import Write

CONFIG = """
timezone: Europe/Paris
feed:
  - {name: Example Wire, url: "https://wire.example/r", language: en, every: 5m, reliability: B, wire: true}
  - {name: Exemple Matin, url: "https://matin.example.fr/rss", language: fr, every: 15m, reliability: C}
  - {name: Приклад Новини, url: "https://n.test/r", language: uk, every: 10m, reliability: C, near: Ukraine}
topic:
  nk-troops-russia:
    who: [North Korea, Corée du Nord, КНДР]
    where: [Russia, Kursk, Россия]
    what: [troops, soldiers, casualties, pertes, солдати]
    not: [World Cup]
  nk-russia-arms:
    who: [North Korea, КНДР]
    what: [Pantsir, Панцир, containers]
claim:
  nk-troops-30k:
    topic: nk-troops-russia
    short: "NK troops: up to 30,000 more to Russia"
    text: Up to 30,000 more North Korean soldiers may be sent to Russia in the coming months.
    quantity: up to 30,000 soldiers
    until: 2999-12-31
    example:
      - {headline: "North Korean football team arrives in Russia", expect: OFF-TOPIC}
  nk-casualties-kursk:
    topic: nk-troops-russia
    text: About 4,000 North Korean soldiers were killed or wounded in the Kursk region.
    quantity: about 4,000 killed or wounded
  containers:
    topic: nk-russia-arms
    text: North Korea shipped tens of thousands of containers.
    quantity: tens of thousands of containers
  pantsir-pyongyang:
    topic: nk-russia-arms
    text: North Korea already uses Pantsir systems to protect Pyongyang.
"""
SUMMARY = """\
claimwatch.yaml, 34 lines
  3 feeds    Example Wire 5m [B, wire] | Exemple Matin 15m [C] |
             Приклад Новини 10m [C, near Ukraine]
  2 topics   nk-troops-russia: 11 names in 3 lines |
             nk-russia-arms: 5 names in 2 lines
  4 claims   nk-troops-30k        reads as: at most 30,000 soldiers, until
                                  31 Dec 2999
             nk-casualties-kursk  reads as: about 4,000 (3,600 to 4,400) killed
                                  or wounded
             containers           reads as: 20,000 to 99,999 containers
             pantsir-pyongyang: no figure
  1 example as expected
  no route   every alert goes to the terminal and to var/alerts.jsonl
1 warning
  claimwatch.yaml:24  3 of 4 claims have no example; a later edit could break
                      them unnoticed.
ok (nothing was fetched, nothing was sent; try --online and --send)
"""


def check(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(command, list(arguments), standalone_mode=False)
    if result.exception is not None:
        raise result.exception
    assert isinstance(result.return_value, int)
    return result.return_value, result.stdout


def test_a_good_config_is_read_back_in_words(write: Write) -> None:
    write({"claimwatch.yaml": CONFIG.lstrip()})
    assert check("--config", "claimwatch.yaml") == (0, SUMMARY)


def test_strict_takes_warnings_for_errors(write: Write) -> None:
    write({"claimwatch.yaml": CONFIG})
    code, said = check("--config", "claimwatch.yaml", "--strict")
    assert code == 1
    assert "1 warning (--strict counts them as errors)" in said
    assert "ok" not in said.splitlines()


def test_json_gives_a_finding_a_line_and_the_result_last(write: Write) -> None:
    write({"claimwatch.yaml": CONFIG.replace("reliability: B", "reliability: B2")})
    code, said = check("--config", "claimwatch.yaml", "--json")
    first, *_, last = (json.loads(line) for line in said.splitlines())
    assert code == 1
    assert first == {
        "severity": "error",
        "check": 10,
        "file": "claimwatch.yaml",
        "line": 4,
        "column": 95,
        "what": 'feed "Example Wire", reliability',
        "message": '"B2" grades a report. A feed takes one letter, A to F.',
    }
    assert last == {
        "ok": False,
        "errors": 1,
        "warnings": 1,
        "examples": None,
        "tests": None,
        "watching": False,
    }


def test_the_figure_in_the_message_is_the_line_in_the_file(write: Write) -> None:
    write({"config/a/b/c.yaml": "\n\n\nfeed:\n  - {name: A, url: x}\n"})
    _, said = check("--config", "config")
    assert said.startswith('config/a/b/c.yaml:5:20  feed "A", url\n')


# ---------------------------------------------------------------- with a server

FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>T</title><link>http://a.example.org</link>
<item><title>The ministers met on Monday to talk about trade</title><guid>1</guid>
<pubDate>Mon, 06 Jan 2020 10:00:00 GMT</pubDate></item></channel></rss>"""


class Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/moved":
            self.send_response(301)
            self.send_header("Location", "/old")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        body = {"/old": FEED, "/page": b"<html><body>Hello</body></html>"}.get(self.path)
        self.send_response(200 if body else 404)
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        code = 200 if self.path == "/good" else 404
        self.send_response(code)
        self.send_header("Content-Length", "10")
        self.end_headers()
        self.wfile.write(b"no_service")

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def serving() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_online_says_what_is_odd_about_each_feed(write: Write) -> None:
    with serving() as address:
        feeds = "\n".join(
            f'  - {{name: {name}, url: "{address}/{name}", private: true, reliability: C}}'
            for name in ("moved", "page", "gone", "old")
        )
        write({"claimwatch.yaml": f"feed:\n{feeds}\n"})
        code, said = check("--config", "claimwatch.yaml", "--online")
    assert code == 0
    told = {line.split('"')[1]: line for line in said.splitlines() if 'Feed "' in line}
    assert f'Feed "moved": 301 to {address}/old, 1 entry, newest ' in said.replace(
        "\n                     ", " "
    )
    assert "days old." in said
    assert "0 of 4 feeds answer as they should" in said
    assert set(told) == {"moved", "page", "gone", "old"}
    assert "404" in told["gone"]
    assert "nothing was sent; try --send" in said


@pytest.fixture
def hooks(write: Write) -> Iterator[Path]:
    with serving() as address:
        path = write(
            {
                "alerts/routes.yaml": "channel:\n  bad: {type: webhook, url_file: bad.url, private: true}\n"
                "  good: {type: webhook, url_file: good.url, private: true}\n",
                "bad.url": f"{address}/bad",
                "good.url": f"{address}/good",
            }
        )
        for name in ("bad.url", "good.url"):
            Path(name).chmod(0o600)
        yield path


def test_send_tries_every_channel_and_names_the_one_that_refused(hooks: Path) -> None:
    code, said = check("--config", str(hooks), "--send")
    assert code == 1
    assert "\nalerts/routes.yaml:2:3  channel bad\n" in said
    assert "bad: 127.0.0.1 answered 404 Not Found: no_service" in said
    assert said.endswith("1 error\n")
    assert "good:" not in said
    assert "1 of 2 channels took the test message" in said
