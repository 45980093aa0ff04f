"""`claimwatch alerts resend`: the same alert once more; works while the daemon runs."""

from __future__ import annotations

from pathlib import Path

import click

from claimwatch.cli import completing
from claimwatch.cli.options import CONFIG, load_settings, no_alert, refuse_unknown, typed
from claimwatch.cli.output import say
from claimwatch.config import Settings
from claimwatch.errors import ClaimwatchError


@click.command("resend")
@click.argument("code", shell_complete=completing.alert_codes)
@CONFIG
@click.option(
    "--to", "receivers", multiple=True, metavar="RECEIVER", help="A channel of the config; may be repeated."
)
def resend(code: str, receivers: tuple[str, ...], config_path: Path) -> int:
    """Send the alert CODE once more, marked as resent.

    Without --to it goes to those who refused it for good (a channel that is mended by now). With --to it
    goes to that channel, whether or not it got the alert before.

    \b
    Examples:
      claimwatch alerts resend K7Q2MD
      claimwatch alerts resend K7Q2MD --to desk-mail
    """
    from claimwatch.app import now
    from claimwatch.storage.database import Database
    from claimwatch.storage.judging import SqlJudgementStore
    from claimwatch.storage.resending import SqlResendStore

    settings = load_settings(config_path)
    addresses = [address for name in receivers for address in _addresses(settings, name)]
    unknown = no_alert(code)
    if not settings.storage.exists():
        raise unknown
    database = Database(settings.storage)
    try:
        alert = SqlJudgementStore(database).find(code)
        if alert is None:
            raise unknown
        store = SqlResendStore(database)
        to = addresses or store.refused(alert.fingerprint)
        if not to:
            raise ClaimwatchError(
                f"Nobody refused {alert.code}. Say who should get it again:  "
                + typed(f"alerts resend {alert.code} --to {next(iter(settings.receivers))}")
            )
        done = store.resend(alert.fingerprint, to, now())
    finally:
        database.close()
    for receiver, what in done.items():
        how = "goes once more" if what == "again" else "still waited; it goes now"
        click.echo(f"{alert.code} {how} to {receiver}.")
    say(f"It is sent by the daemon that runs, or the next one:  {typed('run')}")
    return 0


def _addresses(settings: Settings, name: str) -> tuple[str, ...]:
    """Return the addresses of a receiver, or the one that is named. Raises: ClaimwatchError."""
    from claimwatch.channels.registry import expand

    all_of = {each: tuple(expand(each, r.type, r.settings)) for each, r in settings.receivers.items()}
    one_of = {address: (address,) for addresses in all_of.values() for address in addresses}
    refuse_unknown("channel", name, [*all_of, *one_of])
    return all_of.get(name) or one_of[name]
