"""Every example that `--help` shows can be typed as it stands: in a small world where all it names is there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from claimwatch.cli.main import cli
from claimwatch.core.columns import width
from tests.cli.conftest import Claimwatch, Said
from tests.cli.world import World

# Examples that are only read, not run.
NOT_RUN = {
    "claimwatch run$": "runs until it is stopped",
    "claimwatch worker": "runs until it is stopped",
    "claimwatch move --to postgresql://": "asks a server of the world outside",
    'claimwatch backup "/backups': "writes outside of the test's folder",
    "claimwatch check --online": "asks the feeds of the world outside",
    "parse --json https://": "asks an address that does not exist",
    "feeds discover ": "asks sites of the world outside",
    "feeds add example.org": "asks a site of the world outside",
    "feeds import subscriptions.opml --dry-run": "asks the feeds of the world outside",
}
# What must have happened before an example makes sense, and what has not.
BEFORE = {
    "claimwatch restore backup.db": "claimwatch backup backup.db",
    "claimwatch unmute dam-safe": "claimwatch mute dam-safe 3d drill",
    "claimwatch alerts split 9HDM4C": "claimwatch alerts same 9HDM4C ministry",
}
ENDS_WITH_1 = {
    'claimwatch test "..." --expect CONTRADICTS': "a headline of dots is on no topic",
    "claimwatch alerts promote urgent UPDATES": "nothing was demoted",
    "claimwatch alerts resend K7Q2MD": "nobody refused it",
}


def commands() -> list[tuple[str, click.Command]]:
    """Return every command with the words it is called by."""
    found: list[tuple[str, click.Command]] = []
    context = click.Context(cli)
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            found += [(f"{name} {sub}", part) for sub, part in command.commands.items()]
        else:
            found.append((name, command))
    return found


def examples(command: click.Command) -> list[str]:
    """Return the lines below "Examples:", those that go on on the next line in one."""
    _, _, shown = (command.help or "").partition("Examples:\n")
    lines = re.sub(r"\\\n\s*", "", shown.partition("\n\n")[0]).splitlines()
    return [line.strip() for line in lines if line.strip()]


ALL = [(name, line) for name, command in commands() for line in examples(command)]


@pytest.mark.parametrize(("name", "command"), commands(), ids=[name for name, _ in commands()])
def test_every_command_shows_an_example_of_itself(name: str, command: click.Command) -> None:
    shown = examples(command)
    assert shown
    assert all(f"claimwatch {name}" in line for line in shown), shown


@pytest.mark.parametrize(("name", "command"), commands(), ids=[name for name, _ in commands()])
def test_no_line_of_the_help_is_wider_than_a_terminal(
    claimwatch: Claimwatch, name: str, command: click.Command
) -> None:
    said = claimwatch(*name.split(), "--help")
    assert [line for line in said.out.splitlines() if width(line) > 80] == []


@pytest.mark.parametrize("line", [line for _, line in ALL])
def test_every_example_works(
    claimwatch: Claimwatch, world: World, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    words, stdin = typed(line, world)
    if any(told in f"{line}$" for told in NOT_RUN):
        cli.make_context("claimwatch", list(words))
        return
    if line in BEFORE:
        assert claimwatch(*typed(BEFORE[line], world)[0]).code == 0
    said = claimwatch(*words, stdin=stdin)
    assert said.code == (1 if without_comment(line) in ENDS_WITH_1 else 0), said
    fits(said)


def fits(said: Said) -> None:
    """Assert that what is said fits a terminal; a link, a path or a JSON object is never broken."""
    for line in (said.out + said.err).splitlines():
        unbroken = line.startswith(("{", "[")) or any(sign in line for sign in ("://", "/", "COMP"))
        unbroken |= "[info" in line or line.startswith(("  + ", "  - "))  # events, and lines of a file
        assert width(line) <= 80 or unbroken, line
        assert "\x1b" not in line
    assert "Traceback" not in said.err
    assert "unexpected" not in said.err


def without_comment(line: str) -> str:
    """Return what is typed, without the words set off behind it."""
    return re.split(r"\s{2,}(?![-\"'<>|])", line)[0]


def typed(line: str, world: World) -> tuple[list[str], str]:
    """Return the arguments a shell would pass, and what it would feed in."""
    for code, here in world.codes.items():
        line = line.replace(code, here)
    before, _, last = without_comment(line).rpartition("| claimwatch")
    line = f"claimwatch{last}" if before else line
    stdin = Path("feed.xml").read_text("utf-8") if before else ""
    lexer = shlex.shlex(without_comment(line), posix=True, punctuation_chars="<>|")
    lexer.whitespace_split = True
    words = list(lexer)
    if "|" in words:
        words = words[: words.index("|")]
    for sign in ("<", ">", ">>"):
        if sign in words:
            at = words.index(sign)
            if sign == "<":
                stdin = Path(words[at + 1]).read_text("utf-8")
            words = words[:at] + words[at + 2 :]
    assert words[0] == "claimwatch", words
    return [str(Path(word).expanduser()) if word.startswith("~") else word for word in words[1:]], stdin
