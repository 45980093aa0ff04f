from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.acceptance.conftest import rss
from tests.acceptance.servers import FeedServer, Page

FIELDS = [
    "id", "url", "title", "summary", "content", "language", "published_at", "updated_at", "authors", "source",
]  # fmt: skip


def parse(*args: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "claimwatch", "parse", *args], input=stdin, capture_output=True, check=False
    )


def test_items_come_one_json_object_a_line_from_a_file_and_from_standard_input(tmp_path: Path) -> None:
    file = tmp_path / "feed.xml"
    file.write_bytes(rss("Première nouvelle", "Second"))
    from_file, from_stdin = parse("--json", str(file)), parse("--json", "-", stdin=file.read_bytes())
    assert from_file.stdout == from_stdin.stdout
    first, second = (json.loads(line) for line in from_file.stdout.splitlines())
    assert list(first) == FIELDS
    assert (first["title"], second["title"]) == ("Première nouvelle", "Second")
    assert from_file.stderr == b""


def test_a_feed_is_fetched_and_shown_to_people() -> None:
    with FeedServer().running() as feeds:
        feeds.pages["a"] = Page(rss("One", "Two"))
        done = parse("--private", feeds.url("a"))
    assert done.returncode == 0
    assert done.stdout.decode().startswith("Test: 2 items, rss20")


def test_what_is_no_feed_is_named_and_exits_with_1(tmp_path: Path) -> None:
    for stdin in (b"", b"<html><body>Please log in</body></html>"):
        done = parse(stdin=stdin)
        assert done.returncode == 1
        assert done.stderr.startswith(b"claimwatch parse: -: ")
        assert b"Traceback" not in done.stderr
    assert b"No such file" in parse(str(tmp_path / "missing.xml")).stderr
