"""Polls that are stored together."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime

import pytest

from claimwatch.core.model import PollState
from claimwatch.core.work import PollOutcome
from claimwatch.errors import StorageError
from claimwatch.poll.group_commit import GroupCommit

NOW = datetime(2026, 7, 14, 8, tzinfo=UTC)


class Store:
    """Keeps what is committed, one group a list; refuses groups with a feed called "bad"."""

    def __init__(self) -> None:
        self.groups: list[list[str]] = []
        self.gate = threading.Event()

    def commit(self, *outcomes: PollOutcome, now: datetime) -> None:
        self.gate.wait(5)
        names = [outcome.state.feed for outcome in outcomes]
        if "bad" in names:
            raise StorageError("disk full")
        self.groups.append(names)


def outcome(name: str) -> PollOutcome:
    return PollOutcome(PollState(name, NOW))


async def test_what_ends_while_another_is_being_stored_shares_one_transaction() -> None:
    store = Store()
    commits = GroupCommit(store, lambda: NOW)  # type: ignore[arg-type]
    first = asyncio.create_task(commits.commit(outcome("a")))
    await asyncio.sleep(0.01)
    others = [asyncio.create_task(commits.commit(outcome(name))) for name in "bcd"]
    await asyncio.sleep(0)
    assert not first.done()
    store.gate.set()
    await asyncio.gather(first, *others)
    assert store.groups == [["a"], ["b", "c", "d"]]


async def test_one_that_cannot_be_stored_costs_no_other() -> None:
    store = Store()
    store.gate.set()
    commits = GroupCommit(store, lambda: NOW)  # type: ignore[arg-type]
    bad, *good = (asyncio.create_task(commits.commit(outcome(name))) for name in ("bad", "a", "b"))
    await asyncio.gather(*good)
    with pytest.raises(StorageError, match="disk full"):
        await bad
    assert store.groups == [["a"], ["b"]]


async def test_a_poll_that_is_let_go_of_while_it_is_stored_is_stored_all_the_same() -> None:
    store = Store()
    commits = GroupCommit(store, lambda: NOW)  # type: ignore[arg-type]
    task = asyncio.create_task(commits.commit(outcome("a")))
    await asyncio.sleep(0.01)
    task.cancel()
    store.gate.set()
    await commits.idle()
    assert store.groups == [["a"]]
