"""Every row of the table of checks: a bad file, and exactly what `claimwatch check` says of it.

`bad/NN-name.yaml` is the file (NN: the row in the table), `bad/NN-name.txt` what is printed, with the exit
code in the last line. With CLAIMWATCH_WRITE_EXPECTED=1 the texts are written anew, to be read by eye.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from claimwatch.cli.check import command

BAD = Path(__file__).parent / "bad"
FILES = sorted(path.stem for path in BAD.glob("*.yaml"))
CHECKED_ELSEWHERE = {32: "a mute is a command", 34: "needs a server", 35: "needs a server"}


def checked(name: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(BAD)
    monkeypatch.delenv("CLAIMWATCH_NO_SUCH_NAME", raising=False)
    result = CliRunner().invoke(command, ["--config", f"{name}.yaml"], standalone_mode=False)
    if result.exception is not None:
        raise result.exception
    return f"{result.stdout}exit {result.return_value}\n"


@pytest.mark.parametrize("name", FILES)
def test_what_is_wrong_in_a_file_is_told_in_these_words(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    said = checked(name, monkeypatch)
    expected = BAD / f"{name}.txt"
    if os.environ.get("CLAIMWATCH_WRITE_EXPECTED"):
        expected.write_text(said, "utf-8")
    assert said == expected.read_text("utf-8")


def test_every_row_of_the_table_has_a_bad_file() -> None:
    rows = {int(name[:2]) for name in FILES} | set(CHECKED_ELSEWHERE)
    assert rows == set(range(1, 36))


@pytest.mark.parametrize("name", FILES)
def test_no_line_but_the_problem_itself_is_wider_than_a_terminal(name: str) -> None:
    for line in (BAD / f"{name}.txt").read_text("utf-8").splitlines():
        assert len(line) <= 80 or " | " not in line, line


def test_a_secret_written_in_a_file_is_never_shown() -> None:
    for path in BAD.glob("*.txt"):
        said = path.read_text("utf-8")
        assert "swordfish" not in said
        assert "correct-horse" not in said
