from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimwatch.core.model import Fetched, PollState
from claimwatch.core.pacing import (
    Pace,
    after_failure,
    after_success,
    expects_news_by,
    network_seems_down,
    while_network_is_down,
)
from claimwatch.errors import FetchError, FetchKind, ParseError

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
URL = "http://herald.example/feed"
ANSWER = Fetched(url=URL, status=200, body=b"x", etag='"v1"', last_modified="Wed")
UNCHANGED = replace(ANSWER, status=304, body=None)
PACE = Pace()


def fresh() -> PollState:
    return PollState("herald", NOW)


def wait(state: PollState) -> timedelta:
    assert state.last_poll_at is not None
    return state.next_poll_at - state.last_poll_at


def ok(
    state: PollState, at: datetime = NOW, *, new: int = 0, jitter: float = 0.0, **how: object
) -> PollState:
    how = {"fetched": ANSWER, "new_items": new, "items": 30, **how}
    return after_success(state, at, jitter=jitter, **how)  # type: ignore[arg-type]


def failed(state: PollState, kind: FetchKind, at: datetime = NOW, **how: timedelta | None) -> PollState:
    asked = how.pop("retry_after", None)
    error = FetchError("broken", kind=kind, retry_after=asked)
    return after_failure(state, at, jitter=0.0, error=error, **how)  # type: ignore[arg-type]


def test_a_success_remembers_what_the_next_poll_needs() -> None:
    state = ok(replace(fresh(), failures=3.0, error="x", failing_since_at=NOW), new=2, body_hash="h")
    assert (state.etag, state.last_modified, state.body_hash, state.url) == ('"v1"', "Wed", "h", URL)
    assert (state.error, state.failures, state.failing_since_at) == (None, 0.0, None)
    assert (state.last_ok_at, state.last_new_at, state.polls, state.items) == (NOW, NOW, 1, 2)
    assert state.outcome == "ok, 2 new of 30"
    assert ok(state, fetched=UNCHANGED, items=None).outcome == "unchanged"
    assert ok(state, items=0).outcome == "ok, but empty"


def test_news_quicken_the_rhythm_and_quiet_slows_it_within_bounds() -> None:
    state, at = ok(fresh()), NOW
    for _ in range(20):
        at = state.next_poll_at
        state = ok(state, at)
    assert wait(state) == PACE.slowest
    state = ok(state, state.next_poll_at, new=1)
    assert wait(state) == PACE.slowest / 2
    for _ in range(5):
        state = ok(state, state.next_poll_at, new=1)
    assert wait(state) == PACE.floor


def test_a_feed_without_news_for_a_month_is_asked_a_few_times_a_day() -> None:
    state = ok(fresh(), new=1)
    while state.next_poll_at < NOW + timedelta(days=40):
        state = ok(state, state.next_poll_at)
    assert wait(state) == PACE.dormant


def test_what_the_feed_and_the_server_ask_for_slows_us_down_but_not_without_end() -> None:
    assert wait(ok(fresh(), refresh_every=timedelta(minutes=40))) == timedelta(minutes=40)
    assert wait(ok(fresh(), fetched=replace(ANSWER, fresh_for=timedelta(minutes=50)))) == timedelta(
        minutes=50
    )
    assert wait(ok(fresh(), refresh_every=timedelta(days=300))) == PACE.hint


def test_an_interval_the_config_names_is_kept() -> None:
    every = timedelta(minutes=2)
    assert wait(ok(fresh(), every=every, refresh_every=timedelta(hours=1))) == every
    assert wait(ok(fresh(), every=timedelta(0))) == PACE.named_floor


def test_jitter_only_ever_lengthens_and_little() -> None:
    assert wait(ok(fresh(), jitter=1.0)) == wait(ok(fresh())) * 1.1


@pytest.mark.parametrize(
    ("kind", "weight"),
    [("http_denied", 1.0), ("bad_url", 1.0), ("timeout", 0.5), ("http_temporary", 0.5), ("offline", 0.25)],
)
def test_failures_weigh_by_their_kind(kind: FetchKind, weight: float) -> None:
    state = failed(fresh(), kind)
    assert (state.failures, state.error, state.failing_since_at) == (weight, "broken", NOW)
    assert failed(state, kind, NOW + timedelta(hours=1)).failing_since_at == NOW


def test_a_document_that_is_no_feed_is_a_soft_failure_and_forgets_nothing() -> None:
    before = ok(fresh())
    state = after_failure(before, NOW, jitter=0.0, error=ParseError("a login page came"))
    assert (state.failures, state.error, state.outcome) == (0.5, "a login page came", "no feed came")
    assert (state.etag, state.last_modified, state.url) == (before.etag, before.last_modified, before.url)


def test_back_off_grows_is_bounded_and_never_ends() -> None:
    state, waits = fresh(), []
    for _ in range(200):
        state = failed(state, "timeout", state.next_poll_at)
        waits.append(wait(state))
    assert waits[0] == PACE.floor
    assert waits == sorted(waits)
    assert waits[50] <= PACE.back_off
    assert waits[-1] <= PACE.back_off_dead


def test_retry_after_is_never_undercut() -> None:
    asked = timedelta(hours=3)
    assert wait(failed(fresh(), "http_temporary", retry_after=asked)) == asked
    assert failed(fresh(), "http_temporary", retry_after=asked).outcome == "asked to wait 3 h"
    assert wait(failed(fresh(), "http_temporary", retry_after=timedelta(seconds=5))) >= PACE.floor


def test_gone_is_believed_the_second_time_and_then_asked_monthly() -> None:
    once = failed(fresh(), "http_gone")
    assert wait(once) <= timedelta(hours=1)
    twice = failed(once, "http_gone", once.next_poll_at)
    assert wait(twice) == PACE.gone
    assert ok(twice, twice.next_poll_at, new=1).failures == 0.0


def test_our_own_network_being_down_is_no_fault_of_the_feeds() -> None:
    hosts: dict[str, FetchKind | None] = {"a": "offline", "b": "dns", "c": "offline"}
    assert network_seems_down(hosts)
    assert not network_seems_down({**hosts, "d": None})
    assert not network_seems_down({**hosts, "d": "timeout"})
    assert not network_seems_down({"a": "offline"})
    before = ok(fresh())
    state = while_network_is_down(before, NOW, jitter=0.5)
    assert (state.failures, state.error, state.polls) == (before.failures, before.error, before.polls)
    assert NOW < state.next_poll_at <= NOW + timedelta(minutes=5)


def test_silence_is_expected_only_of_a_feed_whose_rhythm_is_known() -> None:
    assert expects_news_by(fresh()) is None
    busy = replace(ok(fresh(), new=1), polls=500, items=500)
    by = expects_news_by(busy)
    assert by is not None
    assert NOW + timedelta(days=2) <= by <= NOW + timedelta(days=3)


EVENT = st.sampled_from(
    ["new", "quiet", "304", "timeout", "http_gone", "offline", "http_denied", "parse", "429"]
)


@given(st.lists(st.tuples(EVENT, st.floats(0, 1)), max_size=60), st.sampled_from([None, 1, 15, 600]))
def test_over_any_months_the_next_poll_comes_neither_too_soon_nor_never(
    events: list[tuple[str, float]], minutes: int | None
) -> None:
    every = timedelta(minutes=minutes) if minutes else None
    state = fresh()
    for event, jitter in events:
        now = max(state.next_poll_at, NOW)
        if event in ("new", "quiet", "304"):
            answer = UNCHANGED if event == "304" else ANSWER
            state = after_success(
                state, now, jitter=jitter, fetched=answer, new_items=int(event == "new"), items=3, every=every
            )
        elif event == "429":
            error: Exception = FetchError("x", kind="http_temporary", retry_after=timedelta(hours=20))
            state = after_failure(state, now, jitter=jitter, error=error, every=every)
            assert state.next_poll_at - now >= timedelta(hours=20)
        else:
            error = ParseError("x") if event == "parse" else FetchError("x", kind=event)  # type: ignore[arg-type]
            state = after_failure(state, now, jitter=jitter, error=error, every=every)
        pause = state.next_poll_at - now
        assert pause >= (every or PACE.floor)
        assert pause <= PACE.gone * 1.11


@settings(deadline=None, max_examples=25)
@given(st.integers(5, 40_000), st.integers(10, 50), st.sampled_from([0.0, 0.5, 1.0]), st.integers(0, 10**6))
def test_over_three_months_a_steady_feed_loses_no_item_and_is_asked_no_more_than_its_floor_allows(
    gap_minutes: int, window: int, jitter: float, phase: int
) -> None:
    """A feed that shows its last `window` items and gets one every `gap_minutes`."""
    gap = timedelta(minutes=gap_minutes)
    begin = NOW - timedelta(minutes=phase % gap_minutes)
    state, at, seen, polls = fresh(), NOW, (NOW - begin) // gap, 0
    while at < NOW + timedelta(days=90) and polls < 3000:
        published = (at - begin) // gap
        if window * gap > timedelta(hours=8):  # slower rollovers than any interval: nothing may be missed
            assert published - seen <= window
        state = ok(state, at, new=published - seen, jitter=jitter)
        assert state.next_poll_at - at >= PACE.floor
        assert state.next_poll_at - at <= PACE.dormant * 1.11
        seen, at, polls = published, state.next_poll_at, polls + 1
    assert polls <= 90 * 96 + 1


def test_a_clock_that_jumps_back_neither_stalls_nor_floods() -> None:
    state = ok(ok(fresh()), NOW + timedelta(days=2))
    back = ok(state, NOW)
    assert timedelta(0) < back.next_poll_at - NOW <= PACE.slowest * 1.1
