"""`claimwatch feeds add` and `remove`: the file of the feeds is edited as a careful person would."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from claimwatch.cli import completing
from claimwatch.cli.asking import spoken_facts
from claimwatch.cli.options import CONFIG, load_settings, refuse_unknown
from claimwatch.config.settings import Settings
from claimwatch.core.columns import wrap
from claimwatch.errors import ClaimwatchError

if TYPE_CHECKING:
    from claimwatch.config.editing import Edited
    from claimwatch.feeds.finding import Found, FoundFeed

DRY_RUN = click.option("--dry-run", is_flag=True, help="Say what would change; change nothing.")


@click.command("add")
@click.argument("url")
@CONFIG
@click.option("--name", help="What alerts call it; else its own title.")
@click.option("--language", help="Of its headlines, such as en; else as it is written.")
@click.option("--reliability", help="A (reliable) to F (cannot be judged).")
@click.option("--every", help="How often it is asked, such as 15m; else by its own rhythm.")
@click.option("--tag", "tags", multiple=True, help="A word to find it by; may be given several times.")
@click.option("--private", is_flag=True, help="It is on my own network.")
@click.option("--offline", is_flag=True, help="Ask nobody: take the address as it is.")
@DRY_RUN
def add(
    url: str, config_path: Path, name: str | None, language: str | None, reliability: str | None,
    every: str | None, tags: tuple[str, ...], private: bool, offline: bool, dry_run: bool,
) -> int:  # fmt: skip
    """Follow a feed; of a page, the feed that it names.

    The feed is asked once. The entry goes below the others of feeds.yaml, whose comments and layout stay;
    nothing is written unless the whole config is right with it. A running daemon follows it within
    seconds.

    \b
    Examples:
      claimwatch feeds add example.org --name "Example Post" --tag agencies
      claimwatch feeds add https://example.org/rss --reliability B --offline
    """
    from claimwatch.app import now
    from claimwatch.cli.feeds_discover import look_for, told
    from claimwatch.config.feeds import normal_address
    from claimwatch.core.feed_facts import proposed_name
    from claimwatch.feeds.discovery import as_address

    settings = load_settings(config_path)
    followed = {normal_address(feed.url): feed.name for feed in settings.feeds}
    address = as_address(url)
    title = ""
    if not offline and normal_address(address) not in followed:
        found = asyncio.run(look_for(settings, address, private=private))
        if not found.feeds:
            raise ClaimwatchError("\n".join([*told(found, address, now()), _hint(found)]))
        chosen = _chosen(found, address)
        address, title = chosen.url, chosen.facts.title
        language = language or chosen.facts.language
        for line in wrap(spoken_facts(chosen.facts, now()), columns=80):
            click.echo(line)
    if same := followed.get(normal_address(address)):
        click.echo(f'Feed "{same}" reads that address already. Nothing was changed.')
        return 0
    taken = [feed.name for feed in settings.feeds]
    entry: dict[str, Any] = {
        "name": name or proposed_name(title, urlsplit(address).hostname or address, taken),
        "url": address, "language": language, "reliability": reliability, "every": every,
        "tags": list(tags), "private": private,
    }  # fmt: skip
    done = add_feeds(settings, config_path, [entry], dry_run=dry_run)
    show_edit(done, dry_run=dry_run)
    return 0


def _hint(found: Found) -> str:
    if any(answer.blocked for answer in found.asked):
        return "If it is on your own network, add --private."
    if any(answer.unreachable for answer in found.asked):
        return "With --offline it is added without being asked."
    return "If you know the feed's own address, give that."


def _chosen(found: Found, address: str) -> FoundFeed:
    """Return the feed meant: the only one, or the one a person picks. Raises: ClaimwatchError."""
    from claimwatch.app import now
    from claimwatch.cli.feeds_discover import told

    if len(found.feeds) == 1:
        return found.feeds[0]
    lines = told(found, address, now())[:-2]
    if not sys.stdin.isatty():
        raise ClaimwatchError("\n".join([f"{address} has {len(found.feeds)} feeds. Name one:", *lines]))
    for line in lines:
        click.echo(line)
    number: int = click.prompt(
        f"Which one? 1 to {len(found.feeds)}", type=click.IntRange(1, len(found.feeds)), default=1
    )
    return found.feeds[number - 1]


@click.command("remove")
@click.argument("names", metavar="FEED...", nargs=-1, required=True, shell_complete=completing.feeds)
@CONFIG
@DRY_RUN
def remove(names: tuple[str, ...], config_path: Path, dry_run: bool) -> int:
    """Follow feeds no longer. What was stored of them stays, and so do the comments of the file.

    \b
    Examples:
      claimwatch feeds remove "Example Wire"
    """
    from claimwatch.config.editing import edit

    settings = load_settings(config_path)
    files: dict[Path, set[str]] = {}
    for name in names:
        refuse_unknown("feed", name, [feed.name for feed in settings.feeds])
        place = settings.places[f"feed {name}"].source.name
        files.setdefault(Path(place), set()).add(name)
    for file, gone in files.items():

        def change(tree: dict[str, Any], gone: set[str] = gone) -> None:
            tree["feed"] = [feed for feed in tree["feed"] if " ".join(str(feed["name"]).split()) not in gone]

        show_edit(edit(config_path, file, change, environ=os.environ, dry_run=dry_run), dry_run=dry_run)
    return 0


def add_feeds(
    settings: Settings, config: Path, entries: list[dict[str, Any]], *, dry_run: bool = False
) -> Edited:
    """Put entries below the feeds there are; settings that say nothing are left out. Raises: ConfigError."""
    from claimwatch.config.editing import edit

    written = [{key: value for key, value in entry.items() if value} for entry in entries]

    def change(tree: dict[str, Any]) -> None:
        tree["feed"] = [*(tree.get("feed") or []), *written]

    return edit(config, _file(settings, config), change, environ=os.environ, dry_run=dry_run)


def _file(settings: Settings, config: Path) -> Path:
    """Return where new feeds go: feeds.yaml, or the file of the last feed when there is no such file."""
    from claimwatch.config.editing import file_for

    file = file_for(config, "feeds.yaml")
    if file.exists() or not settings.feeds:
        return file
    places: Mapping[str, Any] = settings.places
    return Path(places[f"feed {settings.feeds[-1].name}"].source.name)


def show_edit(done: Edited, *, dry_run: bool) -> None:
    """Print the lines that went and came."""
    if not done:
        click.echo("Nothing was changed.")
        return
    click.echo(f"{done.file}{' (not changed: --dry-run)' if dry_run else ''}")
    for line in done.lines[:40]:
        click.echo(f"  {line}")
    if len(done.lines) > 40:
        click.echo(f"  and {len(done.lines) - 40:,} lines more")
