"""Quiet hours, limits and digests, through real storage and a fake clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from claimwatch.core.alert_codes import coded
from claimwatch.core.model import NO_THREAD, Alert, Band, Match, Receipt, Relation, Report, Route, Thread
from claimwatch.core.routing import route
from claimwatch.core.wording import read
from claimwatch.core.wording_text import mail_text
from claimwatch.core.work import Findings
from claimwatch.digest import DigestStation
from claimwatch.dispatch import DispatchStation
from claimwatch.storage.assessing import SqlAssessStore
from claimwatch.storage.database import Database
from claimwatch.storage.delivering import SqlDispatchStore
from claimwatch.storage.digesting import SqlDigestStore

PARIS = ZoneInfo("Europe/Paris")
NIGHT = datetime(2026, 7, 10, 23, 0, tzinfo=PARIS)


class Noted:
    """A channel that keeps the text of what it was handed."""

    place = ""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def word(self, alert: Alert, *, key: str, thread: Thread = NO_THREAD) -> bytes:
        return mail_text(read(alert, PARIS), "desk").encode()

    async def send(self, message: bytes, *, key: str) -> Receipt:
        self.sent.append(" ".join(message.decode().split()))
        return Receipt("ok")

    async def close(self) -> None:
        pass


class Desk:
    """One receiver behind real storage; time stands still until it is moved."""

    def __init__(self, path: Path, *routes: Route) -> None:
        self.database = Database(path)
        self.ledger = SqlAssessStore(self.database)
        self.channel = Noted()
        self.routes = routes
        self.now = NIGHT.astimezone(UTC)
        self.dispatch = DispatchStation(
            store=SqlDispatchStore(self.database), channels={"desk": self.channel}, clock=lambda: self.now
        )
        self.digest = DigestStation(
            store=SqlDigestStore(self.database, ()),
            routes=routes,
            addresses={},
            zone=PARIS,
            clock=lambda: self.now,
        )
        self.number = 0

    def raise_alert(self, relation: Relation = Relation.NEW) -> str:
        self.number += 1
        title = f"Title number {self.number}"
        alert = coded(
            Alert(
                f"{self.number:020x}", "", relation, "first", "t", "Topic", Report(title, "Outlet"), self.now,
                match=Match("t", 0.9, Band.STRONG, ()),
            )
        )  # fmt: skip
        sent = self.ledger.sent_since(self.now - timedelta(hours=23))
        deliveries = route(alert, self.routes, {}, zone=PARIS, sent_today=sent)
        self.ledger.commit(Findings((), ((alert, deliveries),)), now=self.now)
        return title

    async def tick(self, forward: timedelta = timedelta(0)) -> list[str]:
        """Move time on, run the stations, return what was sent."""
        self.now += forward
        self.channel.sent.clear()
        await self.digest.run_due()
        await self.dispatch.start_due()
        await self.dispatch.idle()
        return list(self.channel.sent)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    opened: list[Desk] = []

    def make(*routes: Route) -> Desk:
        opened.append(Desk(tmp_path / "db", *routes))
        return opened[-1]

    yield make
    for each in opened:
        each.database.close()


async def test_quiet_hours_end_in_one_message_with_all_that_was_held(desk: Callable[..., Desk]) -> None:
    night = desk(Route("r", ("desk",), quiet="22:30-06:30"))
    titles = [night.raise_alert() for _ in range(3)]
    assert await night.tick() == []
    assert await night.tick(timedelta(hours=7)) == []
    (morning,) = await night.tick(timedelta(minutes=31))
    assert all(title in morning for title in titles)
    assert await night.tick(timedelta(hours=30)) == []


async def test_a_single_held_alert_comes_as_itself(desk: Callable[..., Desk]) -> None:
    night = desk(Route("r", ("desk",), quiet="22:30-06:30"))
    title = night.raise_alert()
    (morning,) = await night.tick(timedelta(hours=8))
    assert morning.startswith(f"NEW: {title}")


async def test_what_wakes_is_told_at_once(desk: Callable[..., Desk]) -> None:
    wake = (Relation.CONTRADICTS,)
    night = desk(Route("r", ("desk",), quiet="22:30-06:30", limit=0, wake=wake))
    night.raise_alert()
    title = night.raise_alert(Relation.CONTRADICTS)
    (told,) = await night.tick()
    assert title in told


async def test_a_limit_holds_and_never_drops(desk: Callable[..., Desk]) -> None:
    day = desk(Route("r", ("desk",), limit=2))
    titles = [day.raise_alert() for _ in range(5)]
    assert len(await day.tick()) == 2
    (rest,) = await day.tick(timedelta(hours=1, minutes=1))  # past midnight
    assert all(title in rest for title in titles[2:])


async def test_a_digest_comes_once_at_its_time_also_when_nothing_happened(desk: Callable[..., Desk]) -> None:
    daily = desk(Route("daily", ("desk",), digest="07:00"))
    assert await daily.tick() == []
    title = daily.raise_alert()
    assert await daily.tick(timedelta(hours=7)) == []
    (first,) = await daily.tick(timedelta(hours=1))
    assert title in first
    assert await daily.tick(timedelta(hours=20)) == []
    (second,) = await daily.tick(timedelta(hours=4))
    assert title not in second
    assert "nothing moved" in second


async def test_a_digest_missed_while_nothing_ran_covers_the_whole_gap(desk: Callable[..., Desk]) -> None:
    daily = desk(Route("daily", ("desk",), digest="07:00"))
    await daily.tick()
    title = daily.raise_alert()
    (late,) = await daily.tick(timedelta(days=3))
    assert title in late
