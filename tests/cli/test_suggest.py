"""`claims suggest` finds in the stored items what nobody follows yet, and prints what can be pasted."""

from __future__ import annotations

import json
from pathlib import Path

from claimwatch.config import load
from claimwatch.core.columns import width
from claimwatch.core.model import Band, Found, Item, Match, PollState
from claimwatch.core.novelty import content_hash
from claimwatch.core.work import NewItem, PollOutcome
from tests.cli.conftest import NOW, Claimwatch, Past

SHELLS = "Avaria sends 40 tanks to the border, the ministry of Norland said."
AGAIN = "The army of Avaria is sending some 40 tanks to its border with Norland."


def stored(past: Past, feed: str, *titles: str) -> None:
    new = []
    for number, title in enumerate(titles):
        item = Item(f"{feed}-{number}", title=title, language="en", published_at=NOW)
        found = (Found("who", "Avaria", "Avaria", "title", "exact"),)
        match = Match("border-troops", 0.9, Band.STRONG, found)
        new.append(NewItem(item, item.id, content_hash(item), (match,), "live"))
    past.polls.commit(PollOutcome(PollState(feed, NOW, items=1), tuple(new)), now=NOW)


def test_what_two_origins_say_is_printed_as_yaml_that_can_be_pasted(
    claimwatch: Claimwatch, config: Path, past: Past
) -> None:
    stored(past, "Alpha", SHELLS)
    stored(past, "Beta", AGAIN)
    said = claimwatch("claims", "suggest", "--config", config)
    assert said.code == 0
    assert "# 2 origins: Alpha, Beta" in said.out
    assert all(width(line) <= 80 for line in said.out.splitlines())
    (config / "suggested.yaml").write_text(said.out)
    claim = next(c for c in load(config, environ={}).claims if c.topic == "border-troops")
    assert claim.text == SHELLS
    assert claim.said_by == ("Alpha", "Beta")
    assert claim.reported == NOW.date()
    assert claimwatch("claims", "suggest", "--config", config).out.startswith("Nothing to suggest")


def test_json_gives_each_suggestion_with_all_who_say_so(
    claimwatch: Claimwatch, config: Path, past: Past
) -> None:
    stored(past, "Alpha", SHELLS)
    stored(past, "Beta", AGAIN)
    (row,) = map(json.loads, claimwatch("claims", "suggest", "-c", config, "--json").out.splitlines())
    assert row["origins"] == ["Alpha", "Beta"]
    assert [one["sentence"] for one in row["statements"]] == [SHELLS, AGAIN]
    assert row["yaml"].startswith("claim:\n  avaria-sends-40-tanks")


def test_one_origin_is_too_few_and_another_topic_is_left_out(
    claimwatch: Claimwatch, config: Path, past: Past
) -> None:
    stored(past, "Alpha", SHELLS)
    assert claimwatch("claims", "suggest", "--config", config).out.startswith("Nothing to suggest")
    stored(past, "Beta", AGAIN)
    said = claimwatch("claims", "suggest", "--config", config, "--topic", "harbour")
    assert said.out.startswith("Nothing to suggest")
    unknown = claimwatch("claims", "suggest", "--config", config, "--topic", "harbor")
    assert 'There is no topic "harbor". Did you mean "harbour"?' in unknown.err


def test_before_the_first_run_there_is_nothing_to_suggest(claimwatch: Claimwatch, config: Path) -> None:
    said = claimwatch("claims", "suggest", "--config", config)
    assert said.code == 0
    assert said.out.startswith("Nothing to suggest")
    assert not (config.parent / "var").exists()
