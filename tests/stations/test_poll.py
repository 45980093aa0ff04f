from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from claimwatch.core.model import Fetched
from claimwatch.errors import FetchError, ParseError, StorageError
from claimwatch.poll import NETWORK_DOWN
from claimwatch.storage.life import SqlLives
from tests.stations.stage import HOUR, START, Stage, news
from tests.storage.refusing import refuse, relent

OFFLINE = FetchError("no route to host", kind="offline")
TIMEOUT = FetchError("timed out after 30 s", kind="timeout")


async def test_a_failed_poll_stores_nothing_but_the_failure(stage: Stage) -> None:
    await stage.poll_all(a=[news("soldiers leave")])
    before = stage.state("a")
    stage.clock.move(HOUR)
    await stage.poll_all(a=TIMEOUT)
    after = stage.state("a")
    assert after.error == "timed out after 30 s"
    assert (after.etag, after.last_modified, after.body_hash, after.items, after.last_ok_at) == (
        before.etag, before.last_modified, before.body_hash, before.items, before.last_ok_at,
    )  # fmt: skip
    assert stage.reader.queues().items == 1


@pytest.mark.parametrize(
    "error",
    [TIMEOUT, ParseError("a web page, not a feed"), RuntimeError("a reader's bug"), ValueError("\ud800")],
)
async def test_a_feed_that_fails_in_any_way_stops_no_other(stage: Stage, error: Exception) -> None:
    await stage.poll_all(a=error, b=[news("soldiers leave")])
    assert stage.state("a").error
    assert stage.state("b").outcome == "ok, 1 new of 1"


async def test_validators_are_stored_with_the_items_and_sent_with_the_next_poll(stage: Stage) -> None:
    await stage.poll_all(a=[news("soldiers leave")])
    state = stage.state("a")
    assert state.etag
    assert state.items == 1
    await stage.poll_all()
    assert next(s for s in reversed(stage.web.asked) if s.feed == "a").etag == state.etag


async def test_a_poll_that_cannot_be_stored_is_made_again(stage: Stage) -> None:
    with stage.database.write() as c:
        refuse(c, "items")
    await stage.poll_all(a=[news("soldiers leave")])
    assert stage.reader.queues().items == 0
    assert stage.state("a").etag is None
    with stage.database.write() as c:
        relent(c)
    stage.die()
    await stage.round(a=[news("soldiers leave")])
    assert stage.desk == ["NEW: soldiers leave"]


async def test_polling_the_same_again_stores_nothing_again(stage: Stage) -> None:
    for _ in range(3):
        await stage.round(a=[news("soldiers leave"), news("a port opens")])
        stage.clock.move(HOUR)
    assert stage.reader.queues().items == 2


async def test_an_unchanged_document_is_not_read_again(stage: Stage) -> None:
    await stage.poll_all(a=[news("soldiers leave")])
    stage.web.documents.clear()  # reading would fail now
    stage.web.answers["a"] = [news("soldiers leave")]
    parse, stage.web.parse = stage.web.parse, None  # type: ignore[method-assign, assignment]
    await stage.poll.poll_all()
    stage.web.parse = parse  # type: ignore[method-assign]
    assert stage.state("a").outcome == "unchanged"


async def test_an_item_that_matching_stumbles_over_costs_no_other_item(stage: Stage) -> None:
    await stage.begin()
    with capture_logs() as logs:
        await stage.round(a=[news("MATCHBUG soldiers"), news("soldiers leave")])
    assert stage.desk == ["NEW: soldiers leave"]
    assert "ok, 2 new of 2; 1 items could not be matched: see the log" in stage.state("a").outcome
    assert [e["entry"] for e in logs if e["log_level"] == "error"] == ["MATCHBUG soldiers"]


async def test_a_network_that_is_down_is_told_once_and_counts_against_no_feed(stage: Stage) -> None:
    await stage.begin()
    before = {s.feed: s for s in stage.reader.feeds()}
    with capture_logs() as logs:
        for _ in range(3):
            stage.clock.move(timedelta(minutes=5))
            await stage.poll_all(a=OFFLINE, b=OFFLINE, c=OFFLINE)
    assert [e["event"] for e in logs].count(NETWORK_DOWN) == 1
    for state in stage.reader.feeds():
        assert (state.failures, state.polls) == (before[state.feed].failures, before[state.feed].polls)
        assert state.error == NETWORK_DOWN
        assert state.next_poll_at - stage.clock() <= timedelta(minutes=5)
    with capture_logs() as logs:
        await stage.round(a=[news("soldiers leave")])
    assert [e["event"] for e in logs].count("the network is back") == 1
    assert stage.desk == ["NEW: soldiers leave"]
    assert all(s.error is None for s in stage.reader.feeds())


async def test_an_answer_of_any_kind_shows_that_the_network_is_up(stage: Stage) -> None:
    missing = FetchError("404 Not Found", kind="http_missing", status=404)
    await stage.poll_all(a=missing, b=OFFLINE, c=OFFLINE)
    assert {s.error for s in stage.reader.feeds()} == {"404 Not Found", "no route to host"}


async def test_a_feed_is_polled_by_one_task_at_a_time(stage: Stage) -> None:
    release = asyncio.Event()

    async def slow() -> Fetched:
        await release.wait()
        return Fetched("https://a.example/rss", 304, None)

    stage.web.answers = {"a": slow, "b": [], "c": []}
    assert await stage.poll.start_due() == 3
    stage.clock.move(2 * HOUR)  # over any lease
    assert await stage.poll.start_due(among={"a"}) == 0
    release.set()
    await stage.poll.drain(HOUR)
    assert [s.feed for s in stage.web.asked].count("a") == 1


async def test_a_stop_lets_go_of_a_slow_poll_and_it_is_made_at_the_next_start(stage: Stage) -> None:
    async def hangs() -> Fetched:
        await asyncio.sleep(3600)
        raise AssertionError

    stage.web.answers = {"a": hangs, "b": [news("soldiers leave")], "c": []}
    await stage.poll.start_due()
    await stage.poll.drain(timedelta(seconds=0.2))
    assert await stage.poll.start_due() == 0
    assert stage.state("a").last_poll_at is None
    stage.die()
    await stage.poll_all(a=[news("soldiers return")])
    assert stage.state("a").last_ok_at == START


async def test_a_server_that_asked_to_wait_is_not_asked_before(stage: Stage) -> None:
    busy = FetchError("429", kind="http_temporary", status=429, retry_after=2 * HOUR)
    await stage.poll_all(a=busy)
    asked = len(stage.web.asked)
    stage.clock.move(HOUR)
    await stage.poll_all()
    assert {s.feed for s in stage.web.asked[asked:]} == {"b", "c"}
    stage.clock.move(HOUR + timedelta(seconds=1))
    await stage.poll_all()
    assert stage.state("a").error is None


async def test_a_storage_error_is_not_taken_for_the_feeds_fault(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> dict[str, str]:
        raise StorageError("disk full")

    monkeypatch.setattr(stage.poll._store, "known", full)
    await stage.poll_all(a=[news("soldiers leave")])
    assert stage.state("a").error is None


async def test_an_edited_report_says_what_changed(stage: Stage) -> None:
    await stage.poll_all(a=[news("Avaria sends 300 soldiers to the border", id="1")])
    stage.clock.move(HOUR)
    await stage.poll_all(a=[news("Avaria sends 3,000 soldiers to the border", id="1")])
    life = SqlLives(stage.database).life(1)
    assert life is not None
    assert [(edit.revision, edit.changed) for edit in life.edits] == [(2, 'title: "300" -> "3,000"')]
