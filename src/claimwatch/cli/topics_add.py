"""`claimwatch topics add`: a new topic in a file of its own, with what it would have found so far."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from claimwatch.cli.edits import DRY_RUN, change_config
from claimwatch.cli.options import CONFIG, load_settings, opened
from claimwatch.cli.output import say
from claimwatch.core.alerting import ALERTING
from claimwatch.core.model import NameLine, Topic
from claimwatch.core.pasting import slug, unused
from claimwatch.core.safety import clean
from claimwatch.errors import ClaimwatchError

if TYPE_CHECKING:
    from claimwatch.config import Settings

LINES = ("who", "what", "where")
SHOWN = 5  # stored items on the new topic


@click.command("add")
@click.argument("title", required=False)
@CONFIG
@click.option("--id", "name", help="What commands call it; else made of the title.")
@click.option("--who", multiple=True, help="Names of who is in it, with commas between; may be repeated.")
@click.option("--what", multiple=True, help="Names of what it is about.")
@click.option("--where", multiple=True, help="Names of places.")
@click.option("--not", "vetoes", multiple=True, help="Names that take an item off the topic.")
@click.option("--as-written", is_flag=True, help="Propose no names in other languages.")
@DRY_RUN
def add(
    title: str | None,
    config_path: Path,
    name: str | None,
    who: tuple[str, ...],
    what: tuple[str, ...],
    where: tuple[str, ...],
    vetoes: tuple[str, ...],
    as_written: bool,
    dry_run: bool,
) -> int:
    """Follow a topic: an item is on it when every line names something found in it.

    Asks on a terminal for what is not given. A name that the alias book (config/names.yaml) knows brings its
    names in all other languages. Says which stored items of the last week would have been on the topic;
    a running daemon tells those in one message.

    \b
    Examples:
      claimwatch topics add "The bridge of Tarn" --who Tarn --what "bridge, pont"
      claimwatch topics add "The lake" --who Orsa --what lake --not cup --dry-run
    """
    settings = load_settings(config_path)
    lines = {line: _names(given) for line, given in zip(LINES, (who, what, where), strict=True)}
    asking = sys.stdin.isatty() and (title is None or not any(lines.values()))
    if asking:
        title = title or click.prompt("The topic, in a few words").strip()
        if not any(lines.values()):
            say("An item is on topic when it names somebody (or something) of every line you fill in.")
            say("Names in all languages, with commas between; Enter leaves a line out.")
            lines = {line: _names((click.prompt(f"  {line}", default="", show_default=False),))
                     for line in LINES}  # fmt: skip
    if not title or not any(lines.values()):
        raise click.UsageError("Say what the topic is: a title, and names with --who, --what or --where.")
    if not as_written:
        lines = {line: _proposed(settings, line, names, asking=asking) for line, names in lines.items()}
    ident = name or unused(slug(title), {t.id for t in settings.topics})
    if any(topic.id == ident for topic in settings.topics):
        raise ClaimwatchError(f'There is a topic "{ident}" already. Give another with --id.')
    entry: dict[str, Any] = {"title": " ".join(title.split())}
    entry |= {line: names for line, names in lines.items() if names}
    if no := _names(vetoes):
        entry["not"] = no
    _write(settings, config_path, ident, entry, dry_run=dry_run)
    return 0


def _names(given: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(name.strip() for part in given for name in part.split(",") if name.strip()))


def _proposed(settings: Settings, line: str, names: list[str], *, asking: bool) -> list[str]:
    """Return the names with the entries of the alias book that have them; on a terminal, people decide."""
    added: list[str] = []
    for name in names:
        for entity in settings.aliases.entities_named(name):
            reference = f"@{entity}"
            if reference in (*names, *added):
                continue
            known = settings.aliases.names_of(entity)
            others = [each for each in known if each.casefold() != name.casefold()]
            say(f'{line}: "{name}" is {reference} in names.yaml, also called {", ".join(others[:6])}'
                + (f" and {len(others) - 6} more" if len(others) > 6 else ""), indent="  ")  # fmt: skip
            if not asking or click.confirm("  Take all its names?", default=True):
                added.append(reference)
    return [*added, *names]


def _write(settings: Settings, config: Path, ident: str, entry: dict[str, Any], *, dry_run: bool) -> None:
    from claimwatch.config.editing import file_for

    def change(tree: dict[str, Any]) -> None:
        tree["topic"] = {**(tree.get("topic") or {}), ident: entry}

    change_config(config, file_for(config, f"topics/{ident}.yaml"), change, dry_run=dry_run)
    topic = Topic(
        ident, entry["title"], tuple(NameLine(line, tuple(entry[line])) for line in LINES if line in entry),
        vetoes=tuple(entry.get("not", ())),
    )  # fmt: skip
    _say_found(settings, topic)


def _say_found(settings: Settings, topic: Topic) -> None:
    """Print which stored items of the last days are on the topic."""
    from claimwatch.app import now
    from claimwatch.config.fields import spoken
    from claimwatch.core.matching import TopicIndex
    from claimwatch.storage.looking_back import SqlLookBack

    titles: list[str] = []
    seen = 0
    with opened(settings) as database:
        if database is None:
            return
        index = TopicIndex([topic], settings.aliases)
        for _, _, item in SqlLookBack(database).items(since=now() - settings.limits.backfill):
            seen += 1
            if any(match.band in ALERTING for match in index.match(item)):
                titles.append(item.title)
    say(f"{len(titles):,} of {seen:,} stored items of the last {spoken(settings.limits.backfill)} are on it"
        + (":" if titles else "."))  # fmt: skip
    for title in titles[-SHOWN:]:
        say(clean(title, limit=200), first="  ", indent="    ")
