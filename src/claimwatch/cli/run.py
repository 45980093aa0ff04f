"""`claimwatch run`: the daemon."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from claimwatch.cli.logs import set_up_logs
from claimwatch.cli.options import CONFIG, load_settings
from claimwatch.cli.output import say
from claimwatch.cli.reloading import config_source
from claimwatch.config.settings import Settings
from claimwatch.config.watching import signature

if TYPE_CHECKING:
    from claimwatch.app import App
    from claimwatch.reload import ConfigSource


@click.command()
@CONFIG
@click.option("--once", is_flag=True, help="Poll every feed once, deliver what follows, and exit.")
@click.option("--verbose", "-v", is_flag=True, help="Log every decision.")
@click.option("--log-json", is_flag=True, help="Log as JSON Lines.")
def command(config_path: Path, once: bool, verbose: bool, log_json: bool) -> int:
    """Watch the feeds and send alerts, until Ctrl-C or SIGTERM.

    Alerts go where alerts/routes.yaml says; without any receiver they are shown here and appended to
    var/alerts.jsonl. The log goes to standard error.

    Edited files of the config go live within two seconds (SIGHUP: at once); a change that cannot be used
    leaves the config that runs as it is, and `claimwatch status` says so.

    \b
    Examples:
      claimwatch run
      claimwatch run --once --config ~/watch/config     from cron, every 10 min
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # until the daemon itself listens
    if not once:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # likewise: it has just been read
    seen = signature(config_path)
    settings = load_settings(config_path)
    set_up_logs(verbose=verbose, as_json=log_json)
    for warning in settings.warnings:
        say(warning, indent="  ", err=True)
    source = None if once else config_source(config_path, seen)
    return asyncio.run(_run(settings, source))


async def _run(settings: Settings, source: ConfigSource | None) -> int:
    from claimwatch.app import open_app
    from claimwatch.daemon import stop_on_signals

    with stop_on_signals() as stop:
        async with open_app(settings, terminal=sys.stdout) as app:
            return await _watch(app, settings, stop, source)


async def _watch(app: App, settings: Settings, stop: asyncio.Event, source: ConfigSource | None) -> int:
    from claimwatch.daemon import run_daemon, run_once

    say(
        f"watching {_count(len(settings.feeds), 'feed')} for {_count(len(settings.topics), 'topic')} and "
        f"{_count(len(settings.claims), 'claim')}; alerts go to {', '.join(settings.receivers)}; "
        f"database {settings.storage}" + ("; Ctrl-C stops" if source else ""),
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
