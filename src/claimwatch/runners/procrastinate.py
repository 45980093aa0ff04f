"""The runner of several machines: Procrastinate, a queue on the same PostgreSQL, shares the units out.

A scheduler says which hosts, topics and receivers have something due; workers do it. Both may run in one
process, and any number of either side by side.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

import procrastinate
import structlog
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Job, Status
from procrastinate.worker import Worker

from claimwatch.errors import StorageError
from claimwatch.protocols import DueWork, Tick
from claimwatch.runners.leased import BEAT, LeasedUnits, Leases

log = structlog.get_logger("claimwatch.runner")

STATIONS = ("poll", "assess", "dispatch")
EVERY = timedelta(seconds=1)
REAP_EVERY = timedelta(seconds=10)
STALLED = 28.0  # s: jobs of a worker that gave no sign for so long are swept away
WAIT_FOR_DATABASE = 1.0  # s
DRAIN = 7.0  # s
A_BATCH = 500
_HAS_QUEUE = "SELECT to_regclass('procrastinate_jobs') IS NOT NULL AS there"
_QUEUED = """SELECT queueing_lock AS name FROM procrastinate_jobs
    WHERE status = 'todo' AND queueing_lock = ANY(%(names)s)"""


class ProcrastinateRunner:
    """Schedules, works, or both. Use as an async context; raises StorageError when the queue cannot be had."""

    def __init__(
        self,
        url: str,
        *,
        units: LeasedUnits,
        leases: Leases,
        due: DueWork,
        schedules: bool,
        stations: Collection[str],
        concurrency: int,
        presence: str,
    ) -> None:
        self._units, self._leases, self._due = units, leases, due
        self._schedules = schedules
        self._presence = presence
        self._queues = [name for name in STATIONS if name in stations]
        self._concurrency = concurrency
        self._connector = procrastinate.PsycopgConnector(
            conninfo=url, min_size=1, max_size=concurrency + 4, timeout=10.0
        )
        self._app = procrastinate.App(connector=self._connector)
        for name in STATIONS:
            self._app.task(name=name, queue=name)(self._task(name))
        self._worker: Worker | None = None
        self._working: asyncio.Task[None] | None = None
        self._stopping = False

    async def __aenter__(self) -> ProcrastinateRunner:
        # what happens to a job is told by the stations; the pool's complaints are told once, by us
        for name in ("procrastinate", "psycopg.pool"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        try:
            await self._app.open_async()
            await self._make_queue()
        except ConnectorException as error:
            raise StorageError(f"the queue cannot be opened: {error.__cause__ or error}") from error
        await self._leases.show(self._presence)
        if self._queues:
            self._working = asyncio.create_task(self._work(), name="worker")
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()
        with suppress(StorageError):
            await self._leases.hide(self._presence)
        await self._app.close_async()

    def ticks(self) -> list[Tick]:
        """Return what is to be called again and again."""
        scheduling: list[Tick] = [("schedule", EVERY, self._nudge)] if self._schedules else []
        return [*scheduling, ("leases", BEAT, self._beat), ("reap", REAP_EVERY, self._reap)]

    def alone(self, name: str, work: Callable[[], Awaitable[object]]) -> Callable[[], Awaitable[object]]:
        """Return work that only one process may do at a time: the others leave it to that one."""

        async def guarded() -> None:
            async with self._leases.hold([name]) as ours:
                if ours:
                    await work()

        return guarded

    async def once(self) -> None:
        """Poll every feed once and assess what came of it, beside whoever else works."""
        await asyncio.gather(*(self._units.poll(host, early=True) for host in self._due.hosts()))
        while topics := await asyncio.to_thread(self._due.topics):
            before = topics
            for topic in topics:
                await self._units.assess(topic)
            if await asyncio.to_thread(self._due.topics) == before:
                return

    async def send_all(self) -> None:
        """Deliver what waits, also what waits for company."""
        for receiver in await asyncio.to_thread(self._due.receivers, hurry=True):
            await self._units.dispatch(receiver, hurry=True)

    async def stop(self) -> None:
        """Take no new work; wait for what is in hand."""
        self._stopping = True
        if self._worker is not None:
            self._worker.stop()  # type: ignore[no-untyped-call]
        if self._working is not None:
            working, self._working = self._working, None
            await asyncio.wait([working], timeout=DRAIN + 1)
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)

    async def _beat(self) -> None:
        await self._leases.renew()
        await self._leases.show(self._presence)

    # ------------------------------------------------------------ scheduling

    async def _nudge(self) -> None:
        """Queue a job for each host, topic and receiver with something due, unless one waits already."""
        due = await asyncio.to_thread(self._due.due)
        jobs = {
            f"{station} {name}": (station, name)
            for station, names in zip(STATIONS, due, strict=True)
            for name in names
        }
        try:
            queued = await self._connector.execute_query_all_async(_QUEUED, names=list(jobs))
            for row in queued:
                jobs.pop(row["name"], None)
            await self._defer(list(jobs.items()))
        except ConnectorException as error:
            raise StorageError(f"the queue cannot be written: {error.__cause__ or error}") from error

    async def _defer(self, jobs: Sequence[tuple[str, tuple[str, str]]]) -> None:
        for start in range(0, len(jobs), A_BATCH):
            some = jobs[start : start + A_BATCH]
            try:
                await self._app.job_manager.batch_defer_jobs_async([_job(*each) for each in some])
            except AlreadyEnqueued:  # another scheduler was quicker with some of them
                for each in some:
                    try:
                        await self._app.job_manager.defer_job_async(_job(*each))
                    except AlreadyEnqueued:
                        continue

    async def _reap(self) -> None:
        """Sweep away the jobs of workers that died: what they left is due again when its lease ends."""
        manager = self._app.job_manager
        try:
            await manager.prune_stalled_workers(STALLED)
            for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED):
                await manager.finish_job(job, Status.FAILED, delete_job=True)
                log.info("work of a dead worker is taken over", station=job.queue, of=job.task_kwargs)
        except ConnectorException as error:
            raise StorageError(f"the queue cannot be read: {error.__cause__ or error}") from error

    # ------------------------------------------------------------ working

    async def _work(self) -> None:
        away = False
        while not self._stopping:
            worker = Worker(
                self._app, queues=self._queues, concurrency=self._concurrency, install_signal_handlers=False,
                delete_jobs="always", shutdown_graceful_timeout=DRAIN, update_heartbeat_interval=BEAT.total_seconds(),
                stalled_worker_timeout=STALLED, fetch_job_polling_interval=2.0,
            )  # fmt: skip
            self._worker = worker
            registered: int | None = None
            try:
                run = asyncio.create_task(worker.run())  # type: ignore[no-untyped-call]
                await asyncio.sleep(0)
                await asyncio.shield(run)
                lost = not self._stopping
                registered = worker.worker_id
            except asyncio.CancelledError:
                worker.stop()  # type: ignore[no-untyped-call]
                raise
            except Exception as error:  # noqa: BLE001 - whatever ends the engine, the work goes on
                lost, registered = True, worker.worker_id
                log.debug("worker ended", error=repr(error))
            if not lost:
                return
            if not away:
                log.error("the database is away; what is in hand is finished, the rest waits")
            away = True
            while not self._stopping:
                await asyncio.sleep(WAIT_FOR_DATABASE)
                try:
                    await self._app.job_manager.check_connection_async()
                    if registered is not None:  # what it had in hand need not wait to be found stalled
                        await self._app.job_manager.unregister_worker(registered)
                except ConnectorException:
                    continue
                log.info("the database is back")
                away = False
                break

    def _task(self, station: str) -> Callable[[str], Awaitable[None]]:
        unit: Callable[[str], Awaitable[None]] = getattr(self._units, station)

        async def task(name: str) -> None:
            try:
                await unit(name)
            except StorageError as error:
                log.error(
                    "storage fails, nothing is lost, trying again", station=station, of=name, error=str(error)
                )
            except Exception:
                log.exception("unit fails, trying again", station=station, of=name)

        return task

    async def _make_queue(self) -> None:
        """Make the queue's own tables where they are missing; several processes may start at once."""
        row: dict[str, Any] = await self._connector.execute_query_one_async(_HAS_QUEUE)
        if row["there"]:
            return
        try:
            await self._app.schema_manager.apply_schema_async()
        except ConnectorException:
            row = await self._connector.execute_query_one_async(_HAS_QUEUE)
            if not row["there"]:  # another process was not quicker: it is a failure
                raise


def _job(lock: str, unit: tuple[str, str]) -> Job:
    station, name = unit
    return Job(
        id=None, queue=station, lock=lock, queueing_lock=lock, task_name=station, task_kwargs={"name": name}
    )
