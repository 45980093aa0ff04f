"""check and status say which template of one's own is not used, with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Claimwatch, Past


@pytest.fixture
def templates(config: Path) -> Path:
    folder = config.parent / "alerts" / "templates"
    folder.mkdir()
    return folder


def test_check_names_file_and_line_of_a_broken_template(
    claimwatch: Claimwatch, config: Path, templates: Path
) -> None:
    (templates / "email.txt").write_text("{{ relation }}: {{ title }}\n{% if x %}\n")
    (templates / "slack.txt").write_text("{{ relation }}: {{ title }}\n\n{{ titel }}\n")
    (templates / "discord.txt").write_text("{{ title }}\n")
    (templates / "slak.txt").write_text("x")
    (templates / "ntfy.txt").write_text(
        "{{ relation }}: {{ title }} {% for l in lines %}{{ l.title }}{% endfor %}"
    )
    said = claimwatch("check", "-c", config)
    assert said.code == 0  # no alert is lost over a template
    assert f"{templates}/email.txt:2" in said.out.replace("\n", "") or "email.txt:2" in said.out
    assert "slack.txt:3" in said.out
    assert "'titel' is undefined" in said.out
    assert "leaves out the relation word" in " ".join(said.out.split())
    assert 'Did you mean "slack"?' in " ".join(said.out.split())
    assert "ntfy.txt" not in said.out
    assert claimwatch("check", "--strict", "-c", config).code == 1


def test_status_says_so_too(claimwatch: Claimwatch, config: Path, templates: Path, past: Past) -> None:
    (templates / "email.txt").write_text("{{ relation }}: {{ title }\n")
    past.polled("Alpha")
    said = claimwatch("status", "-c", config)
    assert said.code == 1
    assert "email.txt:1" in said.out


def test_the_shipped_examples_do(claimwatch: Claimwatch, config: Path, templates: Path) -> None:
    examples = Path(__file__).resolve().parents[2] / "alerts" / "templates" / "examples"
    for example in examples.iterdir():
        (templates / example.name).write_text(example.read_text("utf-8"), "utf-8")
    assert "not used" not in claimwatch("check", "-c", config).out
