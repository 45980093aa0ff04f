from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from claimwatch.app import open_judge
from claimwatch.assess import AssessStation
from claimwatch.config import load
from claimwatch.core.judging import Judgement, Ruling
from claimwatch.core.matching import TopicIndex
from claimwatch.core.model import Item, PollState
from claimwatch.core.novelty import content_hash
from claimwatch.core.work import NewItem, PollOutcome
from claimwatch.storage.judging import SqlJudgementStore
from tests.cli.conftest import NOW, Claimwatch, Past

DAY = timedelta(days=1)
TITLES = ("Weather: sunny", "Avarian troops seen at the border", "New soldiers for Avaria", "Harbour mended")


@pytest.fixture
def story(config: Path, past: Past) -> Path:
    """A day a title, polled, matched and assessed as the daemon does; then the config."""
    settings = load(config, environ={})
    index, clock = TopicIndex(settings.topics), [NOW]
    station = AssessStation(
        store=past.ledger, judge=open_judge(settings), topics=settings.topics, claims=settings.claims,
        feeds=settings.feeds, routes=settings.routes, addresses={}, clock=lambda: clock[0],
    )  # fmt: skip
    for number, title in enumerate(TITLES):
        clock[0] = NOW - (len(TITLES) - number) * DAY
        item = Item(title, f"https://alpha.example/{number}", title, language="en", published_at=clock[0])
        new = NewItem(item, item.id, content_hash(item), tuple(index.match(item)), "live")
        past.polls.commit(PollOutcome(PollState("Alpha", clock[0]), (new,)), now=clock[0])
        for matched in past.ledger.take_live(limit=9):
            station.assess_item(matched)
    return config


def edited(config: Path, old: str, new: str) -> Path:
    """The same config with another word, and with no database of its own."""
    other = config.parent / "other" / "config"
    (other.parent / "alerts").mkdir(parents=True)
    other.mkdir()
    for file in config.glob("*.yaml"):
        (other / file.name).write_text(file.read_text().replace(old, new))
    routes = Path("alerts") / "routes.yaml"
    (other.parent / routes).write_text((config.parent / routes).read_text())
    return other


def stored(config: Path) -> Path:
    return load(config, environ={}).storage


def test_the_same_config_tells_the_same(claimwatch: Claimwatch, story: Path) -> None:
    said = claimwatch("replay", "--config", story, "--fail-on-lost")
    assert said.code == 0
    assert "4 items since" in said.out
    assert "3 on topic (before: 3)" in said.out
    assert "The same alerts as before." in said.out


def test_a_name_taken_out_loses_alerts_and_says_why(claimwatch: Claimwatch, story: Path) -> None:
    other = edited(story, "[troops, soldiers]", "[troops]")
    said = claimwatch("replay", "--config", other, "--database", stored(story), "--fail-on-lost")
    assert said.code == 1
    assert "lost 1  (look at these first)" in said.out
    assert '"New soldiers for Avaria" now: on no topic' in " ".join(said.out.split())
    assert "gained 0" in said.out
    assert claimwatch("replay", "--config", other, "--database", stored(story)).code == 0


def test_a_name_added_gains_alerts(claimwatch: Claimwatch, story: Path) -> None:
    other = edited(story, "[harbour]", "[harbour, weather]")
    said = claimwatch("replay", "--config", other, "--database", stored(story), "--json")
    rows = [json.loads(line) for line in said.out.splitlines()]
    assert [(row["difference"], row["title"]) for row in rows[:-1]] == [("gained", "Weather: sunny")]
    assert rows[-1]["told"] == {"before": 3, "now": 4}


def test_what_was_judged_wrong_may_be_lost(claimwatch: Claimwatch, story: Path, past: Past) -> None:
    judge = SqlJudgementStore(past.database)
    listed = claimwatch("alerts", "list", "--json", "--config", story).out.splitlines()
    code = next(json.loads(line)["code"] for line in listed if "New soldiers" in line)
    alert = judge.find(code)
    assert alert is not None
    judgement = Judgement("wrong", "tester", NOW)
    judge.judge(alert, judgement, lambda _: Ruling(judgement))
    other = edited(story, "[troops, soldiers]", "[troops]")
    said = claimwatch("replay", "--config", other, "--database", stored(story), "--fail-on-lost")
    assert said.code == 0
    assert "[judged wrong]" in said.out


def test_only_what_came_since_is_compared(claimwatch: Claimwatch, story: Path) -> None:
    other = edited(story, "[troops, soldiers]", "[nothing such]")
    said = claimwatch("replay", "--since", "36h", "--config", other, "--database", stored(story))
    assert said.out.startswith("1 item since")
    assert "lost 0" in said.out


def test_the_answer_is_always_the_same_and_nothing_is_changed(claimwatch: Claimwatch, story: Path) -> None:
    other = edited(story, "[troops, soldiers]", "[troops]")
    before = stored(story).read_bytes()
    ask = ("replay", "--since", "20d", "--json", "--config", other, "--database", stored(story))
    assert claimwatch(*ask).out == claimwatch(*ask).out
    assert stored(story).read_bytes() == before
    assert not (other.parent / "var").exists()


def test_without_a_past_it_says_so(
    claimwatch: Claimwatch, config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = claimwatch("replay", "--config", config)
    assert said.code == 1
    assert "nothing to replay" in said.err


@pytest.mark.parametrize("span", ["30", "0d", "a month", "-3d"])
def test_a_span_that_is_none_is_refused(claimwatch: Claimwatch, config: Path, span: str) -> None:
    said = claimwatch("replay", f"--since={span}", "--config", config)
    assert said.code == 2
    assert "Write 30d, 12h or 2w" in said.err


def test_on_a_terminal_a_bar_with_its_rate_goes_to_standard_error(story: Path) -> None:
    ours, theirs = pty.openpty()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "claimwatch", "replay", "--config", str(story)],
            stdout=subprocess.PIPE, stderr=theirs, check=False, text=True,
        )  # fmt: skip
        shown = os.read(ours, 100_000).decode(errors="replace")
    finally:
        os.close(theirs)
        os.close(ours)
    assert done.returncode == 0
    assert "items" in shown
    assert "\x1b" not in done.stdout
