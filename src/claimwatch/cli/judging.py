"""`claimwatch alerts ack|right|wrong`: what a person says of an alert; works while the daemon runs."""

from __future__ import annotations

import getpass
import re
from pathlib import Path

import click

from claimwatch.cli import completing
from claimwatch.cli.options import CONFIG, load_settings, no_alert, typed
from claimwatch.cli.output import say
from claimwatch.core.demotion import Demotion
from claimwatch.core.judging import WHYS, Judgement, Ruling, Why, Word, rule
from claimwatch.core.model import Alert, Relation
from claimwatch.errors import ClaimwatchError

BY = click.option("--by", metavar="NAME", help="Who says so; as a rule you, by the name of your login.")
LINE = click.option(
    "--line", type=click.IntRange(min=1), metavar="N", help="Of a message that tells several reports: which."
)
NOTE = click.option("--note", default="", metavar="TEXT", help="In your words; a correction quotes it.")
_REMINDER = re.compile(r"-r\d+$", re.IGNORECASE)


def person(by: str | None) -> str:
    """Return who is at the keyboard. Raises: ClaimwatchError when nobody can tell."""
    try:
        return by or getpass.getuser()
    except (OSError, KeyError, ImportError):
        raise ClaimwatchError("Nobody is logged in by name. Say who you are:  --by NAME") from None


@click.command("ack")
@click.argument("code", shell_complete=completing.alert_codes)
@CONFIG
@BY
def ack(code: str, config_path: Path, by: str | None) -> int:
    """Say that you have seen the alert CODE.

    \b
    Examples:
      claimwatch alerts ack K7Q2MD
    """
    alert, _, _ = _judge(config_path, code, "ack", by=by)
    say(f"{alert.code} is acknowledged.")
    return 0


@click.command("right")
@click.argument("code", shell_complete=completing.alert_codes)
@CONFIG
@BY
@LINE
@NOTE
def right(code: str, config_path: Path, by: str | None, line: int | None, note: str) -> int:
    """Say that the alert CODE was right: it counts in the track record that alerts show.

    \b
    Examples:
      claimwatch alerts right K7Q2MD --note "checked with the ministry"
    """
    alert, ruling, _ = _judge(config_path, code, "right", by=by, line=line, note=note)
    say(f"{alert.code} is judged right.{_told(ruling)}")
    return 0


@click.command("wrong")
@click.argument("code", shell_complete=completing.alert_codes)
@click.option("--why", type=click.Choice(WHYS), help="What was wrong with it.")
@CONFIG
@BY
@LINE
@NOTE
def wrong(code: str, why: Why | None, config_path: Path, by: str | None, line: int | None, note: str) -> int:
    """Say that the alert CODE was wrong: all who got it are told, and its evidence counts no more.

    `--why old` says that it was no news: then its evidence goes on counting.

    \b
    Examples:
      claimwatch alerts wrong K7Q2MD --why figure --note "6,000 is for the year"
    """
    alert, ruling, demotions = _judge(config_path, code, "wrong", by=by, why=why, line=line, note=note)
    say(f"{alert.code} is judged wrong.{_told(ruling)}")
    for one in demotions:
        say(
            f"{one.wrong} of the last {one.judged} judged {one.relation.value} of route {one.route} were wrong: "
            f"they come once a day from now on. Undo:  "
            + typed(f"alerts promote {one.route} {one.relation.value}")
        )
    return 0


@click.command("promote")
@click.argument("route")
@click.argument("relation", type=click.Choice([r.value for r in Relation], case_sensitive=False))
@CONFIG
@BY
def promote(route: str, relation: str, config_path: Path, by: str | None) -> int:
    """Let RELATION on ROUTE come at once again, after it came once a day for being wrong too often.

    \b
    Examples:
      claimwatch alerts promote urgent UPDATES
    """
    from claimwatch.app import now
    from claimwatch.storage.database import Database
    from claimwatch.storage.demoting import SqlDemotionStore

    settings = load_settings(config_path)
    lifted = False
    if settings.storage.exists():
        database = Database(settings.storage)
        try:
            lifted = SqlDemotionStore(database).lift(route, Relation(relation.upper()), person(by), now())
        finally:
            database.close()
    if not lifted:
        raise ClaimwatchError(f"{relation.upper()} on route {route} comes at once already.")
    say(f"{relation.upper()} on route {route} comes at once again.")
    return 0


def _judge(
    config_path: Path,
    code: str,
    word: Word,
    *,
    by: str | None,
    why: Why | None = None,
    line: int | None = None,
    note: str = "",
) -> tuple[Alert, Ruling, list[Demotion]]:
    from claimwatch.app import now
    from claimwatch.storage.database import Database
    from claimwatch.storage.judging import SqlJudgementStore

    settings = load_settings(config_path)
    judgement = Judgement(word, person(by), now(), why, note, line)
    if not settings.storage.exists():
        raise no_alert(code)
    database = Database(settings.storage)
    try:
        store = SqlJudgementStore(database)
        alert = store.find(_REMINDER.sub("", code))
        if alert is None:
            raise no_alert(code)
        _refuse(alert, word, line)
        claims = {claim.id: claim for claim in settings.claims}
        if alert.claim:  # one that is not followed any more is judged as it was told
            claims.setdefault(alert.claim.id, alert.claim)
        ruling, demotions = store.judge(alert, judgement, lambda case: rule(case, judgement, claims))
        return alert, ruling, demotions
    finally:
        database.close()


def _refuse(alert: Alert, word: Word, line: int | None) -> None:
    """Raise ClaimwatchError for what cannot be judged, saying what can."""
    if alert.correction:
        raise ClaimwatchError(
            f"{alert.code} is a correction. Judge what it corrects:  "
            + typed(f"alerts right {alert.correction.of}")
        )
    if alert.sections and word != "ack":
        raise ClaimwatchError(f"{alert.code} is a digest. Judge the alerts it names, by their codes.")
    count = len(alert.entries)
    if word == "wrong" and count and line is None:
        raise ClaimwatchError(
            f"{alert.code} tells {count} reports. Say which is wrong, by its number:  "
            + typed(f"alerts wrong {alert.code} --line 1")
        )
    if line is not None and line > count:
        raise ClaimwatchError(
            f"{alert.code} has no line {line}: it tells {count} reports."
            if count
            else f"{alert.code} tells one report. Leave --line out."
        )


def _told(ruling: Ruling) -> str:
    if ruling.alert is None:
        return ""
    told = f" CORRECTION {ruling.alert.code} goes to the {_people(len(ruling.deliveries))} who got it."
    if not ruling.deliveries:
        told = f" CORRECTION {ruling.alert.code} is noted; nobody had got it."
    if ruling.drop:
        told += f" {_people(len(ruling.drop))} who waited for it will not get it."
    now, was = ruling.alert.standing, ruling.alert.status_was
    if now and ruling.alert.claim and now.status != was:
        told += f" {ruling.alert.claim.id}: {was} -> {now.status}."
    return told


def _people(count: int) -> str:
    return f"{count} receiver{'s' * (count != 1)}"
