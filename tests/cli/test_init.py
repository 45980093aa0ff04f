from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from claimwatch.config import load
from claimwatch.core.pasting import slug
from tests.cli.conftest import Claimwatch

DAM = (
    "--title", "The dam at Lake Orsa", "--who", "Orsa, Lac d'Orsa", "--what", "dam, barrage, flood",
    "--claim", "The dam at Lake Orsa is safe.", "--feed", "Example Wire=https://wire.example.com/world.rss?a=b",
)  # fmt: skip


def test_what_it_writes_passes_the_check_and_finds_the_story(claimwatch: Claimwatch, tmp_path: Path) -> None:
    said = claimwatch("init", tmp_path / "watch", *DAM)
    assert said.code == 0
    config = tmp_path / "watch" / "config"
    assert claimwatch("check", "--config", config).code == 0
    settings = load(config, environ={})
    assert [t.title for t in settings.topics] == ["The dam at Lake Orsa"]
    assert [c.text for c in settings.claims] == ["The dam at Lake Orsa is safe."]
    assert settings.feeds[0].name == "Example Wire"
    assert settings.feeds[0].url == "https://wire.example.com/world.rss?a=b"
    found = claimwatch("test", "Flood fear: the Orsa dam leaks", "--config", config)
    assert "topic   the-dam-at-lake-orsa" in found.out
    assert all(file.read_text().startswith("#") for file in settings.files)  # each says what it is for


@pytest.mark.parametrize(
    "options",
    [
        ("--title", "Only: \"names\" # here", "--what", "dam"),
        ("--title", "Дамба на озере Орса", "--who", "Орса", "--where", "[x], {y: z}, no"),
        ("--title", "2026", "--what", "null, true, 010, 22:30"),
        ("--title", "Dam", "--what", "dam", "--claim", "Dam", "--claim", "Dam", "--claim", "It's: 'ok' #1"),
        (
            "--title", "Two feeds", "--what", "dam",
            "--feed", "https://www.wire.example/rss?x=1", "--feed", "https://wire.example/other",
        ),
    ],
)  # fmt: skip
def test_whatever_people_type_the_files_can_be_read(
    claimwatch: Claimwatch, tmp_path: Path, options: tuple[str, ...]
) -> None:
    said = claimwatch("init", tmp_path, *options)
    assert said.code == 0, said.err
    assert claimwatch("check", "--config", tmp_path / "config").code == 0


def test_files_that_are_there_are_never_touched(claimwatch: Claimwatch, config: Path) -> None:
    before = {file: file.read_bytes() for file in config.parent.rglob("*.yaml")}
    said = claimwatch("init", config.parent, *DAM)
    assert said.code == 1
    assert "nothing was changed" in said.err
    assert {file: file.read_bytes() for file in config.parent.rglob("*.yaml")} == before


def test_an_answer_that_cannot_be_used_writes_nothing(claimwatch: Claimwatch, tmp_path: Path) -> None:
    said = claimwatch("init", tmp_path / "w", "--title", "Dam", "--what", "dam", "--feed", "not an address")
    assert said.code == 1
    assert '"not an address" is not an address' in said.err
    assert list((tmp_path / "w").iterdir()) == []


def test_without_a_terminal_it_says_what_is_missing(claimwatch: Claimwatch, tmp_path: Path) -> None:
    said = claimwatch("init", tmp_path / "w", "--title", "Dam")
    assert said.code == 2
    assert "--who, --what or --where" in said.err
    assert not (tmp_path / "w").exists()


def test_on_a_terminal_it_asks(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", "claimwatch", "init", str(tmp_path / "w")],
            stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        os.write(ours, b"The dam\n\ndam, barrage\n\nThe dam is safe.\n\n")
        out, _ = process.communicate(timeout=20)
    finally:
        os.close(ours)
        os.close(theirs)
    assert process.returncode == 0, out
    settings = load(tmp_path / "w" / "config", environ={})
    assert [(line.name, line.names) for line in settings.topics[0].lines] == [("what", ("dam", "barrage"))]
    assert [claim.text for claim in settings.claims] == ["The dam is safe."]
    assert settings.feeds == ()


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("The dam at Lake Orsa", "the-dam-at-lake-orsa"),
        ("2026!", "story-2026"),
        ("…", "story"),
        ("Дамба", "damba"),
    ],
)
def test_ids_are_plain_words(text: str, made: str) -> None:
    assert slug(text) == made
