"""A contradiction nobody acknowledged is told again, and no more once somebody said a word."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from claimwatch.core.model import Route
from claimwatch.digest import DigestStation
from claimwatch.storage.digesting import SqlDigestStore
from tests.stations.stage import CLAIMS, HOUR, Stage, news
from tests.stations.test_corrections import judge
from tests.stations.test_mutes import mute

DENIED = "Avaria denies sending soldiers - Avaria"
TOLD = f"CONTRADICTS: {DENIED}"


def reminding(stage: Stage) -> DigestStation:
    stage.routes = [Route("all", ("desk",), remind=True), Route("other", ("boss",))]
    stage.die()
    return DigestStation(
        store=SqlDigestStore(stage.database, CLAIMS), routes=stage.routes, addresses={},
        zone=ZoneInfo("UTC"), clock=stage.clock,
    )  # fmt: skip


async def test_reminders_come_until_somebody_says_that_they_saw_it(stage: Stage) -> None:
    station = reminding(stage)
    await stage.begin()
    await stage.round(a=[news(DENIED), news("soldiers leave")])
    made = []
    for _ in range(14):  # 7 hours, every half hour; and asked twice each time
        stage.clock.move(timedelta(minutes=30))
        made.append(await station.run_due() + await station.run_due())
        await stage.tell()
    assert [n + 1 for n, count in enumerate(made) if count] == [1, 4, 12]
    assert stage.desk.count(TOLD) == 4
    assert stage.boxes["boss"].lines.count(TOLD) == 1
    judge(stage, "ack")
    stage.clock.move(48 * HOUR)
    assert await station.run_due() == 0


async def test_what_is_judged_or_muted_is_not_reminded_of(stage: Stage) -> None:
    station = reminding(stage)
    await stage.begin()
    await stage.round(a=[news(DENIED)])
    mute(stage, "t-5k", hours=2)
    stage.clock.move(HOUR)
    assert await station.run_due() == 0
    stage.clock.move(2 * HOUR)
    assert await station.run_due() == 1
    judge(stage, "right")
    stage.clock.move(24 * HOUR)
    assert await station.run_due() == 0
