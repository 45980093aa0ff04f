"""Whether the stations still work: each must have finished a round lately, and not failed in it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

ROUND = timedelta(minutes=5)  # a round of seconds that takes this long is taken for stuck


class Pulse:
    """The last round of each station that is watched; others are not looked at."""

    def __init__(self, stations: Iterable[str], since: datetime) -> None:
        self._done = dict.fromkeys(stations, since)
        self._failing: set[str] = set()

    def done(self, station: str, at: datetime) -> None:
        """Note a round that went well."""
        if station in self._done:
            self._done[station] = at
            self._failing.discard(station)

    def failed(self, station: str) -> None:
        """Note a round that failed."""
        self._failing.add(station)

    def stopped(self, now: datetime) -> tuple[str, ...]:
        """Return the stations that do not work: their last round failed, or has not ended."""
        return tuple(name for name, at in self._done.items() if name in self._failing or now - at > ROUND)
