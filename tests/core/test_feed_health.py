"""How a feed does, as people read it in `feeds list`."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from claimwatch.core.feed_health import GAP, Health, health_of, notice, spoken_span
from claimwatch.core.model import Feed, Fetched, PollState
from claimwatch.core.pacing import after_failure, after_success, while_network_is_down
from claimwatch.errors import FetchError, FetchKind, ParseError

NOW = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)
FEED = Feed("Lake Post", "https://lake.example/rss")
FRESH = PollState("Lake Post", next_poll_at=NOW)


def polled(new: int = 1, items: int = 10, *, state: PollState = FRESH, **more: str) -> PollState:
    fetched = Fetched(FEED.url, 200, b"x", **more)  # type: ignore[arg-type]
    return after_success(state, NOW, jitter=0, fetched=fetched, new_items=new, items=items)


def failed(kind: FetchKind, state: PollState = FRESH) -> PollState:
    return after_failure(state, NOW, jitter=0, error=FetchError("HTTP 418: no", kind=kind))


def test_a_feed_that_was_never_asked_is_new() -> None:
    assert health_of(FEED, None, NOW).state == health_of(FEED, FRESH, NOW).state == Health.NEW


def test_a_feed_that_answers_is_ok_and_says_when_it_brought_something() -> None:
    health = health_of(FEED, polled(), NOW)
    assert (health.state, health.since, health.last_item_at) == (Health.OK, None, NOW)
    assert health.why_next == "its own rhythm"
    assert (
        health_of(replace(FEED, every=timedelta(minutes=5)), polled(), NOW).why_next == "as the config says"
    )


def test_a_feed_without_entries_is_empty_not_ok() -> None:
    assert health_of(FEED, polled(0, 0), NOW).state is Health.EMPTY


@pytest.mark.parametrize("kind", get_args(FetchKind))
def test_every_failure_has_a_state_since_it_began_with_what_was_said(kind: FetchKind) -> None:
    expected = {
        "http_gone": "gone", "http_missing": "gone", "dns": "gone", "http_denied": "blocked",
        "blocked_address": "blocked", "timeout": "slow", "refused": "slow", "offline": "slow",
        "http_temporary": "slow",
    }.get(kind, "broken")  # fmt: skip
    health = health_of(FEED, failed(kind), NOW)
    assert (health.state, health.since, health.detail) == (expected, NOW, "HTTP 418: no")


def test_what_is_no_feed_is_broken() -> None:
    state = after_failure(FRESH, NOW, jitter=0, error=ParseError("a login page came in place of a feed"))
    assert health_of(FEED, state, NOW).state is Health.BROKEN


def test_the_reason_of_the_next_poll_is_told() -> None:
    busy = FetchError("HTTP 429", kind="http_temporary", retry_after=timedelta(hours=2))
    waits = after_failure(FRESH, NOW, jitter=0, error=busy)
    assert health_of(FEED, waits, NOW).why_next == "asked to wait 2 h"
    assert health_of(FEED, failed("timeout"), NOW).why_next == "after a failure"
    assert health_of(FEED, failed("timeout", failed("timeout")), NOW).why_next == "backing off"
    down = while_network_is_down(polled(), NOW, jitter=0)
    assert health_of(FEED, replace(down, error="our network seems to be down"), NOW).why_next.startswith(
        "waiting"
    )


def test_a_feed_quiet_far_beyond_its_rhythm_is_silent_since_its_last_item() -> None:
    state = replace(polled(), polls=100, items=200)
    assert health_of(FEED, state, NOW + timedelta(hours=47)).state is Health.OK
    health = health_of(FEED, state, NOW + timedelta(hours=49))
    assert (health.state, health.since) == (Health.SILENT, NOW)


def test_spans_fit_a_table() -> None:
    spans = [
        timedelta(seconds=-5),
        timedelta(seconds=40),
        timedelta(minutes=5),
        timedelta(hours=3),
        timedelta(days=12),
    ]
    assert [spoken_span(span) for span in spans] == ["now", "40 s", "5 min", "3 h", "12 d"]


def test_what_a_person_should_know_of_a_feed_that_answers_is_one_line() -> None:
    busy = replace(polled(), polls=100, items=200)
    assert notice(busy, NOW) is None
    assert notice(busy, NOW + timedelta(hours=49)) == "nothing new for 2 d (usual gap 30 min)"
    assert notice(replace(busy, outcome=f"ok, 9 new of 9; {GAP}"), NOW) == GAP
    assert notice(replace(busy, address="https://new.example/rss"), NOW) == (
        "moved to https://new.example/rss (asked there; write it into the config)"
    )
    assert notice(failed("timeout", busy), NOW) is None
