"""A feed that answers but brings nothing for much longer than is usual is named in the digest."""

from __future__ import annotations

from datetime import timedelta

from claimwatch.storage.digesting import SqlDigestStore
from tests.stations.stage import HOUR, Stage, news


async def test_a_feed_is_quiet_when_it_brings_nothing_for_many_of_its_usual_gaps(stage: Stage) -> None:
    for number in range(100):
        stage.clock.move(2 * HOUR)
        answers = {"a": [news(f"Weather {number}", at=stage.clock())]}
        if number % 20 == 0:  # a slow one: every 40 hours
            answers["b"] = [news(f"Weather of b {number}", at=stage.clock())]
        await stage.poll_all(**answers)  # type: ignore[arg-type]
    store = SqlDigestStore(stage.database, ())
    assert store.period(stage.clock() - 24 * HOUR, stage.clock()).quiet == ()
    stage.clock.move(timedelta(hours=31))
    await stage.poll_all()
    (quiet,) = store.period(stage.clock() - 24 * HOUR, stage.clock()).quiet
    assert quiet.feed == "a"
    assert quiet.silent == timedelta(hours=31)
    assert timedelta(hours=1) < quiet.usual < timedelta(hours=4)
