from __future__ import annotations

import asyncio
import os
import signal
from functools import partial

from structlog.testing import capture_logs

from claimwatch.core.pulse import Pulse
from claimwatch.daemon import _guarded, _heartbeat, _note, stop_on_signals
from claimwatch.errors import DeliveryError, StorageError
from tests.stations.stage import HOUR, Clock


async def test_a_station_that_fails_is_told_once_tried_again_and_told_when_it_works() -> None:
    faults = iter([StorageError("disk full"), StorageError("disk full"), RuntimeError("a bug"), None, None])

    async def tick() -> None:
        if fault := next(faults):
            raise fault

    guarded = _guarded("assess", tick)
    with capture_logs() as logs:
        for _ in range(5):
            await guarded()
    assert [(e["log_level"], e["event"]) for e in logs] == [
        ("error", "storage fails, nothing is lost, trying again"),
        ("error", "station fails, trying again"),
        ("info", "works again"),
    ]


async def test_a_sign_of_life_is_given_only_while_all_stations_work() -> None:
    clock, pings = Clock(), []

    async def ping() -> None:
        pings.append(clock())
        if len(pings) == 2:
            raise DeliveryError("404")

    pulse = Pulse(("assess",), clock())
    tick = _heartbeat(clock, ping, pulse)
    faults = iter([None, StorageError("disk full"), None, None])

    async def work() -> None:
        if fault := next(faults):
            raise fault

    work_guarded = _guarded("assess", work, partial(_note, pulse, "assess", clock))
    with capture_logs() as logs:
        for _ in range(4):
            await work_guarded()
            await tick()
            clock.move(HOUR)
        assert len(pings) == 3  # not while the disk was full; one that was not taken stops nothing
        clock.move(HOUR)
        await tick()  # nothing has finished a round for an hour
    assert len(pings) == 3
    assert [e["event"] for e in logs if e["log_level"] == "warning"] == [
        "no heartbeat is sent",
        "heartbeat was not taken",
        "no heartbeat is sent",
    ]


async def test_sigterm_and_ctrl_c_ask_for_a_stop_and_are_our_own_only_for_a_while() -> None:
    before = signal.getsignal(signal.SIGTERM)
    for number in (signal.SIGTERM, signal.SIGINT):
        with stop_on_signals() as stop:
            os.kill(os.getpid(), number)
            await asyncio.wait_for(stop.wait(), 5)
    assert signal.getsignal(signal.SIGTERM) is before
