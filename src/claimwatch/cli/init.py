"""`claimwatch init`: a commented starter config for one's own story."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

import click

from claimwatch.cli.init_files import Story, files_of
from claimwatch.errors import ClaimwatchError, ConfigError


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--title", help="The story, in a few words.")
@click.option("--who", multiple=True, help="Names of who is in it, with commas between; may be repeated.")
@click.option("--what", multiple=True, help="Names of what it is about.")
@click.option("--where", multiple=True, help="Names of places.")
@click.option("--claim", "claims", multiple=True, help="A sentence that is claimed; may be repeated.")
@click.option("--feed", "feeds", multiple=True, help='An address, or "Name=address"; may be repeated.')
def command(
    folder: Path,
    title: str | None,
    who: tuple[str, ...],
    what: tuple[str, ...],
    where: tuple[str, ...],
    claims: tuple[str, ...],
    feeds: tuple[str, ...],
) -> int:
    """Write a commented config for your own story into DIR (config/ and alerts/).

    Asks on a terminal for what is not given. Files that are there are never touched. What it writes passes
    `claimwatch check`.

    \b
    Examples:
      claimwatch init ~/dam --title "The dam" --who Orsa --what "dam, barrage"
      claimwatch init dam --title "The dam at Lake Orsa" --who "Orsa, Orsee" \\
        --what "dam, flood" --claim "The dam at Lake Orsa is safe." \\
        --feed "Example Wire=https://wire.example.com/world.rss"
    """
    for name in ("config", "alerts"):
        if (folder / name).exists():
            raise ClaimwatchError(
                f"{folder / name} is there already; nothing was changed. Name another folder."
            )
    if sys.stdin.isatty():
        title, who, what, where, claims, feeds = _ask(title, who, what, where, claims, feeds)
    lines = {"who": _names(who), "what": _names(what), "where": _names(where)}
    if not title or not any(lines.values()):
        raise click.UsageError('Say what the story is:  --title "..." and names, --who, --what or --where.')
    story = Story(
        title=" ".join(title.split()),
        lines={name: names for name, names in lines.items() if names},
        claims=tuple(dict.fromkeys(" ".join(claim.split()) for claim in claims if claim.strip())),
        feeds=tuple(feed.strip() for feed in feeds if feed.strip()),
    )
    written = _write(folder, story)
    for file in written:
        click.echo(f"wrote {file}")
    config = folder / "config"
    click.echo(
        "\nNext:\n"
        f"  claimwatch check --config {config}\n"
        f'  claimwatch test "a headline of your story" --config {config}\n'
        + ("" if story.feeds else f"  write the feeds to read into {config / 'feeds.yaml'}\n")
        + f"  claimwatch run --config {config}"
    )
    return 0


def _ask(
    title: str | None,
    who: tuple[str, ...],
    what: tuple[str, ...],
    where: tuple[str, ...],
    claims: tuple[str, ...],
    feeds: tuple[str, ...],
) -> tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return what was given, and answers where nothing was; an empty answer leaves a thing out."""

    def ask(question: str) -> tuple[str, ...]:
        return tuple(filter(None, [click.prompt(question, default="", show_default=False).strip()]))

    if title is None:
        title = click.prompt("The story, in a few words").strip()
    if not (who or what or where):
        click.echo("An item is on topic when it names somebody (or something) of every line you fill in.")
        click.echo("Names in all languages, with commas between; Enter leaves a line out.")
        who, what, where = ask("  who"), ask("  what"), ask("  where")
    claims = claims or ask("What is claimed, in one sentence (Enter: later)")
    feeds = feeds or ask("Address of a feed to read (Enter: later)")
    return title, who, what, where, claims, feeds


def _names(given: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for part in given for name in part.split(",") if name.strip()))


def _write(folder: Path, story: Story) -> list[Path]:
    """Write all files or none: they are checked in a folder of their own and then moved.

    Raises: ClaimwatchError.
    """
    from claimwatch.config import load

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".init-") as name:
            draft = Path(name)
            texts = files_of(story)
            for path, text in texts.items():
                (draft / path).parent.mkdir(parents=True, exist_ok=True)
                (draft / path).write_text(text, "utf-8")
            try:
                load(draft / "config", environ=os.environ)
            except ConfigError as error:
                said = str(error).replace(str(draft), str(folder))
                raise ClaimwatchError(f"nothing was written, this would not do:\n\n{said}") from error
            for part in ("config", "alerts"):
                shutil.move(draft / part, folder / part)
    except OSError as error:
        raise ClaimwatchError(f"cannot write {error.filename or folder}: {error.strerror}") from error
    return [folder / path for path in texts]
