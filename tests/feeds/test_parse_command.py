from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from claimwatch.cli.parse import command
from tests.feeds.documents import entry, rss

KEYS = [
    "id",
    "url",
    "title",
    "summary",
    "content",
    "language",
    "published_at",
    "updated_at",
    "authors",
    "source",
]
BODY = rss(
    entry("Truppen verlegt – 5,000", "g-1", "Text", "<pubDate>Wed, 01 Jul 2026 08:00:00 GMT</pubDate>"),
    "<title>Avarian Herald</title><language>de-DE</language>",
)


@pytest.fixture
def document(tmp_path: Path) -> str:
    path = tmp_path / "feed.xml"
    path.write_bytes(BODY)
    return str(path)


def test_items_come_one_json_object_a_line_with_the_agreed_keys(document: str) -> None:
    result = CliRunner().invoke(command, [document, "--json"])
    assert result.exit_code == 0
    (line,) = result.stdout.splitlines()
    item = json.loads(line)
    assert list(item) == KEYS
    assert (item["id"], item["title"], item["language"]) == ("g-1", "Truppen verlegt – 5,000", "de")
    assert (item["published_at"], item["authors"], item["url"]) == ("2026-07-01T08:00:00Z", [], None)


def test_people_get_text_and_the_standard_input_is_read_too() -> None:
    result = CliRunner().invoke(command, ["-"], input=BODY)
    assert result.exit_code == 0
    assert result.stdout.startswith("Avarian Herald: 1 items, rss20")
    assert "Truppen verlegt – 5,000" in result.stdout


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><html><title>Sign in</title></html>", 'a web page came in place of a feed ("'),
    ],
)
def test_what_is_no_feed_is_one_clear_line_and_exit_1(body: bytes, words: str) -> None:
    result = CliRunner().invoke(command, ["-"], input=body)
    assert (result.exit_code, result.stdout) == (1, "")
    assert words in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_file_that_is_not_there_and_an_address_not_allowed_are_one_clear_line() -> None:
    for source, words in (("nowhere.xml", "No such file"), ("http://127.0.0.1:9/feed", "--private")):
        result = CliRunner().invoke(command, [source])
        assert result.exit_code == 1
        assert words in result.stderr
        assert len(result.stderr.splitlines()) == 1
