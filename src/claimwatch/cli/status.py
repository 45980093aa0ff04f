"""`claimwatch status`: is everything well?"""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from claimwatch.cli.options import CONFIG, load_settings, open_reader, typed
from claimwatch.cli.output import echo_json, echo_table, say
from claimwatch.config.settings import Settings
from claimwatch.errors import ConfigError
from claimwatch.storage.lock import DatabaseLock
from claimwatch.storage.place import Place, Server

SHOWN = 12  # feeds with trouble that are listed without --all


@click.command()
@CONFIG
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.option("--all", "show_all", is_flag=True, help="List every feed, not only those with trouble.")
def command(config_path: Path, as_json: bool, show_all: bool) -> int:
    """Show feeds, queues and deliveries; exit 1 when something is wrong.

    \b
    Examples:
      claimwatch status
      claimwatch status --all             every feed, not only those with trouble
      claimwatch status --json | jq .ok
    """
    from claimwatch.app import now
    from claimwatch.core.feed_health import notice
    from claimwatch.core.websub import told_by_feed

    storage, configured, wrong = _config(config_path)
    reader = open_reader(storage)
    if reader is None:
        if as_json:
            echo_json([{"ok": False, "problems": ["nothing stored yet: the daemon has not run"]}])
        else:
            say(f"Nothing stored yet in {storage}. Start with:  {typed('run')}")
        return 1
    states = [s for s in reader.feeds() if configured is None or s.feed in configured]
    names = {s.feed for s in states} if configured is None else configured
    queues = reader.queues()
    pushes = {f: words for f, words in told_by_feed(reader.subscriptions(), now()).items() if f in names}
    failing = [s for s in states if s.error]
    daemon = _running(storage)
    if not names and not wrong:
        wrong = ["no feed is configured, so nothing is watched: claimwatch feeds add URL"]
    problems = [*wrong, *_problems(states, failing, queues, now(), running=daemon is not None)]
    if as_json:
        echo_json(
            [
                {
                    "ok": not problems,
                    "problems": problems,
                    "daemon": daemon,
                    "feeds": {
                        "configured": len(names),
                        "polled": sum(s.last_poll_at is not None for s in states),
                        "failing": len(failing),
                        "errors": {s.feed: s.error for s in failing},
                        "pushes": pushes,
                        "notices": {s.feed: n for s in states if (n := notice(s, now()))},
                    },
                    "items": {
                        "stored": queues.items,
                        "on_topic": queues.matched,
                        "to_assess": queues.to_assess,
                    },
                    "alerts": queues.alerts,
                    "deliveries": {"sent": queues.sent, "due": queues.due, "dead": queues.dead},
                }
            ]
        )
        return 1 if problems else 0
    shown = states if show_all else failing
    if shown:
        rows = shown if show_all else shown[:SHOWN]
        echo_table(("feed", "state", "last good", "next poll"), [_feed_row(s) for s in rows])
        if len(rows) < len(shown):
            click.echo(f"and {len(shown) - len(rows)} more: {typed('status --all')}\n")
    _line("daemon", daemon or "not running")
    _line(
        "feeds",
        f"{len(names)} configured, {sum(s.last_poll_at is not None for s in states)} polled, "
        f"{len(failing)} failing",
    )
    _line("items", f"{queues.items} stored, {queues.matched} on topic, {queues.to_assess} to assess")
    _line("alerts", str(queues.alerts))
    _line("deliveries", f"{queues.sent} sent, {queues.due} due, {queues.dead} refused for good")
    for sent in reader.failing_deliveries():
        say(
            f"{sent.receiver}: {sent.error} ({sent.attempts} tries)", first=f"  {sent.state}  ", indent="    "
        )
    for line in _some([f"{feed}: {words}" for feed, words in sorted(pushes.items())]):
        _line("push", line)
    for line in _notices(states, now()):
        _line("notice", line)
    for problem in problems:
        _line("problem", problem)
    click.echo("something is wrong" if problems else "all well")
    return 1 if problems else 0


def _line(label: str, text: str) -> None:
    say(text, first=f"{label:12}", indent=" " * 12)


def _running(storage: Place) -> str | None:
    """Return what runs: the daemon that holds a file, or the processes that share a server."""
    if not isinstance(storage, Server):
        return DatabaseLock(storage).holder()
    from claimwatch.storage.database import Database
    from claimwatch.storage.leasing import SqlLeases

    shown = [name for name in SqlLeases(Database(storage), "").held() if name.startswith("process ")]
    return "; ".join(sorted(shown)) or None


def _config(path: Path) -> tuple[Place, set[str] | None, list[str]]:
    """Return where the database lies, the feeds' names, and what is wrong with the config on disk.

    A change that a running daemon refused keeps nobody from seeing how the daemon does; the names of the
    feeds are not known then.
    """
    from claimwatch.config.load import storage_of
    from claimwatch.storage.reload_note import ReloadNote

    storage = storage_of(path, environ=os.environ)
    refusal = ReloadNote(storage).read()
    try:
        settings = load_settings(path)
        names = {feed.name for feed in settings.feeds}
        wrong = _templates(settings)
    except ConfigError:
        if refusal is None:
            raise
        names, wrong = None, []
    if refusal is None:
        return storage, names, wrong
    more = f" (and {len(refusal.problems) - 1} more)" if len(refusal.problems) > 1 else ""
    return (
        storage,
        names,
        [
            f"the config was changed at {_time(refusal.at)} and cannot be used; the one before goes on. "
            f"Mend it:  {typed('check')}",
            f"{refusal.problems[0] if refusal.problems else 'unknown'}{more}",
        ],
    )


def _templates(settings: Settings) -> list[str]:
    """Return what keeps people's own words for alerts from being used."""
    if settings.templates is None:
        return []
    from claimwatch.app import now
    from claimwatch.cli.check_templates import look_at_templates

    return [problem.brief() for problem in look_at_templates(settings.templates, now=now())]


def _notices(states: list[Any], now: datetime) -> list[str]:
    """Return what is worth knowing of feeds that answer: silent, moved, or too slow a rhythm for them."""
    from claimwatch.core.feed_health import notice

    return _some([f"{s.feed}: {words}" for s in states if (words := notice(s, now))])


def _some(told: list[str]) -> list[str]:
    more = [f"and {len(told) - SHOWN} more: {typed('feeds list')}"] if len(told) > SHOWN else []
    return told[:SHOWN] + more


def _problems(
    states: list[Any], failing: list[Any], queues: Any, now: datetime, *, running: bool
) -> list[str]:
    from claimwatch.poll import NETWORK_DOWN

    problems = []
    polled = [s for s in states if s.last_poll_at is not None]
    if states and not polled and not failing:
        problems.append("no feed was polled yet")
    if any(s.error == NETWORK_DOWN for s in failing):
        problems.append("no feed answers: our network seems to be down")
    elif failing and len(failing) == len(states):
        problems.append(f"no feed can be read, {len(failing)} fail")
    elif failing:
        problems.append(f"{_count(len(failing), 'feed')} failing: {', '.join(s.feed for s in failing[:5])}")
    overdue = timedelta(hours=1) if running else timedelta(minutes=2)
    stalled = "" if running else f"; no daemon is running: {typed('run')}"
    late = [s for s in states if now - s.next_poll_at > overdue]
    if late:
        problems.append(f"{_count(len(late), 'feed')} should have been polled long ago{stalled}")
    if queues.oldest_due_at and now - queues.oldest_due_at > overdue:
        problems.append(f"deliveries have waited for a long time{stalled}")
    if queues.failing:
        problems.append(f"{queues.failing} deliveries failed and are tried again")
    if queues.dead:
        problems.append(f"{queues.dead} deliveries were refused for good: {typed('alerts list')}")
    return problems


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'s' * (number != 1)}"


def _feed_row(state: Any) -> tuple[str, str, str, str]:
    return (
        state.feed,
        state.error or state.outcome,
        _time(state.last_ok_at),
        _time(state.next_poll_at),
    )


def _time(at: datetime | None) -> str:
    return at.strftime("%d %b %H:%M UTC") if at else "never"
