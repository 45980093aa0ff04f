from __future__ import annotations

import asyncio
import os
import signal

from structlog.testing import capture_logs

from claimwatch.daemon import _guarded, stop_on_signals
from claimwatch.errors import StorageError


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


async def test_sigterm_and_ctrl_c_ask_for_a_stop_and_are_our_own_only_for_a_while() -> None:
    before = signal.getsignal(signal.SIGTERM)
    for number in (signal.SIGTERM, signal.SIGINT):
        with stop_on_signals() as stop:
            os.kill(os.getpid(), number)
            await asyncio.wait_for(stop.wait(), 5)
    assert signal.getsignal(signal.SIGTERM) is before
