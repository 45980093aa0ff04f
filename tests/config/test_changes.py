from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from claimwatch.config import Settings, load
from claimwatch.config.changes import changes, marks
from claimwatch.config.watching import signature

FILE = """
name:
  lake: {names: [Orsa, Lac d'Orsa]}
  river: {names: [Orsa]}
must_not_confuse:
  - [lake, river]
feed:
  - {name: Wire, url: 'https://wire.example/rss', reliability: B}
topic:
  dam: {title: The dam, who: [Orsa], what: [dam]}
claim:
  safe: {topic: dam, text: The Orsa dam is safe.}
  full: {topic: dam, text: The Orsa lake is full.}
"""


def settings(folder: Path, text: str = FILE) -> Settings:
    file = folder / "watch.yaml"
    file.write_text(text)
    return load(file, environ={})


@pytest.mark.parametrize(
    ("old", "new", "words", "topics", "claims"),
    [
        ("topic:", "topic:", "", [], set()),
        ("what: [dam]", "what: [dam, flood]", "1 topic edited", ["dam"], {"safe", "full"}),
        ("title: The dam", "title: Our dam", "1 topic edited", [], set()),
        ("is safe", "is quite safe", "1 claim edited", [], {"safe"}),
        ("  full: {topic: dam, text: The Orsa lake is full.}\n", "", "-1 claim", [], set()),
        ("claim:", "  lake: {title: Lake, what: [lake]}\nclaim:", "+1 topic", ["lake"], set()),
        ("topic:\n", "  - {name: B, url: 'https://b.example/rss'}\ntopic:\n", "+1 feed", [], set()),
        ("name:\n", "timezone: Europe/Paris\nname:\n", "timezone edited", [], set()),
        ("[Orsa, Lac", "[Orsa, Lake Orsa, Lac", "names edited", ["dam"], {"safe", "full"}),
    ],
)  # fmt: skip
def test_what_changed_is_told_in_words_and_what_it_touches_is_known(
    tmp_path: Path, old: str, new: str, words: str, topics: list[str], claims: set[str]
) -> None:
    before = settings(tmp_path)
    what = changes(before, settings(tmp_path, FILE.replace(old, new, 1)))
    assert what.words == words
    assert [topic.id for topic in what.topics] == topics
    assert what.claims == claims


def test_what_cannot_change_while_it_runs_is_named(tmp_path: Path) -> None:
    before = settings(tmp_path)
    after = replace(before, storage=tmp_path / "other.db", contact="me@desk.example")
    assert changes(before, after).next_start == ("storage", "contact")


def test_a_topics_mark_is_the_same_in_every_process(tmp_path: Path) -> None:
    expected = marks(settings(tmp_path))
    code = (
        "import pathlib, sys\nfrom claimwatch.config import load\nfrom claimwatch.config.changes import marks\n"
        "print(marks(load(pathlib.Path(sys.argv[1]), environ={})))"
    )
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / "watch.yaml")],
            capture_output=True, text=True, check=True, env={**os.environ, "PYTHONHASHSEED": seed},
        )  # fmt: skip
        assert done.stdout.strip() == str(expected)
    assert marks(settings(tmp_path, FILE.replace("[dam]", "[dam, flood]"))) != expected


def test_every_way_to_change_a_file_is_noticed(tmp_path: Path) -> None:
    folder = tmp_path / "config"
    folder.mkdir()
    looks = [signature(folder)]
    (folder / "a.yaml").write_text("feed:\n")
    looks.append(signature(folder))
    (folder / "a.yaml").write_text("feed: #\n")
    looks.append(signature(folder))
    (folder / "b").write_text("feed:   \n")
    (folder / "b").replace(folder / "a.yaml")  # as editors save
    looks.append(signature(folder))
    (tmp_path / "alerts").mkdir()
    (tmp_path / "alerts" / "routes.yaml").write_text("")
    looks.append(signature(folder))
    (folder / "a.yaml").unlink()
    looks.append(signature(folder))
    assert len(set(looks)) == len(looks)
    (folder / "notes.txt").write_text("not ours")
    assert signature(folder) == looks[-1]
