"""`claimwatch feeds import` and `export`: OPML, the list that other readers write and read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from claimwatch.cli.asking import open_fetching
from claimwatch.cli.feeds_edit import DRY_RUN, add_feeds
from claimwatch.cli.options import CONFIG, JSON, load_settings
from claimwatch.cli.output import echo_json, echo_table
from claimwatch.config.settings import Settings
from claimwatch.core.model import Feed
from claimwatch.errors import ClaimwatchError, ParseError

if TYPE_CHECKING:
    from claimwatch.feeds.finding import Answer
    from claimwatch.feeds.opml import Outline

AT_ONCE = 32  # feeds asked at the same time; each host sees a few of them only
SHOWN = 200  # rows of the table on a terminal; --json has all


@dataclass(slots=True)
class Row:
    """What became of one entry of the list: added, already there, dead, not a feed, not asked."""

    outline: Outline
    result: str
    why: str = ""
    name: str = ""
    url: str = ""
    language: str | None = None
    unreachable: bool = False
    blocked: bool = False  # not a public address
    private: bool = False


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@CONFIG
@JSON
@click.option("--tag", "tags", multiple=True, help="A word that all of them get; may be given several times.")
@click.option("--reliability", help="Of all of them: A (reliable) to F (cannot be judged).")
@click.option("--private", is_flag=True, help="Those on my own network are meant, too.")
@click.option("--offline", is_flag=True, help="Ask nobody: take every address as it is.")
@DRY_RUN
def import_feeds(
    file: Path, config_path: Path, as_json: bool, tags: tuple[str, ...], reliability: str | None,
    private: bool, offline: bool, dry_run: bool,
) -> int:  # fmt: skip
    """Follow the feeds of an OPML file, as other readers export it.

    Each is asked once; those that answer with a feed are added, their groups become tags. Ctrl-C stops
    the asking and adds what was found until then. Exit 1 when nothing of the list is followed at the end.

    \b
    Examples:
      claimwatch feeds import subscriptions.opml --dry-run
      claimwatch feeds import subscriptions.opml --tag imported --offline
    """
    from claimwatch.feeds.opml import MAX_BYTES, read_opml

    settings = load_settings(config_path)
    try:
        with file.open("rb") as opened:
            outlines = read_opml(opened.read(MAX_BYTES + 1))
    except OSError as error:
        raise ClaimwatchError(f"I cannot read {file}: {(error.strerror or 'unknown').lower()}.") from error
    except ParseError as error:
        raise ClaimwatchError(f"{file}: {error}") from error
    if not outlines:
        raise ClaimwatchError(f"{file} names no feed.")
    rows = _first_look(settings, outlines, offline=offline)
    stopped = False
    if not offline:
        try:
            asyncio.run(
                _ask_all(settings, [row for row in rows if row.result == "not asked"], private=private)
            )
        except KeyboardInterrupt:
            stopped = True
        _refuse_without_network(rows)
    added = _named(settings, [row for row in rows if row.result == "added"])
    entries = [_entry(row, tags, reliability) for row in added]
    if entries:
        add_feeds(settings, config_path, entries, dry_run=dry_run)
    if as_json:
        echo_json(_as_json(row) for row in rows)
    else:
        _show(rows, stopped=stopped, dry_run=dry_run)
    return 0 if any(row.result in ("added", "already there") for row in rows) else 1


def _first_look(settings: Settings, outlines: Sequence[Outline], *, offline: bool) -> list[Row]:
    from claimwatch.config.feeds import normal_address
    from claimwatch.feeds.discovery import as_address

    followed = {normal_address(feed.url): feed.name for feed in settings.feeds}
    rows = []
    for outline in outlines:
        url = as_address(outline.url)
        row = Row(outline, "added" if offline else "not asked", url=url, language=outline.language)
        if urlsplit(url).scheme.lower() not in ("http", "https"):
            row.result, row.why = "not a feed", "no http address"
        elif (same := followed.get(normal_address(url))) is not None:
            row.result, row.why, row.name = "already there", f"as {same}", same
        else:
            followed[normal_address(url)] = outline.title or url
        rows.append(row)
    return rows


async def _ask_all(settings: Settings, rows: Sequence[Row], *, private: bool) -> None:
    from claimwatch.cli.progress import progress
    from claimwatch.config.feeds import normal_address
    from claimwatch.feeds.finding import ask

    followed = {normal_address(feed.url): feed.name for feed in settings.feeds}
    places = asyncio.Semaphore(min(AT_ONCE, settings.limits.fetches))
    with progress("feeds", len(rows)) as tick:
        async with open_fetching(settings) as (fetcher, parser):

            async def one(row: Row) -> None:
                async with places:
                    answer = await ask(row.url, fetcher, parser)
                    if answer.blocked and private:
                        row.private = True
                        own = Feed(name=row.url, url=row.url, private=True)
                        answer = await ask(row.url, fetcher, parser, feed=own)
                    _note(row, answer, followed, normal_address)
                tick()

            await asyncio.gather(*(one(row) for row in rows))


def _note(row: Row, answer: Answer, followed: dict[str, str], normal: Callable[[str], str]) -> None:
    feed = answer.feed
    if feed is None:
        row.result = "not a feed" if answer.final_url else "dead"
        row.why = answer.error or ""
        row.unreachable = answer.unreachable
        row.blocked = answer.blocked
        return
    row.language = feed.facts.language or row.outline.language
    moved = normal(feed.url) != normal(row.url)
    if moved and (same := followed.get(normal(feed.url))) is not None:
        row.result, row.why, row.name = "already there", f"moved to where {same} is", same
        return
    row.result, row.name = "added", row.outline.title or feed.facts.title
    if moved:
        row.why = f"moved to {feed.url}"
        row.url = feed.url
        followed[normal(row.url)] = row.name


def _refuse_without_network(rows: Sequence[Row]) -> None:
    asked = [row for row in rows if row.result in ("dead", "added", "not a feed")]
    if len(asked) > 2 and all(row.unreachable for row in asked):
        raise ClaimwatchError(
            f"None of the {len(asked)} feeds could be reached: the network seems to be down. "
            "Nothing was changed; --offline adds them without asking."
        )


def _named(settings: Settings, rows: Sequence[Row]) -> Sequence[Row]:
    from claimwatch.core.feed_facts import proposed_name

    taken = [feed.name for feed in settings.feeds]
    for row in rows:
        row.name = proposed_name(row.name or row.outline.title, urlsplit(row.url).hostname or row.url, taken)
        taken.append(row.name)
    return rows


def _entry(row: Row, tags: Sequence[str], reliability: str | None) -> dict[str, Any]:
    return {
        "name": row.name, "url": row.url, "language": row.language, "reliability": reliability,
        "tags": list(dict.fromkeys((*row.outline.groups, *tags))), "private": row.private,
    }  # fmt: skip


def _as_json(row: Row) -> dict[str, Any]:
    return {
        "result": row.result, "name": row.name or row.outline.title, "url": row.url, "why": row.why,
        "language": row.language, "tags": list(row.outline.groups),
    }  # fmt: skip


def _show(rows: Sequence[Row], *, stopped: bool, dry_run: bool) -> None:
    order = ("added", "already there", "dead", "not a feed", "not asked")
    ordered = sorted(rows, key=lambda row: order.index(row.result))
    shown = [row for row in ordered if row.result != "added"][:SHOWN] if len(rows) > SHOWN else ordered
    if shown:
        echo_table(
            ("result", "feed", "why"),
            [(row.result, row.name or row.outline.title or row.url, row.why or row.url) for row in shown],
        )
    counts = {each: sum(row.result == each for row in rows) for each in order}
    click.echo(", ".join(f"{count:,} {each}" for each, count in counts.items() if count))
    if any(row.blocked for row in rows):
        click.echo("If what lies on your own network is meant, too, add --private.")
    if stopped:
        click.echo("Stopped: run the same again to ask the rest.")
    if dry_run:
        click.echo("Nothing was changed (--dry-run).")


@click.command("export")
@CONFIG
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="The file; else standard output."
)
def export(config_path: Path, out: Path | None) -> int:
    """Write the feeds as OPML, for other readers; tags become groups. Passwords stay here.

    \b
    Examples:
      claimwatch feeds export --out feeds.opml
    """
    from claimwatch.app import now
    from claimwatch.feeds.opml import write_opml

    settings = load_settings(config_path)
    text = write_opml(settings.feeds, title="claimwatch", now=now())
    if out is None:
        click.echo(text, nl=False)
        return 0
    try:
        out.write_text(text, "utf-8")
    except OSError as error:
        raise ClaimwatchError(f"I cannot write {out}: {(error.strerror or 'unknown').lower()}.") from error
    click.echo(f"{out}: {len(settings.feeds):,} feeds")
    return 0
