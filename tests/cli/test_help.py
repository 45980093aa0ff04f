from __future__ import annotations

import importlib
import subprocess
import sys

import click
import pytest

from claimwatch.cli.main import COMMANDS
from tests.cli.conftest import Claimwatch


def walk() -> list[tuple[str, click.Command]]:
    found = []
    for name, (module, _) in COMMANDS.items():
        command = importlib.import_module(f"claimwatch.cli.{module}").command
        found.append((name, command))
        if isinstance(command, click.Group):
            found += [(f"{name} {sub}", part) for sub, part in command.commands.items()]
    return found


@pytest.mark.parametrize(("line", "command"), walk(), ids=[name for name, _ in walk()])
def test_every_command_teaches_itself(claimwatch: Claimwatch, line: str, command: click.Command) -> None:
    said = claimwatch(*line.split(), "--help")
    assert said.code == 0
    assert max(map(len, said.out.splitlines())) <= 80
    assert said.out.startswith("Usage: claimwatch")
    assert len((command.help or "").split()) >= 3
    for option in command.params:
        if isinstance(option, click.Option) and option.name not in {"help", "out"}:
            assert option.help, option.name


def test_help_lists_every_command_with_a_line_of_its_own_and_first_steps(claimwatch: Claimwatch) -> None:
    said = claimwatch("--help")
    assert said.code == 0
    assert all(f"\n  {name} " in said.out for name in COMMANDS)
    assert "First steps:" in said.out
    assert max(map(len, said.out.splitlines())) <= 80


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys\nfrom claimwatch.cli.main import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "print([m for m in ('sqlalchemy', 'apprise', 'httpx', 'alembic', 'pydantic', 'feedparser') "
        "if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(("typed", "meant"), [("tset", "test"), ("stauts", "status"), ("alert", "alerts")])
def test_a_mistyped_command_is_suggested(claimwatch: Claimwatch, typed: str, meant: str) -> None:
    said = claimwatch(typed)
    assert said.code == 2
    assert f'There is no command "{typed}". Did you mean "{meant}"?' in said.err
    assert said.out == ""


def test_wrong_usage_exits_with_2(claimwatch: Claimwatch) -> None:
    assert claimwatch("zzz").code == 2
    assert claimwatch("status", "--nonsense").code == 2
    assert claimwatch("alerts", "list", "--relation", "LOVES").code == 2


def test_the_version_is_told(claimwatch: Claimwatch) -> None:
    said = claimwatch("--version")
    assert said.code == 0
    assert said.out.startswith("claimwatch, version ")


def test_without_anything_it_shows_its_help(claimwatch: Claimwatch) -> None:
    said = claimwatch()
    assert said.code == 2
    assert "Usage: claimwatch" in said.err


def test_the_module_is_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "claimwatch", "-V"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("claimwatch, version")


def test_a_pipe_that_closes_early_is_no_traceback() -> None:
    done = subprocess.run(
        f'"{sys.executable}" -m claimwatch --help | true',
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
