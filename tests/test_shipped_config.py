"""What is shipped holds: every example, every alert test, every claim of the article, enough feeds."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

from click.testing import CliRunner

from claimwatch.cli.check import command
from claimwatch.config import load
from tests.shared import SHARED, needs_shared

CONFIG = Path(__file__).resolve().parents[1] / "config"
SETTINGS = load(CONFIG, environ={})
NINE = {"en", "fr", "ru", "uk", "ko", "de", "es", "zh", "ja"}


def test_the_shipped_config_passes_its_own_check() -> None:
    result = CliRunner().invoke(command, ["--config", str(CONFIG)], standalone_mode=False)
    assert result.return_value in (0, None), result.output


def test_every_claim_has_a_french_wording_a_speaker_a_date_and_two_examples_in_two_languages() -> None:
    for claim in SETTINGS.claims:
        assert "fr" in {w.language for w in claim.wordings}, claim.id
        assert claim.said_by, claim.id
        assert claim.reported, claim.id
        assert {"en", "fr"} <= {e.language for e in claim.examples}, claim.id


def test_every_topic_has_names_in_nine_languages() -> None:
    scripts = {
        "Cyrillic": "[\u0400-\u04ff]",
        "Korean": "[\uac00-\ud7a3]",
        "Han": "[\u4e00-\u9fff]",
        "Kana": "[\u30a0-\u30ff]",
    }
    for topic in SETTINGS.topics:
        names = " ".join(name for line in topic.lines for name in line.names)
        for script, letters in scripts.items():
            assert re.search(letters, names), f"{topic.id} has no {script} name"


def test_there_are_forty_feeds_in_six_languages_each_with_a_letter() -> None:
    languages = Counter(feed.language for feed in SETTINGS.feeds)
    assert len(SETTINGS.feeds) >= 40
    assert len(languages) >= 6
    assert all(feed.language and feed.reliability in "ABCDEF" for feed in SETTINGS.feeds)
    assert all(feed.url.startswith("https://") or feed.url.startswith("http://") for feed in SETTINGS.feeds)


@needs_shared
def test_every_claim_of_the_article_stands_in_a_topic() -> None:
    rows = [
        json.loads(x) for x in (SHARED / "data" / "news" / "claims.jsonl").read_text("utf-8").splitlines()
    ]
    text = "".join(path.read_text("utf-8") for path in (CONFIG / "topics").glob("*.yaml"))
    marked = set(re.findall(r"# (c\d\d)\b", text))
    assert {row["id"] for row in rows} <= marked
    assert len(SETTINGS.claims) >= len(rows)


@needs_shared
def test_the_feeds_are_chosen_from_those_that_were_found() -> None:
    rows = [json.loads(x) for x in (SHARED / "data" / "feed_urls.jsonl").read_text("utf-8").splitlines()]
    known = {row["url"] for row in rows}
    assert {feed.url for feed in SETTINGS.feeds} <= known
