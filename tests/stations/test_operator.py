"""Trouble with one receiver is told through another: once, durably, and not by the one that has it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from claimwatch.core.model import Route
from claimwatch.core.trouble import Operators
from claimwatch.errors import DeliveryError
from tests.stations.stage import HOUR, START, Letterbox, Stage, news

NEVER = DeliveryError("550 no such user", permanent=True)
LATER = DeliveryError("451 try later")


@pytest.fixture
async def watched(stage: Stage) -> Stage:
    """Alerts go to the desk; the boss looks after claimwatch, `spare` is there too."""
    stage.boxes["spare"] = Letterbox()
    stage.operators = Operators(("boss",), ("desk", "spare"))
    stage.die()
    await stage.begin()
    return stage


async def test_who_refuses_for_good_is_told_of_through_the_operator_once_for_all_messages(
    watched: Stage,
) -> None:
    watched.boxes["desk"].faults = [NEVER] * 3
    await watched.round(a=[news(f"soldiers at place {n}") for n in range(3)])
    await watched.tell()
    assert watched.boxes["boss"].lines == ["NEW: claimwatch: desk refuses messages"]
    assert watched.boxes["spare"].lines == []
    assert watched.reader.queues().dead == 3


async def test_a_receiver_that_worked_again_and_breaks_again_is_told_of_again(watched: Stage) -> None:
    watched.boxes["desk"].faults = [NEVER, None, NEVER]
    for n in range(3):
        await watched.round(a=[news(f"soldiers at place {n}")])
        watched.clock.move(2 * HOUR)
    await watched.tell()
    assert len(watched.boxes["boss"].got) == 2


async def test_one_that_refuses_now_and_then_does_not_flood_the_operator(watched: Stage) -> None:
    watched.boxes["desk"].faults = [NEVER, None] * 6
    for n in range(12):
        await watched.round(a=[news(f"soldiers at place {n}")])
        watched.clock.move(HOUR / 12)
    await watched.tell()
    assert watched.reader.queues().dead == 6
    assert len(watched.boxes["boss"].got) == 1


async def test_an_operator_who_is_the_one_that_refuses_is_told_through_another(watched: Stage) -> None:
    watched.operators = Operators(("desk",), ("boss", "spare"))
    watched.die()
    watched.boxes["desk"].faults = [NEVER]
    await watched.round(a=[news("soldiers leave")])
    assert watched.boxes["boss"].lines == ["NEW: claimwatch: desk refuses messages"]
    assert len(watched.boxes["desk"].tried) == 1


async def test_one_who_refused_the_last_message_is_passed_over_for_one_that_works(watched: Stage) -> None:
    watched.routes = [Route("all", ("desk", "boss"))]
    watched.die()
    watched.boxes["boss"].faults = [NEVER] * 9
    watched.boxes["desk"].faults = [NEVER] * 9
    await watched.round(a=[news("soldiers leave")])
    await watched.tell()
    told = watched.boxes["spare"].lines  # whichever refused first, and whoever had the notice of it first
    assert sorted(told) == [
        "NEW: claimwatch: boss refuses messages",
        "NEW: claimwatch: desk refuses messages",
    ]
    assert len(watched.boxes["boss"].tried) <= 2  # its alert, and perhaps the notice on the desk
    assert len(watched.boxes["desk"].tried) <= 2


async def test_two_receivers_that_both_refuse_do_not_tell_of_each_other_forever(watched: Stage) -> None:
    watched.operators = Operators((), ("desk", "boss"))
    watched.routes = [Route("all", ("desk", "boss"))]
    watched.die()
    for box in watched.boxes.values():
        box.faults = [NEVER] * 99
    await watched.round(a=[news("soldiers leave")])
    await watched.tell()
    assert watched.reader.queues().due == 0
    assert sum(len(box.tried) for box in watched.boxes.values()) <= 4


async def test_the_notice_outlives_a_crash_that_comes_before_it_is_sent(watched: Stage) -> None:
    watched.boxes["desk"].faults = [NEVER]
    await watched.poll_all(a=[news("soldiers leave")])
    await watched.assess.run_live()
    await watched.dispatch.start_due()
    await watched.dispatch.idle()
    watched.die()
    await watched.tell()
    assert watched.boxes["boss"].lines == ["NEW: claimwatch: desk refuses messages"]


async def test_a_receiver_that_takes_nothing_is_told_of_within_the_hour(watched: Stage) -> None:
    watched.boxes["desk"].faults = [LATER] * 999
    await watched.poll_all(a=[news(f"soldiers at place {n}") for n in range(4)])
    await watched.assess.run_live()
    while watched.clock() < START + 24 * HOUR:
        await watched.dispatch.start_due()
        await watched.dispatch.idle()
        if watched.clock() == START + HOUR:
            assert watched.boxes["boss"].lines == ["NEW: claimwatch: desk takes no messages"]
        watched.clock.move(timedelta(minutes=5) if watched.clock() >= START + HOUR else timedelta(minutes=1))
    assert len(watched.boxes["boss"].got) == 1
    assert watched.reader.queues().due == 4  # nothing is given up
    assert len(watched.boxes["desk"].tried) / 4 < 24 * 2 + 10


async def test_a_service_that_asks_for_a_long_wait_is_told_of_at_once(watched: Stage) -> None:
    watched.boxes["desk"].faults = [DeliveryError("429", retry_after=5 * HOUR)]
    await watched.round(a=[news("soldiers leave")])
    assert watched.boxes["boss"].lines == ["NEW: claimwatch: desk takes no messages"]


async def test_anything_may_be_told_to_the_operator_and_what_is_said_once_is_said_once(
    watched: Stage,
) -> None:
    assert await watched.dispatch.tell_operator("the config was refused", "line 3\nno colon", once="c1")
    assert not await watched.dispatch.tell_operator("the config was refused", "line 3", once="c1")
    watched.die()
    assert not await watched.dispatch.tell_operator("the config was refused", "line 3", once="c1")
    await watched.tell()
    assert watched.boxes["boss"].lines == ["NEW: claimwatch: the config was refused"]


async def test_without_anybody_else_trouble_is_only_listed(watched: Stage) -> None:
    watched.operators = Operators((), ("desk",))
    watched.die()
    watched.boxes["desk"].faults = [NEVER]
    await watched.round(a=[news("soldiers leave")])
    assert watched.reader.queues().due == 0
    assert [s.state for s in watched.reader.failing_deliveries()] == ["dead"]


async def test_a_template_that_is_not_used_is_told_once(watched: Stage) -> None:
    class Worded(Letterbox):
        template_problem = "email.txt: line 3: unexpected '}'"

    watched.boxes["desk"] = Worded()
    watched.die()
    for n in range(3):
        await watched.round(a=[news(f"soldiers at place {n}")])
    await watched.tell()
    assert watched.boxes["boss"].lines == ["NEW: claimwatch: a template of desk is not used"]
    assert len(watched.boxes["desk"].got) == 3


async def test_what_nobody_could_be_told_is_told_once_somebody_can(watched: Stage) -> None:
    watched.operators = Operators(("desk",))
    watched.die()
    watched.boxes["desk"].faults = [NEVER, NEVER]
    await watched.round(a=[news("soldiers at place 1")])
    assert watched.boxes["boss"].lines == []
    watched.operators = Operators(("boss",))
    watched.die()
    watched.clock.move(25 * HOUR)
    await watched.round(a=[news("soldiers at place 2")])
    await watched.tell()
    assert watched.boxes["boss"].lines == ["NEW: claimwatch: desk refuses messages"]
