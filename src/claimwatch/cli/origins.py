"""`claimwatch alerts same|split`: a person knows whether two origins are one; works while the daemon runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from claimwatch.cli import completing
from claimwatch.cli.judging import BY, NOTE, person
from claimwatch.cli.options import CONFIG, load_settings, no_alert, typed
from claimwatch.cli.output import say
from claimwatch.core.model import Alert, Claim
from claimwatch.core.origins import SameOrigin, same_origin
from claimwatch.errors import ClaimwatchError

if TYPE_CHECKING:
    from claimwatch.storage.judging import SqlJudgementStore
    from claimwatch.storage.merging import Moved, SqlMergingStore


@click.command("same")
@click.argument("code", shell_complete=completing.alert_codes)
@click.argument("origin", metavar="ORIGIN-or-CODE")
@CONFIG
@BY
@NOTE
def same(code: str, origin: str, config_path: Path, by: str | None, note: str) -> int:
    """Say that the origin of the alert CODE is no other than ORIGIN, or than that of another alert.

    The claim's standing is computed anew; those who were told of an independent origin get a CORRECTION.

    \b
    Examples:
      claimwatch alerts same 9HDM4C ministry
    """
    from claimwatch.app import now

    with _opened(config_path, code) as (found, alerts, merging):
        alert, claim, mine = found
        other = _other(origin, claim, alerts, merging)
        if same_origin(mine, other):
            raise ClaimwatchError(f"{alert.code} has the origin {mine}: {other} is the same already.")
        moved = merging.merge(alert, claim, SameOrigin(claim.id, mine, other, person(by), now(), note))
    say(f"{mine} is counted as {other} on {claim.id} from now on.{_told(claim, moved)}")
    say(f"Undo:  {typed(f'alerts split {alert.code}')}")
    return 0


@click.command("split")
@click.argument("code", shell_complete=completing.alert_codes)
@CONFIG
@BY
@NOTE
def split(code: str, config_path: Path, by: str | None, note: str) -> int:
    """Undo `alerts same CODE`: the two origins are two.

    \b
    Examples:
      claimwatch alerts split 9HDM4C
    """
    from claimwatch.app import now

    with _opened(config_path, code) as (found, _, merging):
        alert, claim, mine = found
        moved = merging.split(alert, claim, person(by), now(), note=note)
    if moved is None:
        raise ClaimwatchError(f"Nothing was merged by {alert.code}: its origin, {mine}, stands for itself.")
    say(f"{mine} is an origin of its own again on {claim.id}.{_told(claim, moved)}")
    return 0


@contextmanager
def _opened(
    config_path: Path, code: str
) -> Iterator[tuple[tuple[Alert, Claim, str], SqlJudgementStore, SqlMergingStore]]:
    """Give the alert with its claim and origin, and where merges are stored. Raises: ClaimwatchError."""
    from claimwatch.storage.database import Database
    from claimwatch.storage.judging import SqlJudgementStore
    from claimwatch.storage.merging import SqlMergingStore

    settings = load_settings(config_path)
    if not settings.storage.exists():
        raise no_alert(code)
    database = Database(settings.storage)
    try:
        alerts, merging = SqlJudgementStore(database), SqlMergingStore(database)
        alert = alerts.find(code)
        if alert is None:
            raise no_alert(code)
        claim = next((c for c in settings.claims if alert.claim and c.id == alert.claim.id), alert.claim)
        origin = merging.origin(alert)
        if claim is None or alert.correction or alert.entries or origin is None:
            raise ClaimwatchError(
                f"{alert.code} does not tell one report on a claim, so it has no origin to compare. "
                f"Name one that does:  {typed('alerts list')}"
            )
        yield (alert, claim, origin), alerts, merging
    finally:
        database.close()


def _other(name: str, claim: Claim, alerts: SqlJudgementStore, merging: SqlMergingStore) -> str:
    """Return the origin that a name, or the code of another alert on the claim, means."""
    alert = alerts.find(name)
    if alert is not None:
        origin = merging.origin(alert) if alert.claim and alert.claim.id == claim.id else None
        if origin is None:
            raise ClaimwatchError(f"{alert.code} is not an alert on {claim.id}.")
        return origin
    known = merging.origins(claim)
    for origin in known:
        if origin.casefold() == name.casefold() or same_origin(origin, name):
            return origin
    listed = ", ".join(known) or "none yet"
    raise ClaimwatchError(f'"{name}" is no origin of {claim.id}. Known are: {listed}.')


def _told(claim: Claim, moved: Moved) -> str:
    parts = []
    if moved.before != moved.after:
        parts.append(
            f" {claim.id}: {moved.before.origins_for} -> {moved.after.origins_for} for, "
            f"{moved.before.origins_against} -> {moved.after.origins_against} against, "
            f"{moved.before.status} -> {moved.after.status}."
        )
    for alert, count in moved.corrections:
        parts.append(f" CORRECTION {alert.code} goes to {count} receiver{'s' * (count != 1)}.")
    return "".join(parts)
