"""`claimwatch run`: the daemon."""

from __future__ import annotations

import asyncio
import signal
import sys
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from claimwatch.cli.logs import set_up_logs
from claimwatch.cli.options import CONFIG, load_settings
from claimwatch.cli.output import say
from claimwatch.cli.reloading import config_source
from claimwatch.config.settings import Settings
from claimwatch.config.watching import signature
from claimwatch.errors import ClaimwatchError, ServerAway
from claimwatch.storage.place import Place, Server

STATIONS = ("poll", "assess", "dispatch")
AWAY = 2.0  # seconds until a server that does not answer is asked again

if TYPE_CHECKING:
    from claimwatch.app import App, Part
    from claimwatch.reload import ConfigSource


@click.command()
@CONFIG
@click.option("--once", is_flag=True, help="Poll every feed once, deliver what follows, and exit.")
@click.option("--no-work", is_flag=True, help="On PostgreSQL: only say what is due; workers do it.")
@click.option("--verbose", "-v", is_flag=True, help="Log every decision.")
@click.option("--log-json", is_flag=True, help="Log as JSON Lines.")
def command(config_path: Path, once: bool, no_work: bool, verbose: bool, log_json: bool) -> int:
    """Watch the feeds and send alerts, until Ctrl-C or SIGTERM.

    On PostgreSQL any number of these, and of `claimwatch worker`, may run on any number of machines.

    Alerts go where alerts/routes.yaml says; without any receiver they are shown here and appended to
    var/alerts.jsonl. The log goes to standard error.

    Edited files of the config go live within two seconds (SIGHUP: at once); a change that cannot be used
    leaves the config that runs as it is, and `claimwatch status` says so.

    \b
    Examples:
      claimwatch run
      claimwatch run --once --config ~/watch/config     from cron, every 10 min
    """
    if no_work and once:
        raise click.UsageError("--no-work and --once exclude each other.")
    set_up_logs(verbose=verbose, as_json=log_json)
    return start(config_path, once=once, schedules=True, stations=() if no_work else STATIONS)


def start(
    config_path: Path,
    *,
    schedules: bool,
    stations: tuple[str, ...],
    concurrency: int = 10,
    once: bool = False,
) -> int:
    """Run a daemon that does these parts, until it is stopped; return its exit code."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # until the daemon itself listens
    if not once:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # likewise: it has just been read
    seen = signature(config_path)
    settings = load_settings(config_path)
    if stations != STATIONS or not schedules:
        refuse_file(settings.storage)
    for warning in settings.warnings:
        say(warning, indent="  ", err=True)
    source = None if once else config_source(config_path, seen)
    from claimwatch.app import Part

    return asyncio.run(_run(settings, source, Part(schedules, stations, concurrency)))


def refuse_file(storage: Place) -> None:
    """Raise ClaimwatchError unless several processes may share this database."""
    if not isinstance(storage, Server):
        raise ClaimwatchError(
            f"{storage} is a file, which one process has for itself. Workers need a server:\n"
            "  storage: postgresql://user@host/claimwatch     in claimwatch.yaml\n"
            "What is stored moves there with:  claimwatch move --to postgresql://..."
        )


async def _run(settings: Settings, source: ConfigSource | None, part: Part) -> int:
    from claimwatch.app import open_app
    from claimwatch.daemon import stop_on_signals

    with stop_on_signals() as stop:
        async with AsyncExitStack() as opened:
            told = False
            while not stop.is_set():
                try:
                    app = await opened.enter_async_context(open_app(settings, terminal=sys.stdout, part=part))
                except ServerAway as error:
                    if source is None:
                        raise
                    if not told:
                        say(f"claimwatch: {error}", err=True)
                    told = True
                    with suppress(TimeoutError):
                        await asyncio.wait_for(stop.wait(), AWAY)
                else:
                    return await _watch(app, settings, stop, source)
    return 0


async def _watch(app: App, settings: Settings, stop: asyncio.Event, source: ConfigSource | None) -> int:
    from claimwatch.daemon import run_daemon, run_once

    does = [*(["schedules"] if app.part.schedules else []), *app.part.stations]
    say(
        f"watching {_count(len(settings.feeds), 'feed')} for {_count(len(settings.topics), 'topic')} and "
        f"{_count(len(settings.claims), 'claim')}; alerts go to {', '.join(settings.receivers)}; "
        f"database {settings.storage}"
        + (f"; this process: {', '.join(does)}" if isinstance(settings.storage, Server) else "")
        + ("; Ctrl-C stops" if source else ""),
        err=True,
    )
    if source is not None:
        await run_daemon(app, stop, source)
        return 0
    await run_once(app, stop)
    queues = app.reader.queues()
    followed = {feed.name for feed in settings.feeds}
    states = [s for s in app.reader.feeds() if s.feed in followed]
    failing = [s for s in states if s.error]
    say(
        f"{len(states) - len(failing)} feeds answered, {len(failing)} did not; "
        f"{queues.items} items stored, {queues.matched} on topic; "
        f"{queues.sent} deliveries sent, {queues.due} wait, {queues.dead} refused",
        err=True,
    )
    return 1 if queues.due or (failing and len(failing) == len(states)) else 0


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'s' * (number != 1)}"
