"""A slow second judge in the assess station: it holds up only the item it is asked about, and not for long."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest

from claimwatch.core.model import Assessment, Pair, Stance
from claimwatch.judges.cascade import Cascade
from tests.stations.stage import Stage, WordJudge, news


class Unsure(WordJudge):
    """As the judge it is, but unsure where the text says "perhaps"."""

    def assess(self, pairs: Sequence[Pair]) -> list[Assessment]:
        unsure = Assessment(Stance.NEUTRAL, 0.5, judge=self.name, relevance=0.9)
        return [
            unsure if "perhaps" in pair.text else answer
            for pair, answer in zip(pairs, super().assess(pairs), strict=True)
        ]


class Thinker:
    """Thinks until its gate opens, then says that all contradicts."""

    name = "thinker-1"

    def __init__(self) -> None:
        self.gate, self.asked = threading.Event(), 0

    def assess(self, pairs: Sequence[Pair]) -> list[Assessment]:
        self.asked += 1
        self.gate.wait(30)
        return [Assessment(Stance.CONTRADICTS, 0.9, pair.text, ("thought out",), self.name) for pair in pairs]


class Clock:
    at = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def thinker() -> Iterator[Thinker]:
    thinker = Thinker()
    yield thinker
    thinker.gate.set()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def thoughtful(stage: Stage, thinker: Thinker, clock: Clock) -> Stage:
    await stage.begin()
    stage.assess._judge = Cascade(Unsure(), [thinker], wait=timedelta(seconds=20), clock=clock)
    return stage


async def deliver(stage: Stage) -> None:
    await stage.dispatch.start_due()
    await stage.dispatch.idle()


async def test_an_alert_of_the_first_judge_does_not_wait_for_the_second(
    thoughtful: Stage, thinker: Thinker
) -> None:
    await thoughtful.poll_all(a=[news("soldiers perhaps leave"), news("Avaria denies sending soldiers")])
    assert await thoughtful.assess.run_live() == 1
    await deliver(thoughtful)
    assert thoughtful.desk == ["CONTRADICTS: Avaria denies sending soldiers"]
    assert await thoughtful.assess.run_live() == 0  # the other one is being thought about

    thinker.gate.set()
    await thoughtful.assess.run_out()
    await deliver(thoughtful)
    assert thoughtful.desk[1:] == ["CONTRADICTS: soldiers perhaps leave"]
    assert thinker.asked == 1


async def test_when_the_wait_is_over_the_item_is_told_by_the_first_judge(
    thoughtful: Stage, thinker: Thinker, clock: Clock
) -> None:
    await thoughtful.poll_all(a=[news("soldiers perhaps leave")])
    assert await thoughtful.assess.run_live() == 0
    clock.at = 20.0
    assert await thoughtful.assess.run_live() == 1
    await deliver(thoughtful)
    assert thoughtful.desk == ["NEW: soldiers perhaps leave"]


async def test_what_is_thought_about_at_a_stop_is_assessed_at_the_next_start(
    thoughtful: Stage, thinker: Thinker
) -> None:
    await thoughtful.poll_all(a=[news("soldiers perhaps leave")])
    await thoughtful.assess.run_live()
    await thoughtful.assess.drain(timedelta(seconds=1))
    await asyncio.wait_for(thoughtful.assess.run_out(), 5)
    assert thoughtful.reader.queues().to_assess == 1


async def test_first_polls_are_thought_out_before_their_summary(
    stage: Stage, thinker: Thinker, clock: Clock
) -> None:
    stage.assess._judge = Cascade(Unsure(), [thinker], wait=timedelta(seconds=20), clock=clock)
    await stage.poll_all(a=[news("soldiers perhaps leave"), news("soldiers stay"), news("a port opens")])
    assert await stage.assess.run_summaries(first_polls_done=True) == 1  # of the ports
    thinker.gate.set()
    await stage.assess.run_out()
    await deliver(stage)
    assert len(stage.desk) == 2
    assert stage.reader.claims()["t-5k"].status == "disputed"
