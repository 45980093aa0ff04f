"""Feeds that were taken and wait until their host may be asked: a slow host holds up its own feeds only."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection

from claimwatch.core.model import Feed, PollState
from claimwatch.core.pacing import HELD, host_pace

Host = tuple[str, bool]  # name, and whether it is one's own


def host_of(feed: Feed) -> Host:
    """Return what feeds that are asked one after the other share."""
    return feed.host, feed.private


class HostQueue:
    """At most so many polls of one host are in hand, as many as its pace allows at once.

    A poll that takes long gives its place away, as it does in the fetcher.
    """

    def __init__(self) -> None:
        self._waiting: dict[Host, deque[tuple[Feed, PollState]]] = {}
        self._begun: dict[Host, dict[str, float]] = {}  # feeds in hand, with the second they began

    def add(self, feed: Feed, state: PollState) -> None:
        """Have a feed wait for its host."""
        self._waiting.setdefault(host_of(feed), deque()).append((feed, state))

    @property
    def hosts(self) -> Collection[Host]:
        """The hosts that feeds wait for."""
        return self._waiting.keys()

    @property
    def names(self) -> set[str]:
        """The feeds that wait."""
        return {feed.name for waiting in self._waiting.values() for feed, _ in waiting}

    def begin(self, now: float) -> tuple[Feed, PollState] | None:
        """Return a feed whose host may be asked at `now` (seconds), the longest waiting first, or None."""
        for host, waiting in self._waiting.items():
            begun = self._begun.get(host, {})
            if sum(now - since < HELD for since in begun.values()) < host_pace(waiting[0][0]).at_once:
                chosen = waiting.popleft()
                self._begun.setdefault(host, {})[chosen[0].name] = now
                if not waiting:
                    del self._waiting[host]
                return chosen
        return None

    def end(self, feed: Feed) -> None:
        """Note that the poll of this feed is done."""
        host = host_of(feed)
        begun = self._begun.get(host, {})
        begun.pop(feed.name, None)
        if not begun:
            self._begun.pop(host, None)

    def __len__(self) -> int:
        return sum(map(len, self._waiting.values()))
