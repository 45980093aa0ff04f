from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from claimwatch.core.model import Assessment, Pair, Relation
from tests.stations.stage import HOUR, START, Stage, WordJudge, news


async def test_a_first_poll_tells_the_young_in_one_summary_a_topic_and_counts_the_old(stage: Stage) -> None:
    young = [news(f"soldiers at place {n}") for n in range(5)]
    ports = [news("a port opens"), news("a port closes")]
    old = news("soldiers of last week", at=START - 72 * HOUR)
    await stage.round(a=[*young, *ports, old], b=[news("soldiers at a sixth place")])
    assert len(stage.desk) == 2
    for item in (*young, news("soldiers at a sixth place")):
        assert sum(item.title in line for line in stage.desk) == 1
    assert not any("last week" in line for line in stage.desk)
    assert stage.reader.queues().to_assess == 0
    assert stage.reader.topic_counts() == {"troops": 7, "ports": 2}


async def test_an_undated_item_of_a_first_poll_counts_as_young(stage: Stage) -> None:
    await stage.round(a=[news("soldiers leave", at=None)])
    assert stage.desk == ["NEW: soldiers leave"]


async def test_the_evidence_of_old_items_stands_though_nobody_was_told(stage: Stage) -> None:
    await stage.round(a=[news("Avaria denies sending soldiers", at=START - 72 * HOUR)])
    assert stage.desk == []
    assert stage.reader.claims()["t-5k"].status == "disputed"


async def test_summaries_wait_for_other_first_polls_but_not_for_ever(stage: Stage) -> None:
    await stage.poll_all(a=[news("soldiers leave")])
    assert await stage.assess.run_summaries(first_polls_done=False) == 0
    stage.clock.move(timedelta(minutes=1))
    assert await stage.assess.run_summaries(first_polls_done=False) == 1


async def test_what_comes_after_the_first_poll_is_told_one_by_one(stage: Stage) -> None:
    await stage.begin()
    await stage.round(a=[news("soldiers leave"), news("Avaria denies sending soldiers")])
    assert sorted(stage.desk) == ["CONTRADICTS: Avaria denies sending soldiers", "NEW: soldiers leave"]


async def test_a_reprint_by_another_outlet_is_not_told(stage: Stage) -> None:
    await stage.begin()
    await stage.round(a=[news("soldiers leave the old fort for the coast")])
    await stage.round(b=[news("soldiers leave the old fort for the coast")])
    assert len(stage.desk) == 1


async def test_assessing_and_sending_twice_tells_nothing_twice(stage: Stage) -> None:
    await stage.begin()
    items = [news("soldiers leave"), news("Avaria confirms soldiers"), news("a port opens")]
    for _ in range(3):
        await stage.round(a=items)
        await stage.tell()
        stage.die()
    assert len(stage.desk) == 3


async def test_a_bug_of_the_judge_tells_the_item_as_new(stage: Stage) -> None:
    await stage.begin()
    with capture_logs() as logs:
        await stage.round(a=[news("BUG soldiers deny"), news("soldiers leave")])
    assert sorted(stage.desk) == ["NEW: BUG soldiers deny", "NEW: soldiers leave"]
    assert [e["event"] for e in logs if e["log_level"] == "error"] == ["judge failed"]


async def test_a_judge_that_answers_too_few_tells_the_item_as_new(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.begin()
    monkeypatch.setattr(WordJudge, "assess", lambda *_: [])
    await stage.round(a=[news("soldiers leave")])
    assert stage.desk == ["NEW: soldiers leave"]


async def test_a_bug_in_weighing_tells_the_item_as_new(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    await stage.begin()

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("weighing stumbles")

    monkeypatch.setattr("claimwatch.core.alerting.newness", broken)
    await stage.round(a=[news("Avaria denies sending soldiers")])
    assert stage.desk == ["NEW: Avaria denies sending soldiers"]


async def test_an_item_that_cannot_be_told_at_all_holds_up_no_other_and_comes_after_a_start(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.begin()
    real = stage.assess._verdict

    def broken(matched: object, **options: object) -> object:
        if "first" in matched.item.title:  # type: ignore[attr-defined]
            raise RuntimeError("nothing helps")
        return real(matched, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(stage.assess, "_verdict", broken)
    await stage.round(a=[news("soldiers first"), news("soldiers second")])
    assert stage.desk == ["NEW: soldiers second"]
    stage.die()
    await stage.tell()
    assert stage.desk == ["NEW: soldiers second", "NEW: soldiers first"]


async def test_an_item_that_cannot_be_told_costs_no_other_its_place_in_the_summary(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = stage.assess._verdict

    def broken(matched: object, **options: object) -> object:
        if "first" in matched.item.title:  # type: ignore[attr-defined]
            raise RuntimeError("nothing helps")
        return real(matched, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(stage.assess, "_verdict", broken)
    await stage.round(a=[news("soldiers first"), news("soldiers second"), news("a port opens")])
    assert sorted(stage.desk) == ["NEW: a port opens", "NEW: soldiers second"]
    with capture_logs() as logs:
        await stage.tell()
    assert logs == []
    stage.die()
    await stage.tell()
    assert stage.desk[-1] == "NEW: soldiers first"


async def test_a_stop_waits_for_the_finding_in_hand_and_leaves_the_rest_for_the_next_start(
    stage: Stage,
) -> None:
    await stage.begin()
    await stage.poll_all(a=[news(f"soldiers at place {n}") for n in range(20)])
    started, release = threading.Event(), threading.Event()
    judge = WordJudge()

    def slowly(pairs: Sequence[Pair]) -> list[Assessment]:
        started.set()
        release.wait(5)
        return judge.assess(pairs)

    stage.assess._judge.assess = slowly  # type: ignore[method-assign]
    tick = asyncio.create_task(stage.assess.run_live())
    await asyncio.to_thread(started.wait)
    tick.cancel()
    draining = asyncio.create_task(stage.assess.drain(HOUR))
    await asyncio.sleep(0.01)
    assert not draining.done()
    release.set()
    await draining
    assert stage.reader.queues().to_assess == 19
    stage.die()
    await stage.tell()
    assert len(stage.desk) == 20


async def test_readers_of_two_topics_get_an_item_on_both_once(stage: Stage) -> None:
    from claimwatch.core.model import Route

    stage.routes = [
        Route("t", ("desk",), topics=("troops",)),
        Route("p", ("desk", "boss"), topics=("ports",)),
    ]
    stage.die()
    await stage.begin()
    await stage.round(a=[news("soldiers at the port")])
    assert stage.desk == stage.boxes["boss"].lines == ["NEW: soldiers at the port"]


async def test_an_edit_that_reaches_a_topic_is_told(stage: Stage) -> None:
    await stage.begin()
    await stage.round(a=[news("News from the coast this morning: people leave", id="1")])
    assert stage.desk == []
    stage.clock.move(HOUR)
    await stage.round(a=[news("News from the coast this morning: soldiers leave", id="1")])
    assert stage.desk == ["NEW: News from the coast this morning: soldiers leave"]
    stage.clock.move(HOUR)
    await stage.round(a=[news("News from the coast this morning: soldiers leave it", id="1")])
    assert len(stage.desk) == 1


async def test_the_status_of_a_claim_follows_the_alerts(stage: Stage) -> None:
    await stage.begin()
    await stage.round(a=[news("Seoul confirms soldiers - Seoul")])
    assert stage.reader.claims()["t-5k"].status == "corroborated"
    await stage.round(a=[news("Avaria denies soldiers - Avaria")])
    assert stage.reader.claims()["t-5k"].status == "disputed"
    alert = next(s.alert for s in stage.alerts() if s.alert.relation is Relation.CONTRADICTS)
    assert (alert.status_was, alert.standing and alert.standing.status) == ("corroborated", "disputed")


TITLES = st.lists(
    st.builds(
        "{} {} soldiers {}".format,
        st.sampled_from(["Avaria", "Seoul", "Kyiv", "Norland"]),
        st.sampled_from(["denies", "confirms", "counts", "feeds"]),
        st.integers(1, 6),
    ),
    max_size=8,
)


@settings(max_examples=6, deadline=None)
@given(
    rounds=st.lists(TITLES, min_size=1, max_size=3), deaths=st.lists(st.booleans(), min_size=3, max_size=3)
)
def test_whatever_comes_and_whenever_we_die_each_alert_reaches_its_reader_once(
    new_stage: Callable[[], Stage], rounds: list[list[str]], deaths: list[bool]
) -> None:
    stage = new_stage()

    async def play() -> None:
        await stage.begin()
        for titles, death in zip(rounds, deaths, strict=False):
            stage.clock.move(HOUR)
            await stage.poll_all(a=[news(t) for t in titles], b=[news(t) for t in reversed(titles)])
            await stage.assess.run_live()
            if death:
                stage.die()
            await stage.tell()
            await stage.tell()

    asyncio.run(play())
    keys = [key for key, _ in stage.boxes["desk"].got]
    alerts, queues = stage.alerts(), stage.reader.queues()
    stage.close()
    assert len(keys) == len(set(keys)) == len(alerts)
    assert (queues.due, queues.to_assess) == (0, 0)
    assert bool(alerts) == any(rounds)


async def test_what_waits_when_the_daemon_stops_is_left_and_the_stop_is_not_held_up(stage: Stage) -> None:
    await stage.begin()
    await stage.poll_all(a=[news("soldiers leave")])
    work = asyncio.create_task(stage.assess.run_out())
    await asyncio.sleep(0)  # it looks for what waits
    await stage.assess.drain(HOUR)
    _, on = await asyncio.wait({work}, timeout=5)
    work.cancel()
    assert not on
    stage.die()
    await stage.tell()
    assert stage.desk == ["NEW: soldiers leave"]
