"""Stored items through a config, in a store of its own, with the clock of then; nothing is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from claimwatch import app
from claimwatch.assess import SUMMARY_WAITS, AssessStation
from claimwatch.cli.replay_difference import Difference, Side, difference, side
from claimwatch.config import Settings
from claimwatch.core.ledger import ONE_DEVELOPMENT
from claimwatch.core.matching import TopicIndex
from claimwatch.protocols import Judge
from claimwatch.storage.assessing import SqlAssessStore
from claimwatch.storage.database import Database
from claimwatch.storage.digesting import SqlDigestStore
from claimwatch.storage.life import SqlLives
from claimwatch.storage.past import PastItem, SqlPast, bring


@dataclass(slots=True)
class _Clock:
    now: datetime


class Replay:
    """Runs items of the past through `settings`. The same store and settings give the same answer."""

    def __init__(self, settings: Settings, judge: Judge, before: Database) -> None:
        self._settings = settings
        self._judge = judge
        self._before = before
        self._past = SqlPast(before)
        self._index = TopicIndex(settings.topics, settings.aliases)

    def compare(self, *, since: datetime, tick: Callable[[], None] = lambda: None) -> Difference:
        """Return what differs for items that came since then.

        A week before it is run through as well, so that what was told then makes nothing of it news again.
        """
        window = [past.id for past in self._past.items(since=since)]
        before = self._side(self._before, since, window)
        with self._store() as database:
            on_topic = self._run(database, since, tick)
            now = self._side(database, since, window)
            lost = before.at_once.keys() - now.at_once.keys()
            gates = {item: _gate(database, item) for item in lost & on_topic}
        return difference(len(window), before, now, gates)

    def _side(self, database: Database, since: datetime, window: Sequence[int]) -> Side:
        past = SqlPast(database)
        told = SqlDigestStore(database, self._settings.claims).period(since, app.now())
        return side(
            past.alerts(since=since), window,
            stories=past.stories(since=since), counted=len(told.counted), moved=past.moved(since=since),
        )  # fmt: skip

    @contextmanager
    def _store(self) -> Iterator[Database]:
        with TemporaryDirectory(prefix="claimwatch-replay-") as folder:
            database = Database(Path(folder) / "replay.db")
            try:
                yield database
            finally:
                database.close()

    def _run(self, database: Database, since: datetime, tick: Callable[[], None]) -> set[int]:
        """Run the items through a database of their own; return those on a topic."""
        ledger = SqlAssessStore(database)
        clock = _Clock(since - ONE_DEVELOPMENT)
        ledger.register(self._settings.claims, now=clock.now)
        station = AssessStation(
            store=ledger,
            judge=self._judge,
            topics=self._settings.topics,
            claims=self._settings.claims,
            feeds=self._settings.feeds,
            routes=self._settings.routes,
            addresses={},
            zone=ZoneInfo(self._settings.timezone),
            clock=lambda: clock.now,
        )
        on_topic: set[int] = set()
        for past in self._past.items(since=clock.now):
            matches = self._index.match(past.item)
            if past.first_seen_at >= since:
                tick()
            if not matches:
                continue
            self._sum_up(station, ledger, clock, until=past.first_seen_at)
            clock.now = max(clock.now, past.first_seen_at)
            bring(database, past, matches, self._mode(past))
            on_topic.add(past.id)
            for matched in ledger.take_live(limit=50):
                station.assess_item(matched)
        self._sum_up(station, ledger, clock, until=None)
        return on_topic

    def _mode(self, past: PastItem) -> str:
        """Return how the item may alert, as its poll decided it."""
        at = past.item.published_at or past.item.updated_at
        young = at is None or past.first_seen_at - at <= self._settings.limits.first_poll
        return "live" if not past.first_poll else "young" if young else "old"

    def _sum_up(
        self, station: AssessStation, ledger: SqlAssessStore, clock: _Clock, *, until: datetime | None
    ) -> None:
        """Make the summaries of first polls whose time has come before `until`."""
        for topic, waits_since in sorted(ledger.young_topics().items()):
            due = waits_since + SUMMARY_WAITS
            if until is None or due <= until:
                clock.now = max(clock.now, due)
                station.assess_first_polls(topic)


def _gate(database: Database, item: int) -> str:
    """Return what stopped an item on a topic, in words."""
    life = SqlLives(database).life(item)
    return (life.matched[0].gate or "") if life and life.matched else ""
