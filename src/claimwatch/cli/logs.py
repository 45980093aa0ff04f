"""The log: events with fields on standard error, readable on a terminal, JSON Lines on request."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any

import structlog

Event = MutableMapping[str, Any]
REHEARSED = "rehearsed"  # bound while a config's tests are run

# libraries that print feed text, addresses with tokens, or one line a request
QUIET = ("httpx", "httpcore", "apscheduler", "apprise", "urllib3", "requests", "asyncio", "alembic")


def set_up_logs(*, verbose: bool = False, as_json: bool = False) -> None:
    """Send structlog's events to standard error; `verbose` adds every decision."""
    renderer: Any
    traceback: Any = structlog.processors.format_exc_info if as_json else _keep
    if as_json:
        renderer = structlog.processors.JSONRenderer(ensure_ascii=False)
    else:
        renderer = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=10)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            drop_rehearsed,
            structlog.processors.TimeStamper(fmt="%H:%M:%S" if not as_json else "iso", utc=as_json),
            _one_line,
            traceback,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG if verbose else logging.INFO),
        logger_factory=_StandardError,
        cache_logger_on_first_use=False,
    )
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


class _StandardError:
    """Writes lines where standard error is at that moment; that nobody reads it there stops no station."""

    def __init__(self, *_: Any) -> None:
        pass

    def msg(self, line: str) -> None:
        # a pipe whose reader ended (`claimwatch run 2>&1 | head`), a terminal that was closed
        with suppress(OSError, ValueError):
            sys.stderr.write(line + "\n")
            sys.stderr.flush()

    debug = info = warning = warn = error = critical = exception = fatal = log = msg


def silence_logs() -> None:
    """Log nothing but errors, where alerts are to be read on the same screen."""
    set_up_logs()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))


def _one_line(_: Any, __: str, event: Event) -> Event:
    """Feed text cannot forge a log line or colour it: control characters are shown escaped."""
    for key, value in event.items():
        if isinstance(value, str) and not value.isprintable() and key != "exception":
            event[key] = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in value)
    return event


def drop_rehearsed(_: Any, level: str, event: Event) -> Event:
    """What a config's tests decide is no decision of the daemon's; errors are told."""
    if event.pop(REHEARSED, False) and level not in ("error", "critical", "exception"):
        raise structlog.DropEvent
    return event


def _keep(_: Any, __: str, event: Event) -> Event:
    return event
