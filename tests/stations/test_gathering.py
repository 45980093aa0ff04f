"""Prints of one wire text are one alert, which lists the outlets that came while it waited."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from claimwatch.core.carriers import outlets
from claimwatch.core.model import Feed, Item, Route
from claimwatch.core.wording import read
from tests.core.wire_copies import COPIES, WIRE
from tests.stations.stage import HOUR, Stage

GATHER = timedelta(minutes=3)
NAMES = ("wire", "p1", "p2", "p3", "p4", "p5")
PRINTS = dict(zip(NAMES, (WIRE, *COPIES), strict=True))


def printed(name: str, stage: Stage) -> Item:
    title, body = PRINTS[name]
    return Item(name, f"https://{name}.example/1", title=title, summary=body, published_at=stage.clock())


def newsroom(stage: Stage) -> None:
    stage.feeds = [
        Feed(n, f"https://{n}.example/rss", every=HOUR, source=f"Outlet {n}", reliability="C") for n in NAMES
    ]
    stage.feeds[0] = replace(stage.feeds[0], source="Example Wire", reliability="A", wire=True)
    stage.routes = [Route("all", ("desk",), gather=GATHER)]
    stage.die()


async def polled(stage: Stage, name: str) -> None:
    """One outlet's print comes and is assessed; what is due by then is sent."""
    await stage.poll_all(**{name: [printed(name, stage)]})
    while await stage.assess.run_live():
        pass
    while await stage.dispatch.start_due():
        await stage.dispatch.idle()


@pytest.mark.parametrize("seed", range(12))
async def test_any_order_and_timing_of_six_prints_is_one_alert_of_one_origin(stage: Stage, seed: int) -> None:
    newsroom(stage)
    await stage.begin()
    order = random.Random(seed)
    names = list(NAMES)
    order.shuffle(names)
    late = 0
    for name in names:
        await polled(stage, name)
        wait = order.choice([timedelta(seconds=20), timedelta(minutes=1), HOUR])
        late += wait == HOUR
        stage.clock.move(wait)
    stage.clock.move(GATHER)
    await stage.tell()
    assert len(stage.desk) == 1
    (stored,) = stage.alerts()
    assert len(outlets(stored.alert)) == 6
    assert stored.alert.wire == "Example Wire"
    standing = stored.alert.standing
    assert standing is not None
    assert (standing.origins_against, standing.newsrooms) == (1, 0)  # nobody supports it
    if not late:
        assert standing.outlets == 6


async def test_what_came_while_it_waited_is_listed_in_its_words(stage: Stage) -> None:
    newsroom(stage)
    await stage.begin()
    for name in ("p2", "wire", "p1"):
        await polled(stage, name)
    assert stage.desk == []
    (stored,) = stage.alerts()
    words = read(stored.alert, ZoneInfo("UTC"))
    assert words.source == (
        "via Example Wire wire, one source carried by 3 outlets: Outlet p2 [C], Example Wire [A], Outlet p1 [C]"
    )
    assert words.standing == "1 origin for, 1 against; 3 outlets"


async def test_the_wires_original_after_its_copy_takes_the_story_over_silently(stage: Stage) -> None:
    newsroom(stage)
    await stage.begin()
    await polled(stage, "p1")
    stage.clock.move(HOUR)
    await polled(stage, "wire")
    stage.clock.move(HOUR)
    await stage.tell()
    assert len(stage.desk) == 1
    (stored,) = stage.alerts()
    assert stored.alert.wire == "Example Wire"
