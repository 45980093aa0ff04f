"""The metronome: APScheduler ticks the stations; SIGTERM and Ctrl-C drain them."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from claimwatch.app import App
from claimwatch.core.pulse import Pulse
from claimwatch.errors import DeliveryError, StorageError
from claimwatch.reload import ConfigSource

log = structlog.get_logger("claimwatch")

CONFIG_TICK = timedelta(seconds=0.5)
DIGEST_TICK = timedelta(seconds=20)
EDITS_TICK = timedelta(seconds=30)
LISTEN_TICK = timedelta(seconds=30)
PUSHES_TICK = timedelta(seconds=1)
HUBS_TICK = timedelta(seconds=10)
UPKEEP_EVERY = timedelta(hours=6)
NOT_VITAL = ("upkeep", "edits", "receiver", "pushes", "hubs")  # no heartbeat is withheld for them
# these run side by side and stay below the 10 s that a stop may take
POLLS_MAY_FINISH_IN = timedelta(seconds=2)
FINDINGS_MAY_FINISH_IN = timedelta(seconds=5)
MESSAGES_MAY_FINISH_IN = timedelta(seconds=5)


@contextmanager
def stop_on_signals() -> Iterator[asyncio.Event]:
    """Give an event that SIGTERM and Ctrl-C set, from here to the end of the block."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    try:
        yield stop
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


async def run_daemon(app: App, stop: asyncio.Event, config: ConfigSource | None = None) -> None:
    """Run the stations until `stop`, then finish what is in hand and return.

    With `config` its changes go live, looked for every half second and on SIGHUP.
    """
    # APScheduler warns of each tick that finds the last one still at work: that is how ticks are meant
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
    scheduler = AsyncIOScheduler(
        timezone=UTC,
        # the defaults drop a run that is over one second late: after a laptop's sleep none would come
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )
    ticks, alone = app.runner.ticks(), app.runner.alone
    if app.part.schedules:
        ticks.append(("digest", DIGEST_TICK, alone("digest", app.digest.run_due)))
        upkeep = partial(asyncio.to_thread, app.upkeep)
        ticks.append(("upkeep", UPKEEP_EVERY, alone("upkeep", upkeep)))
    if app.websub is not None:
        ticks.append(("receiver", LISTEN_TICK, app.websub.listen))
        ticks.append(("pushes", PUSHES_TICK, alone("pushes", app.websub.hasten)))
        ticks.append(("hubs", HUBS_TICK, alone("hubs", app.websub.settle)))
    if "dispatch" in app.part.stations:
        ticks.append(("edits", EDITS_TICK, alone("edits", app.dispatch.edit_due)))
    pulse = Pulse((name for name, *_ in ticks if name not in NOT_VITAL), app.poll.now())
    if app.heartbeat is not None and app.settings.heartbeat is not None:
        ticks.append(
            ("heartbeat", app.settings.heartbeat.every, _heartbeat(app.poll.now, app.heartbeat, pulse))
        )
    if config is not None:
        watcher = app.watch_config(config)
        ticks.append(("config", CONFIG_TICK, watcher.tick))
        hung_up = _hung_up(stop, watcher.ask)
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, hung_up)
    for name, every, tick in ticks:
        scheduler.add_job(
            _guarded(name, tick, partial(_note, pulse, name, app.poll.now)),
            "interval",
            id=name,
            seconds=every.total_seconds(),
            next_run_time=app.poll.now(),
        )
    scheduler.start()
    try:
        await stop.wait()
    finally:
        if config is not None:
            asyncio.get_running_loop().remove_signal_handler(signal.SIGHUP)
        log.info("stopping", hint="finishing what is in hand")
        for job in scheduler.get_jobs():
            if job.id != "leases":  # what is in hand stays ours while it is finished
                job.remove()
        if app.websub is not None:
            await app.websub.aclose()
        await drain(app)
        scheduler.shutdown(wait=False)


def _hung_up(stop: asyncio.Event, reload: Callable[[], None]) -> Callable[[], None]:
    """Return what SIGHUP does: reload, but for a daemon whose terminal was closed, which stops."""
    attached = sys.stdin is not None and sys.stdin.isatty()

    def hung_up() -> None:
        if attached and not sys.stdin.isatty():
            stop.set()
        else:
            reload()

    return hung_up


async def run_once(app: App, stop: asyncio.Event | None = None) -> None:
    """Poll every feed once, assess and deliver what came of it, and return (for cron).

    With `stop` set meanwhile, finish what is in hand and return; the next run goes on from there.
    """
    work = asyncio.create_task(_once(app))
    if stop is not None:
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait({work, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if not work.done():
            work.cancel()
            await drain(app)
            await asyncio.wait({work})
            return
    await work


async def drain(app: App) -> None:
    """Start nothing new; let polls, findings and messages in hand finish within their time."""
    await asyncio.gather(
        app.runner.stop(),
        app.poll.drain(POLLS_MAY_FINISH_IN),
        app.assess.drain(FINDINGS_MAY_FINISH_IN),
        app.dispatch.drain(MESSAGES_MAY_FINISH_IN),
    )


async def _once(app: App) -> None:
    await app.runner.once()
    await app.runner.alone("digest", app.digest.run_due)()
    await app.runner.send_all()


def _note(pulse: Pulse, name: str, clock: Callable[[], datetime], *, well: bool) -> None:
    if well:
        pulse.done(name, clock())
    else:
        pulse.failed(name)


def _heartbeat(
    clock: Callable[[], datetime], ping: Callable[[], Awaitable[None]], pulse: Pulse
) -> Callable[[], Awaitable[None]]:
    """Return what gives a sign of life, while every station works."""

    async def tick() -> None:
        if stopped := pulse.stopped(clock()):
            log.warning("no heartbeat is sent", stations_that_do_not_work=stopped)
            return
        try:
            await ping()
        except DeliveryError as error:
            log.warning("heartbeat was not taken", error=str(error))

    return tick


def _guarded(
    name: str, tick: Callable[[], Awaitable[object]], note: Callable[..., None] = lambda *, well: None
) -> Callable[[], Awaitable[None]]:
    """Keep a tick's failure from being silent or final: say it once, try again at the next tick."""
    last: str | None = None

    async def guarded() -> None:
        nonlocal last
        told, last = last, None
        try:
            await tick()
        except StorageError as error:
            last = str(error)
            note(well=False)
            if last != told:
                log.error("storage fails, nothing is lost, trying again", station=name, error=last)
        except Exception as error:  # the scheduler would keep it to itself
            last = repr(error)
            note(well=False)
            if last != told:
                log.exception("station fails, trying again", station=name)
        else:
            note(well=True)
            if told is not None:
                log.info("works again", station=name)

    return guarded
