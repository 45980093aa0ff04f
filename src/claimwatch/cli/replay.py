"""`claimwatch replay`: what would another config have told of the same items?"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from claimwatch.cli.options import CONFIG, load_settings
from claimwatch.cli.output import echo_json
from claimwatch.cli.spans import Span
from claimwatch.core.columns import wrap
from claimwatch.core.safety import clean
from claimwatch.errors import ClaimwatchError
from claimwatch.storage.place import Place

if TYPE_CHECKING:
    from claimwatch.cli.replay_run import Difference, Told

MOST = 20
WIDTH = 80


@click.command()
@CONFIG
@click.option("--since", type=Span(), default="30d", show_default=True, help="How far back: 30d, 12h, 2w.")
@click.option(
    "--database",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Whose items; else the config's own database, else that of config/.",
)
@click.option("--fail-on-lost", is_flag=True, help="Exit 1 when an alert is lost that nobody judged wrong.")
@click.option("--all", "show_all", is_flag=True, help=f"List all differences, not only {MOST} of each kind.")
@click.option(
    "--json", "as_json", is_flag=True, help="A line for each difference, and a last one that sums up."
)
def command(
    config_path: Path,
    since: timedelta,
    database: Path | None,
    fail_on_lost: bool,
    show_all: bool,
    as_json: bool,
) -> int:
    """Run stored items through a config and compare with the alerts of then.

    Nothing is sent, and the database is only read. Items that were edited run with their latest text; the
    judge is that of today. The same items and config always give the same answer.

    \b
    Examples:
      claimwatch replay --since 30d --config new/config
      claimwatch replay --since 7d --fail-on-lost       for tests of a config
    """
    from claimwatch import app
    from claimwatch.cli.check_alerts import silence
    from claimwatch.cli.progress import progress
    from claimwatch.cli.replay_run import Replay
    from claimwatch.storage.database import Database
    from claimwatch.storage.past import SqlPast

    settings = load_settings(config_path)
    store = Database(database or _database(settings.storage))
    past = SqlPast(store)
    begin = app.now() - since
    with silence(), progress("items", past.count(since=begin)) as tick:
        found = Replay(settings, app.open_first_judge(settings.aliases), past).compare(since=begin, tick=tick)
    store.close()
    if as_json:
        _print_json(found)
    else:
        _print(found, begin=f"{begin:%d %b %Y %H:%M} UTC", most=None if show_all else MOST)
    return 1 if fail_on_lost and found.missed else 0


def _database(own: Place) -> Place:
    from claimwatch.config.load import storage_of

    for path in (own, storage_of(Path("config"), environ=os.environ)):
        if path.exists():
            return path
    raise ClaimwatchError(
        f"Nothing is stored yet in {own}, so there is nothing to replay. Name one:  --database var/claimwatch.db"
    )


def _print(found: Difference, *, begin: str, most: int | None) -> None:
    before, now = found.on_topic
    items = f"{found.items:,} item{'' if found.items == 1 else 's'}"
    click.echo(f"{items} since {begin}, {now:,} on topic (before: {before:,}). Nothing is sent.")
    click.echo(f"{'':21}before     now")
    click.echo(f"{'items told':20}{found.told[0]:>7,}{found.told[1]:>8,}")
    _list("lost", found.lost, most, hint="look at these first")
    _list("gained", found.gained, most)
    click.echo(f"changed {len(found.changed):,}")
    for was, is_ in found.changed[:most]:
        _line(f"  {was.code}  ", f'{was.relation} {was.about} -> {is_.relation} {is_.about}  "{is_.title}"')
    _more(len(found.changed), most)
    if not (found.lost or found.gained or found.changed):
        click.echo("The same alerts as before.")


def _list(label: str, told: Sequence[Told], most: int | None, *, hint: str = "") -> None:
    click.echo(f"{label} {len(told):,}" + (f"  ({hint})" if hint and told else ""))
    for one in told[:most]:
        judged = f" [judged {one.judged}]" if one.judged else ""
        why = f"  now: {one.why_lost}" if one.why_lost else ""
        name = one.code if label == "lost" else f"item {one.item}"
        _line(f"  {name}  ", f'{one.relation} {one.about}{judged}  "{one.title}"{why}')
    _more(len(told), most)


def _line(first: str, text: str) -> None:
    for line in wrap(clean(text), first=first, indent=" " * len(first), columns=WIDTH):
        click.echo(line)


def _more(number: int, most: int | None) -> None:
    if most is not None and number > most:
        click.echo(f"  and {number - most:,} more (--all lists them)")


def _print_json(found: Difference) -> None:
    rows: list[dict[str, Any]] = []
    rows += [{"difference": "lost", **_row(one), "now": one.why_lost} for one in found.lost]
    rows += [{"difference": "gained", **_row(one), "code": None} for one in found.gained]
    rows += [
        {"difference": "changed", **_row(was), "now": {"relation": is_.relation.value, "about": is_.about}}
        for was, is_ in found.changed
    ]
    rows.append(
        {
            "items": found.items,
            "on_topic": {"before": found.on_topic[0], "now": found.on_topic[1]},
            "told": {"before": found.told[0], "now": found.told[1]},
            "lost": len(found.lost),
            "lost_not_judged_wrong": len(found.missed),
            "gained": len(found.gained),
            "changed": len(found.changed),
        }
    )
    echo_json(rows)


def _row(one: Told) -> dict[str, Any]:
    return {
        "item": one.item, "code": one.code, "relation": one.relation.value, "about": one.about,
        "title": one.title, "judged": one.judged,
    }  # fmt: skip
