"""After Tab the shell proposes commands, the config's names and the codes of alerts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.shell_completion import BashComplete

from claimwatch.cli.completion import SHELLS
from claimwatch.cli.main import cli
from tests.cli.conftest import Claimwatch, Past


def proposed(*typed: str) -> list[str]:
    """Return what is proposed for the last word typed."""
    *args, incomplete = typed
    return [c.value for c in BashComplete(cli, {}, "claimwatch", "X").get_completions(list(args), incomplete)]


def test_commands_are_proposed_without_loading_them() -> None:
    code = (
        "import sys\nfrom click.shell_completion import BashComplete\nfrom claimwatch.cli.main import cli\n"
        "print([c.value for c in BashComplete(cli, {}, 'c', 'X').get_completions([], 'st')])\n"
        "print([m for m in ('sqlalchemy', 'httpx', 'claimwatch.cli.status') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["['status']", "[]"]


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        (("topics", "show", "-c", "CONFIG", ""), ["border-troops", "harbour"]),
        (("topics", "show", "-c", "CONFIG", "ha"), ["harbour"]),
        (("claims", "show", "-c", "CONFIG", ""), ["harbour-ships"]),
        (("claims", "list", "-c", "CONFIG", "--topic", "b"), ["border-troops"]),
        (("feeds", "poll", "-c", "CONFIG", ""), ["Alpha", "Beta"]),
        (("mute", "-c", "CONFIG", "harbour"), ["harbour-ships", "harbour"]),
        (("alerts", "show", "-c", "CONFIG", ""), ["K7Q2MD"]),
        (("alerts", "wrong", "-c", "CONFIG", "k7"), ["K7Q2MD"]),
        (("explain", "-c", "CONFIG", ""), ["K7Q2MD"]),
        (("completion", ""), list(SHELLS)),
    ],
)
def test_names_and_codes_are_those_of_the_config(
    config: Path, past: Past, typed: tuple[str, ...], names: list[str]
) -> None:
    past.polled("Alpha")
    past.alerted("K7Q2MD")
    assert proposed(*(str(config) if word == "CONFIG" else word for word in typed)) == names


def test_names_are_proposed_while_something_else_in_the_config_is_wrong(config: Path) -> None:
    (config / "more.yaml").write_text("topic:\n  dam: {hwo: 1}\nfeed:\n  - {nme: x}\n")
    assert proposed("topics", "show", "-c", str(config), "") == ["dam", "border-troops", "harbour"]


def test_what_cannot_be_read_proposes_nothing(tmp_path: Path, config: Path) -> None:
    assert proposed("topics", "show", "-c", str(tmp_path / "none"), "") == []
    (config.parent / "var").mkdir()
    (config.parent / "var" / "claimwatch.db").write_bytes(b"damage" * 1000)
    assert proposed("alerts", "show", "-c", str(config), "") == []


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_gets_its_script(claimwatch: Claimwatch, shell: str) -> None:
    said = claimwatch("completion", shell)
    assert said.code == 0
    assert f"{shell}_complete" in said.out
    assert "_CLAIMWATCH_COMPLETE" in said.out


def test_bash_completes_with_the_script(config: Path, tmp_path: Path) -> None:
    program = tmp_path / "bin" / "claimwatch"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m claimwatch "$@"\n')
    program.chmod(0o755)
    script = (
        'eval "$(claimwatch completion bash)"\n'
        f'COMP_WORDS=(claimwatch topics show -c "{config}" bor); COMP_CWORD=5\n'
        "_claimwatch_completion claimwatch\n"
        'printf "%s\\n" "${COMPREPLY[@]}"\n'
    )
    environ = {**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "--norc", "-c", script], capture_output=True, text=True, check=False, env=environ
    )
    assert (done.stdout, done.stderr) == ("border-troops\n", "")


def test_every_argument_that_names_something_is_completed() -> None:
    named = {"CLAIM", "TOPIC", "FEED", "CODE", "CLAIM_OR_TOPIC", "CODE|URL|ITEM"}
    context = click.Context(cli)
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        parts = command.commands.values() if isinstance(command, click.Group) else [command]
        for part in parts:
            assert part is not None
            for param in part.params:
                if (
                    isinstance(param, click.Argument)
                    and (param.metavar or (param.name or "").upper()) in named
                ):
                    assert param._custom_shell_complete is not None, (name, part.name, param.name)
