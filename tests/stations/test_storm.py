"""Many stories an hour on one topic: the first come one by one, the others in one message an hour."""

from __future__ import annotations

from datetime import timedelta

from claimwatch.core.model import Relation, Route
from tests.stations.stage import HOUR, Stage, news


async def test_a_storm_is_told_in_one_message_an_hour_and_loses_nothing(stage: Stage) -> None:
    stage.routes = [Route("all", ("desk",), storm=10, wake=(Relation.CONTRADICTS,))]
    stage.die()
    await stage.begin()
    stage.clock.move(timedelta(minutes=5))
    titles = [f"soldiers at place number {n}" for n in range(25)]
    await stage.round(a=[news(title, at=stage.clock()) for title in titles])
    assert stage.desk == [f"NEW: {title}" for title in titles[:10]]

    await stage.round(
        b=[news("a port opens", at=stage.clock()), news("Avaria denies soldiers", at=stage.clock())]
    )
    assert stage.desk[10:] == ["NEW: a port opens", "CONTRADICTS: Avaria denies soldiers"]

    stage.clock.move(timedelta(minutes=54))
    await stage.tell()
    assert len(stage.desk) == 12
    stage.clock.move(timedelta(minutes=1))
    await stage.tell()
    assert len(stage.desk) == 13
    assert all(title in stage.desk[12] for title in titles[10:])
    assert any(s.alert.reason == "storm" for s in stage.alerts())

    stage.clock.move(HOUR)
    await stage.round(c=[news("soldiers rest", at=stage.clock())])
    assert stage.desk[13:] == ["NEW: soldiers rest"]


async def test_without_the_setting_every_alert_comes_at_once(stage: Stage) -> None:
    await stage.begin()
    await stage.round(a=[news(f"soldiers at place number {n}", at=stage.clock()) for n in range(25)])
    assert len(stage.desk) == 25
