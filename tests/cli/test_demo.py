from __future__ import annotations

from pathlib import Path

from claimwatch.cli.demo import _sweep
from claimwatch.cli.demo_play import document, load_play
from claimwatch.core.model import Relation
from tests.cli.conftest import NOW


def test_the_play_has_what_it_promises() -> None:
    stages = load_play()
    acts = [act for stage in stages for act in stage.acts]
    assert len(acts) >= 40
    assert len(stages) >= 6
    assert {stage.format for stage in stages} == {"rss", "atom", "json"}
    assert {"en", "fr", "ru", "uk", "ko"} <= {stage.language for stage in stages}
    assert {act.round for act in acts} == {1, 2, 3}
    wanted = {r.value for r in (Relation.CONTRADICTS, Relation.UPDATES, Relation.CORROBORATES, Relation.NEW)}
    assert wanted | {"OFF-TOPIC"} <= {act.expect for act in acts}


def test_a_round_shows_its_items_and_those_before_it_newest_first() -> None:
    for stage in load_play():
        for round_ in (1, 2, 3):
            text = document(stage, round_, NOW).decode()
            for act in stage.acts:
                assert (act.id in text) == (act.round <= round_)


def test_the_demo_removes_what_it_left_and_nothing_else(tmp_path: Path) -> None:
    mails = tmp_path / "mail"
    mails.mkdir()
    ours = [
        tmp_path / "claimwatch.db",
        tmp_path / "claimwatch.db-wal",
        tmp_path / "alerts.jsonl",
        mails / "01.eml",
    ]
    others = [tmp_path / "thesis.txt", mails / "letter.eml", tmp_path / "config"]
    for file in (*ours, *others):
        file.write_text("x")
    _sweep(tmp_path, mails)
    assert [file.exists() for file in ours] == [False] * 4
    assert all(file.exists() for file in others)
