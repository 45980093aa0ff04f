"""Stored items through a config, in a store of its own, with the clock of then; nothing is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from claimwatch.assess import SUMMARY_WAITS, AssessStation
from claimwatch.config import Settings
from claimwatch.core.ledger import ONE_DEVELOPMENT
from claimwatch.core.matching import TopicIndex
from claimwatch.core.model import Alert, Relation
from claimwatch.protocols import Judge
from claimwatch.storage.assessing import SqlAssessStore
from claimwatch.storage.database import Database
from claimwatch.storage.life import SqlLives
from claimwatch.storage.past import PastAlert, PastItem, SqlPast, bring

_OURS = (Relation.CONTRADICTS, Relation.UPDATES, Relation.CORROBORATES, Relation.NEW)


@dataclass(frozen=True, slots=True)
class Told:
    """An item that readers are told of: by which alert, how."""

    item: int
    code: str
    relation: Relation
    about: str  # the claim's short text, or the topic
    title: str
    judged: str | None = None
    why_lost: str = ""  # the gate that stops it now


@dataclass(frozen=True, slots=True)
class Difference:
    """What another config does to the same items."""

    items: int
    on_topic: tuple[int, int]  # before, now
    told: tuple[int, int]
    lost: tuple[Told, ...]  # those judged right first, those judged wrong last
    gained: tuple[Told, ...]
    changed: tuple[tuple[Told, Told], ...]

    @property
    def missed(self) -> tuple[Told, ...]:
        """What is lost and was not judged wrong."""
        return tuple(told for told in self.lost if told.judged != "wrong")


@dataclass(slots=True)
class _Clock:
    now: datetime


class Replay:
    """Runs items of the past through `settings`. The same store and settings give the same answer."""

    def __init__(self, settings: Settings, judge: Judge, past: SqlPast) -> None:
        self._settings = settings
        self._judge = judge
        self._past = past
        self._index = TopicIndex(settings.topics, settings.aliases)

    def compare(self, *, since: datetime, tick: Callable[[], None] = lambda: None) -> Difference:
        """Return what differs for items that came since then.

        A week before it is run through as well, so that what was told then makes nothing of it news again.
        """
        with self._store() as database:
            ours, on_topic, gates = self._run(database, since, tick)
        # what was told before is compared by item: in a summary or alone is the same
        before = _by_item(told for past in self._past.alerts(since=since) for told in _told(past))
        window = {past.id for past in self._past.items(since=since)}
        before = {item: told for item, told in before.items() if item in window}
        now = {item: told for item, told in ours.items() if item in window}
        lost = [
            Told(t.item, t.code, t.relation, t.about, t.title, t.judged, gates.get(item, "on no topic"))
            for item, t in before.items()
            if item not in now
        ]
        both = sorted(before.keys() & now.keys())
        return Difference(
            items=len(window),
            on_topic=(self._past.on_topic(since=since), len(on_topic & window)),
            told=(len(before), len(now)),
            lost=tuple(sorted(lost, key=lambda t: (_REGRET[t.judged], t.item))),
            gained=tuple(now[item] for item in sorted(now.keys() - before.keys())),
            changed=tuple(
                (before[i], now[i])
                for i in both
                if (before[i].relation, before[i].about) != (now[i].relation, now[i].about)
            ),
        )

    @contextmanager
    def _store(self) -> Iterator[Database]:
        with TemporaryDirectory(prefix="claimwatch-replay-") as folder:
            database = Database(Path(folder) / "replay.db")
            try:
                yield database
            finally:
                database.close()

    def _run(
        self, database: Database, since: datetime, tick: Callable[[], None]
    ) -> tuple[dict[int, Told], set[int], dict[int, str]]:
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
        raised = SqlPast(database).alerts(since=since)
        told = _by_item(one for past in raised for one in _told(past))
        lives = SqlLives(database)
        gates: dict[int, str] = {}
        for number in on_topic - told.keys():
            life = lives.life(number)
            gates[number] = (life.matched[0].gate or "") if life and life.matched else ""
        return told, on_topic, gates

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


_REGRET = {"right": 0, None: 1, "wrong": 2}


def _told(past: PastAlert) -> Iterator[Told]:
    alert = past.alert
    if alert.sections or alert.relation not in _OURS:  # a digest repeats, a correction takes back
        return
    if not alert.entries:
        if alert.report.item is not None:
            yield Told(
                alert.report.item, alert.code, alert.relation, _about(alert), alert.report.title, past.judged
            )
        return
    for entry in alert.entries:
        if entry.report.item is not None:
            about = entry.claim or alert.topic
            yield Told(entry.report.item, alert.code, entry.relation, about, entry.report.title, past.judged)


def _about(alert: Alert) -> str:
    return alert.claim.short if alert.claim else alert.topic


def _by_item(told: Iterable[Told]) -> dict[int, Told]:
    """Return the first telling of each item: bundles of what was held tell it again."""
    first: dict[int, Told] = {}
    for one in told:
        first.setdefault(one.item, one)
    return first
