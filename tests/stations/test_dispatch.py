from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from claimwatch.core.model import Route
from claimwatch.dispatch import LEASE
from claimwatch.errors import DeliveryError, StorageError
from claimwatch.storage.schema import deliveries
from tests.stations.stage import HOUR, Letterbox, Stage, news

MINUTE = timedelta(minutes=1)
LATER = DeliveryError("451 try later")
NEVER = DeliveryError("550 no such user", permanent=True)


@pytest.fixture
async def two(stage: Stage) -> Stage:
    """A stage with two readers and two alerts waiting to be sent."""
    stage.routes = [Route("all", ("desk", "boss"))]
    stage.die()
    await stage.begin()
    await stage.poll_all(a=[news("soldiers leave"), news("a port opens")])
    await stage.assess.run_live()
    return stage


async def send(stage: Stage) -> None:
    while await stage.dispatch.start_due():
        await stage.dispatch.idle()


@pytest.mark.parametrize("fault", [LATER, NEVER, RuntimeError("a bug"), TimeoutError(), OSError("reset")])
async def test_a_channel_that_raises_stops_no_other_message_and_no_other_receiver(
    two: Stage, fault: Exception
) -> None:
    two.boxes["desk"].faults = [fault]
    await send(two)
    assert two.desk == ["NEW: a port opens"]
    assert two.boxes["boss"].lines == ["NEW: soldiers leave", "NEW: a port opens"]


async def test_a_message_that_was_not_taken_is_sent_again_with_the_same_bytes_and_key(two: Stage) -> None:
    desk = two.boxes["desk"]
    desk.faults = [LATER, LATER]
    for _ in range(8):
        await send(two)
        two.clock.move(MINUTE / 4)
        two.die()  # the bytes are in the database, not in memory
    assert sorted(desk.lines) == ["NEW: a port opens", "NEW: soldiers leave"]
    assert desk.worded == 2
    assert len(desk.tried) == 4
    assert len(set(desk.tried)) == 2


async def test_the_bytes_are_stored_before_the_first_send(two: Stage) -> None:
    stored: list[bytes] = []

    async def look(message: bytes, *, key: str) -> None:
        with two.database.read() as c:
            rows = c.execute(sa.select(deliveries.c.message).where(deliveries.c.id == int(key.split(".")[1])))
            stored.append(rows.scalar_one())
        assert stored[-1] == message
        raise LATER

    two.boxes["desk"].send = look  # type: ignore[method-assign, assignment]
    await send(two)
    assert len(stored) == 2
    assert {s.error for s in two.reader.failing_deliveries()} == {"451 try later"}


async def test_a_refusal_for_good_ends_as_dead_and_is_listed(two: Stage) -> None:
    two.boxes["desk"].faults = [NEVER]
    await send(two)
    two.clock.move(24 * HOUR)
    await send(two)
    assert len(two.boxes["desk"].tried) == 2
    assert two.reader.queues().dead == 1
    assert [s.state for s in two.reader.failing_deliveries()] == ["dead"]


async def test_a_service_is_not_asked_before_it_said(two: Stage) -> None:
    desk = two.boxes["desk"]
    desk.faults = [DeliveryError("429", retry_after=10 * MINUTE)] * 2
    await send(two)
    two.clock.move(9 * MINUTE)
    await send(two)
    assert desk.got == []
    two.clock.move(MINUTE)
    await send(two)
    assert len(desk.got) == 2


async def test_a_slow_receiver_holds_up_no_other(two: Stage) -> None:
    two.boxes["desk"].gate = asyncio.Event()
    await two.dispatch.start_due()
    for _ in range(100):
        await asyncio.sleep(0.01)
        if len(two.boxes["boss"].got) == 2:
            break
    assert two.boxes["boss"].lines == ["NEW: soldiers leave", "NEW: a port opens"]
    assert two.desk == []
    two.boxes["desk"].gate.set()
    await two.dispatch.idle()
    assert len(two.desk) == 2


async def test_a_receiver_that_is_busy_is_given_nothing_a_second_time(two: Stage) -> None:
    two.boxes["desk"].gate = asyncio.Event()
    await two.dispatch.start_due()
    await asyncio.sleep(0.05)
    two.clock.move(LEASE * 2)
    await two.dispatch.start_due()
    two.boxes["desk"].gate.set()
    await two.dispatch.idle()
    assert len(two.boxes["desk"].tried) == 2


async def test_messages_of_one_receiver_go_in_the_order_of_their_alerts(stage: Stage) -> None:
    await stage.begin()
    await stage.round(a=[news(f"soldiers at place {n}") for n in range(40)])
    assert stage.desk == [f"NEW: soldiers at place {n}" for n in range(40)]


async def test_a_receiver_gone_from_the_config_keeps_its_deliveries(two: Stage) -> None:
    boss = two.boxes.pop("boss")
    two.die()
    await send(two)
    assert (two.reader.queues().sent, two.reader.queues().due) == (2, 2)
    assert "there is no receiver" in str(two.reader.failing_deliveries()[0].error)
    two.boxes["boss"] = boss
    two.die()
    two.clock.move(HOUR)
    await send(two)
    assert len(boss.got) == 2


async def test_a_stop_lets_the_message_in_hand_finish_and_keeps_the_rest(two: Stage) -> None:
    gate = two.boxes["desk"].gate = asyncio.Event()
    await two.dispatch.start_due()
    await asyncio.sleep(0.05)
    draining = asyncio.create_task(two.dispatch.drain(HOUR))
    await asyncio.sleep(0)
    gate.set()
    await draining
    assert len(two.boxes["desk"].got) == 1
    assert await two.dispatch.start_due() == 0
    two.die()
    await send(two)
    assert len(two.boxes["desk"].got) == len(set(two.boxes["desk"].got)) == 2


async def test_a_stop_does_not_wait_for_a_receiver_that_hangs(two: Stage) -> None:
    desk = two.boxes["desk"]
    desk.gate = asyncio.Event()
    await two.dispatch.start_due()
    await asyncio.sleep(0.05)
    await two.dispatch.drain(timedelta(seconds=0.1))
    desk.gate = None
    two.die()
    await send(two)
    assert len(desk.got) == 2
    assert len(set(desk.tried)) == 2  # the copy of what hung carries the same key and bytes


async def test_what_was_taken_is_not_sent_again_because_it_could_not_be_noted(
    two: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, store = two.boxes["desk"], two.dispatch._store
    real, failures = store.commit_sent, iter([True, True])

    def full(*args: object, **options: object) -> None:
        if next(failures, False):
            raise StorageError("disk full")
        real(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(store, "commit_sent", full)
    with capture_logs() as logs:
        await send(two)
    assert [e["error"] for e in logs if e["log_level"] == "error"] == ["disk full"] * 2
    two.clock.move(LEASE)
    await send(two)
    assert len(desk.tried) == 2
    assert two.reader.queues().sent == 4


async def test_nothing_is_sent_that_cannot_be_stored_first(
    two: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StorageError("disk full")

    monkeypatch.setattr(two.dispatch._store, "store_message", full)
    await send(two)
    assert two.boxes["desk"].tried == []
    monkeypatch.undo()
    two.clock.move(LEASE)
    await send(two)
    assert len(two.desk) == 2


async def test_messages_on_one_claim_at_one_address_are_a_thread_that_outlives_a_restart(
    stage: Stage,
) -> None:
    desk, boss = stage.boxes["desk"], stage.boxes["boss"]
    desk.place = "#desk"
    stage.routes = [Route("all", ("desk", "boss"))]
    stage.die()
    await stage.begin()
    for n, said in enumerate(("denies", "confirms", "denies")):
        await stage.round(a=[news(f"A soldiers minister {said} {n} - Norland {n}")])
        stage.die()
        stage.clock.move(HOUR)
    assert [t.count for t in desk.threads] == list(range(len(desk.got)))
    assert len(desk.got) > 1
    assert [t.last_key for t in desk.threads] == [None, *(key for key, _ in desk.got[:-1])]
    assert {t.root_id for t in desk.threads[1:]} == {f"id-{desk.got[0][0]}"}
    assert [t.last_id for t in desk.threads[1:]] == [f"id-{key}" for key, _ in desk.got[:-1]]
    assert {t.count for t in boss.threads} == {0}  # a place without threads


async def test_reprints_are_written_into_the_message_and_nobody_is_told_again(stage: Stage) -> None:
    class Board(Letterbox):
        edits: list[tuple[str, bytes]] = []  # noqa: RUF012
        refuse = stumble = True

        async def edit(self, message: bytes, remote_id: str) -> None:
            if self.refuse:
                self.refuse = False
                raise DeliveryError("the message is gone", permanent=True)
            if self.stumble:
                self.stumble = False
                raise KeyError("message_id")
            self.edits.append((remote_id, message))

    desk = stage.boxes["desk"] = Board(place="#desk")
    stage.die()
    await stage.begin()
    text = "soldiers of the northern brigade leave, says the minister who confirms it - Westland"
    await stage.round(a=[news(text, id="1")])
    assert await stage.dispatch.edit_due() == 0
    await stage.round(b=[news(text, id="2")])
    assert await stage.dispatch.edit_due() == 1  # could not be changed: left as it was
    assert await stage.dispatch.edit_due() == 0
    await stage.round(c=[news(text, id="3")])
    assert await stage.dispatch.edit_due() == 1  # the channel stumbles: left as it was, too
    assert await stage.dispatch.edit_due() == 0
    await stage.round(c=[news(text.replace("leave", "leave today"), id="4")])
    stage.die()
    assert await stage.dispatch.edit_due() == 1
    assert await stage.dispatch.edit_due() == 0
    assert len(desk.got) == 1
    assert [remote for remote, _ in desk.edits] == [f"id-{desk.got[0][0]}"]


async def test_a_long_queue_is_sent_without_waiting_for_the_next_tick(stage: Stage) -> None:
    await stage.begin()
    await stage.poll_all(a=[news(f"soldiers at place {n}") for n in range(65)])
    while await stage.assess.run_live():
        pass
    await stage.dispatch.start_due()
    await stage.dispatch.idle()
    assert stage.desk == [f"NEW: soldiers at place {n}" for n in range(65)]


async def test_a_receiver_that_takes_nothing_is_not_asked_for_the_whole_queue_at_once(stage: Stage) -> None:
    await stage.begin()
    await stage.poll_all(a=[news(f"soldiers at place {n}") for n in range(65)])
    while await stage.assess.run_live():
        pass
    stage.boxes["desk"].faults = [LATER] * 65
    await stage.dispatch.start_due()
    await stage.dispatch.idle()
    assert len(stage.boxes["desk"].tried) == 20
