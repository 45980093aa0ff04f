"""`claimwatch mute`: nothing is sent on a claim or topic for a while."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import click

from claimwatch.cli import completing
from claimwatch.cli.judging import BY, person
from claimwatch.cli.options import CONFIG, load_settings, refuse_unknown, typed
from claimwatch.cli.output import say
from claimwatch.core.muting import LONGEST, Mute, span_of
from claimwatch.core.times import when
from claimwatch.errors import ClaimwatchError


@click.command()
@click.argument("what", metavar="CLAIM_OR_TOPIC", shell_complete=completing.claims_and_topics)
@click.argument("span", required=False)
@click.argument("reason", required=False)
@CONFIG
@BY
def command(what: str, span: str | None, reason: str | None, config_path: Path, by: str | None) -> int:
    """Send nothing on CLAIM_OR_TOPIC for SPAN (90m, 24h, 3d, 2w), and say why in REASON.

    Its alerts are stored and counted in the digest. It ends by itself, or with `claimwatch unmute`. Works
    while the daemon runs.

    \b
    Examples:
      claimwatch mute dam-safe 3d "drill"
      claimwatch mute lake-dam 12h "the council meets; we sit in it"
    """
    from claimwatch.app import now
    from claimwatch.storage.database import Database
    from claimwatch.storage.muting import SqlMuteStore

    settings = load_settings(config_path)
    claims = [claim.id for claim in settings.claims]
    refuse_unknown("claim or topic", what, [*claims, *(topic.id for topic in settings.topics)])
    if span is None:
        raise ClaimwatchError("A mute needs an end:  " + typed(f'mute {what} 3d "drill"'))
    length = span_of(span)
    if length is None:
        raise ClaimwatchError(
            f'I cannot read "{span}". Write a span such as 90m, 24h, 3d or 2w, at most {LONGEST.days}d:  '
            + typed(f'mute {what} 3d "drill"')
        )
    if reason is None or not reason.strip():
        raise ClaimwatchError("A mute needs a reason:  " + typed(f'mute {what} {span} "drill"'))
    at = now()
    mute = Mute("claim" if what in claims else "topic", what, at, at + length, reason.strip(), person(by))
    database = Database(settings.storage)
    try:
        SqlMuteStore(database).add(mute)
    finally:
        database.close()
    say(
        f"{what} is muted until {when(mute.until, ZoneInfo(settings.timezone))}. "
        f"Its alerts are stored and counted in the digest. Sooner:  {typed(f'unmute {what}')}"
    )
    return 0
