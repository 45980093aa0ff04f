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
from claimwatch.core.judging import Judgement, Ruling, Word
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
    assert "3 stories on topic (before: 3)" in " ".join(said.out.split())
    assert "The same alerts as before." in said.out


def test_a_name_taken_out_loses_alerts_and_says_why(claimwatch: Claimwatch, story: Path) -> None:
    other = edited(story, "[troops, soldiers]", "[troops]")
    said = claimwatch("replay", "--config", other, "--database", stored(story))
    assert said.code == 0
    assert "lost 1  (look at these first)" in said.out
    assert '"New soldiers for Avaria" now: on no topic' in " ".join(said.out.split())
    assert "gained 0" in said.out


def test_a_name_added_gains_alerts(claimwatch: Claimwatch, story: Path) -> None:
    other = edited(story, "[harbour]", "[harbour, weather]")
    said = claimwatch("replay", "--config", other, "--database", stored(story), "--json")
    rows = [json.loads(line) for line in said.out.splitlines()]
    assert [(row["difference"], row["title"]) for row in rows[:-1]] == [("gained", "Weather: sunny")]
    assert rows[-1]["at_once"] == {"before": 3, "now": 4}


def judged(claimwatch: Claimwatch, story: Path, past: Past, title: str, word: Word) -> str:
    """Have the alert of that title judged; return its code."""
    judge = SqlJudgementStore(past.database)
    listed = claimwatch("alerts", "list", "--json", "--config", story).out.splitlines()
    rows = [json.loads(line) for line in listed]
    code = next(str(row["code"]) for row in rows if title in row["items"][0]["title"])
    alert = judge.find(code)
    assert alert is not None
    judgement = Judgement(word, "tester", NOW)
    judge.judge(alert, judgement, lambda _: Ruling(judgement))
    return code


def test_the_table_counts_what_was_judged_and_what_is_left_of_it(
    claimwatch: Claimwatch, story: Path, past: Past
) -> None:
    right = judged(claimwatch, story, past, "New soldiers", "right")
    judged(claimwatch, story, past, "Harbour", "wrong")
    other = edited(story, "[troops, soldiers]", "[troops]")
    for file in other.glob("topic.yaml"):
        file.write_text(file.read_text().replace("[harbour]", "[weather]"))
    said = claimwatch("replay", "--config", other, "--database", stored(story))
    assert said.out[said.out.index("alerts at once") :].startswith(
        "alerts at once              3       2\n"
        f"  judged right              1       0   lost: {right} (look at these first)\n"
        '  judged wrong              1       0   gone: "harbour" 1 of 1\n'
        "  not judged                1       1\n"
        "digest lines                0       0\n"
        "new alerts, unknown         -       1\n"
        "status changed              0       0   claims, same\n"
        "lost 2  (look at these first)\n"
    )


def test_only_a_lost_alert_that_was_right_fails(claimwatch: Claimwatch, story: Path, past: Past) -> None:
    other = edited(story, "[troops, soldiers]", "[troops]")
    ask = ("replay", "--config", other, "--database", stored(story), "--fail-on-lost")
    assert claimwatch(*ask).code == 0
    judged(claimwatch, story, past, "New soldiers", "wrong")
    said = claimwatch(*ask)
    assert said.code == 0
    assert "[judged wrong]" in said.out
    judged(claimwatch, story, past, "New soldiers", "right")
    assert claimwatch(*ask).code == 1


def test_lost_alerts_judged_right_come_first_and_those_judged_wrong_last(
    claimwatch: Claimwatch, story: Path, past: Past
) -> None:
    wrong = judged(claimwatch, story, past, "Avarian troops", "wrong")  # the oldest
    right = judged(claimwatch, story, past, "Harbour", "right")  # the latest
    other = edited(story, "[troops, soldiers]", "[nothing such]")
    for file in other.glob("topic.yaml"):
        file.write_text(file.read_text().replace("[harbour]", "[nothing else]"))
    ask = ("replay", "--config", other, "--database", stored(story))
    rows = [json.loads(line) for line in claimwatch(*ask, "--json").out.splitlines()[:-1]]
    assert [row["judged"] for row in rows] == ["right", None, "wrong"]
    assert (rows[0]["code"], rows[2]["code"]) == (right, wrong)
    shown = claimwatch(*ask, "--show", "lost").out
    assert shown.index("Alert " + right) < shown.index("Alert " + wrong)


def test_lost_and_new_alerts_are_shown_as_mails(claimwatch: Claimwatch, story: Path) -> None:
    other = edited(story, "[harbour]", "[weather]")
    said = claimwatch("replay", "--config", other, "--database", stored(story), "--show", "lost,new")
    mails = said.out.split("\n--- ")
    assert [mail.partition(" ")[0] for mail in mails[1:]] == ["lost", "new"]
    assert "NEW: Harbour mended" in mails[1]
    assert "NEW: Weather: sunny" in mails[2]
    assert all("Sent because" in mail for mail in mails[1:])


def test_what_only_a_digest_names_any_more_is_lost_to_those_it_went_to(
    claimwatch: Claimwatch, story: Path
) -> None:
    other = edited(story, "[troops, soldiers]", "[troops, soldiers]")
    routes = other.parent / "alerts" / "routes.yaml"
    routes.write_text(
        routes.read_text().replace("to: [desk]", "to: [desk], when: {topic: [harbour]}")
        + "  - {name: daily, to: [desk], digest: '07:00'}\n"
    )
    said = claimwatch("replay", "--config", other, "--database", stored(story))
    assert "digest lines                0       2" in said.out
    assert "now: in the digest only: no route sends it at once" in " ".join(said.out.split())


@pytest.mark.parametrize(("kind", "hint"), [("gone", "lost, new or lost,new"), ("lost", "--json")])
def test_what_cannot_be_shown_is_refused(claimwatch: Claimwatch, story: Path, kind: str, hint: str) -> None:
    said = claimwatch("replay", "--config", story, "--show", kind, "--json")
    assert said.code == 2
    assert hint in said.err


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
