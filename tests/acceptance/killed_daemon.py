"""A real daemon that dies by SIGKILL at a named point.

`python -m tests.acceptance.killed_daemon CONFIG POINT`, where a point is "before STEP" or "after STEP": every
place where the way of an item changes something outside the process.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from claimwatch.channels.email import EmailChannel
from claimwatch.cli.main import main
from claimwatch.feeds.http import HttpFetcher
from claimwatch.feeds.pool import ParserPool
from claimwatch.storage.assessing import SqlAssessStore
from claimwatch.storage.delivering import SqlDispatchStore
from claimwatch.storage.polling import SqlPollStore

STEPS: dict[str, tuple[type, str]] = {
    "take feeds": (SqlPollStore, "take_due"),
    "fetch": (HttpFetcher, "fetch"),
    "parse": (ParserPool, "parse"),
    "look up known items": (SqlPollStore, "known"),
    "commit poll": (SqlPollStore, "commit"),
    "take matched": (SqlAssessStore, "take_live"),
    "commit findings": (SqlAssessStore, "commit"),
    "take deliveries": (SqlDispatchStore, "take_due"),
    "store message": (SqlDispatchStore, "store_message"),
    "send": (EmailChannel, "send"),
    "commit sent": (SqlDispatchStore, "commit_sent"),
}
POINTS = [
    "after take feeds",
    "after fetch",
    "after parse",
    "before commit poll",
    "after commit poll",
    "after take matched",
    "before commit findings",
    "after commit findings",
    "after take deliveries",
    "before store message",
    "after store message",
    "after send",
    "after commit sent",
]


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def arm(point: str) -> None:
    """Let the process die at the first call that has something in hand."""
    when, step = point.split(" ", 1)
    owner, name = STEPS[step]
    original: Callable[..., Any] = getattr(owner, name)

    if name in ("fetch", "parse", "send"):

        async def awaited(*args: Any, **named: Any) -> Any:
            if when == "before":
                die()
            result = await original(*args, **named)
            die()
            return result

        setattr(owner, name, awaited)
        return

    def called(*args: Any, **named: Any) -> Any:
        if when == "before" and not name.startswith("take"):
            die()
        result = original(*args, **named)
        if result or not name.startswith("take"):
            die()
        return result

    setattr(owner, name, called)


if __name__ == "__main__":
    arm(sys.argv[2])
    main(["run", "--config", sys.argv[1]])
