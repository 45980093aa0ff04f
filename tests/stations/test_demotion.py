"""A route and relation that are wrong too often come once a day, and say so once."""

from __future__ import annotations

from claimwatch.core.model import Relation, Route
from claimwatch.storage.demoting import SqlDemotionStore
from tests.stations.stage import HOUR, Stage, news
from tests.stations.test_corrections import judge

NOTICE = "claimwatch: NEW on route now now comes once a day"


async def told(stage: Stage, *titles: str) -> list[str]:
    before = len(stage.desk)
    await stage.round(a=[news(title, at=stage.clock()) for title in titles])
    return [line for line in stage.desk[before:] if not line.startswith("CORRECTION") and NOTICE not in line]


async def test_what_is_often_wrong_comes_once_a_day_until_somebody_promotes_it(stage: Stage) -> None:
    stage.routes = [
        Route("now", ("desk",), wake=(Relation.NEW,)),
        Route("boss", ("boss",), topics=("ports",)),
    ]
    stage.die()
    await stage.begin()
    for n in range(6):
        title = f"soldiers of kind {n} leave"
        assert await told(stage, title) == [f"NEW: {title}"]
        judge(stage, "wrong", title)
        stage.clock.move(HOUR / 2)
    await stage.tell()
    assert sum(NOTICE in line for line in stage.desk) == 1
    assert stage.boxes["boss"].lines == []

    assert await told(stage, "soldiers march", "soldiers rest") == []  # also what would wake
    denial = "Avaria denies sending soldiers"
    assert await told(stage, denial) == [f"CONTRADICTS: {denial}"]  # another relation
    judge(stage, "wrong", "soldiers march")
    await stage.tell()
    assert sum(NOTICE in line for line in stage.desk) == 1
    stage.clock.move(24 * HOUR)
    await stage.tell()
    assert stage.desk[-1] == "NEW: soldiers rest"

    assert SqlDemotionStore(stage.database).lift("now", Relation.NEW, "x", stage.clock())
    assert not SqlDemotionStore(stage.database).lift("now", Relation.NEW, "x", stage.clock())
    assert await told(stage, "soldiers sing") == ["NEW: soldiers sing"]
    judge(stage, "wrong", "soldiers sing")  # counted anew since then
    stage.clock.move(HOUR)
    assert await told(stage, "soldiers sleep") == ["NEW: soldiers sleep"]
