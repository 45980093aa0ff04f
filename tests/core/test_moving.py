"""When the new address of a feed is believed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from claimwatch.core import moving
from claimwatch.core.model import Feed, Fetched, PollState

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
OLD, NEW, OTHER = "https://herald.example/rss", "https://news.herald.example/rss", "https://post.example/rss"
FEED = Feed("Herald", OLD)
FRESH = PollState("Herald", NOW)


def polled(state: PollState, to: str | None, at: datetime, feed: Feed = FEED) -> PollState:
    return moving.after_answer(feed, state, Fetched(to or OLD, 200, b"x", moved_to=to), at)


def adopted() -> PollState:
    state = FRESH
    for day in range(3):
        state = polled(state, NEW, NOW + day * DAY)
    return state


def test_a_feed_that_moved_is_asked_at_its_new_address_after_three_polls_over_two_days() -> None:
    first = polled(FRESH, NEW, NOW)
    second = polled(first, NEW, NOW + DAY)
    assert {moving.asked(FEED, state).url for state in (FRESH, first, second)} == {OLD}
    third = polled(second, NEW, NOW + 2 * DAY)
    assert moving.asked(FEED, third) == replace(FEED, url=NEW)
    assert third.moved_since_at == NOW
    assert "write it into the config" in (moving.told(third) or "")


def test_many_polls_within_hours_prove_nothing() -> None:
    state = FRESH
    for hour in range(40):
        state = polled(state, NEW, NOW + timedelta(hours=hour))
    assert moving.asked(FEED, state).url == OLD


def test_an_answer_without_redirect_or_a_redirect_elsewhere_begins_anew() -> None:
    two = polled(polled(FRESH, NEW, NOW), NEW, NOW + DAY)
    for between in (None, OTHER):
        state = polled(polled(two, between, NOW + 2 * DAY), NEW, NOW + 3 * DAY)
        assert (state.address, state.moved_polls) == (None, 1)


def test_a_redirect_back_ends_it_at_once() -> None:
    assert moving.asked(FEED, polled(adopted(), OLD, NOW + 5 * DAY)).url == OLD


def test_the_new_address_stays_while_it_answers_and_may_move_on_in_turn() -> None:
    state = polled(adopted(), None, NOW + 4 * DAY)
    assert moving.asked(FEED, state).url == NEW
    for day in (5, 6, 7):
        assert moving.asked(FEED, state).url == NEW
        state = polled(state, OTHER, NOW + day * DAY)
    assert moving.asked(FEED, state).url == OTHER


def test_a_new_address_that_keeps_failing_is_left() -> None:
    state = replace(adopted(), failures=2.5)
    assert moving.asked(FEED, moving.after_failure(state)).url == NEW
    state = replace(state, failures=3.0)
    assert moving.asked(FEED, moving.after_failure(state)).url == OLD


def test_another_address_in_the_config_wins() -> None:
    edited = replace(FEED, url=OTHER)
    assert moving.asked(edited, adopted()) == edited
    assert polled(adopted(), None, NOW + 3 * DAY, edited).address is None


def test_neither_password_nor_leave_for_private_addresses_follows_to_another_host() -> None:
    for feed in (replace(FEED, user="desk"), replace(FEED, private=True)):
        state = FRESH
        for day in range(5):
            state = polled(state, NEW, NOW + day * DAY, feed)
        assert moving.asked(feed, state) == feed
        for day in range(5):
            state = polled(state, OLD + "2", NOW + day * DAY, feed)
        assert moving.asked(feed, state).url == OLD + "2"


@given(st.lists(st.tuples(st.sampled_from([None, OLD, NEW, OTHER]), st.integers(0, 72)), max_size=40))
def test_whatever_redirects_come_an_address_is_never_asked_that_was_not_met_over_days(
    polls: list[tuple[str | None, int]],
) -> None:
    state, at = FRESH, NOW
    met: list[tuple[str | None, datetime]] = []
    for to, hours in polls:
        at += timedelta(hours=hours)
        before = moving.asked(FEED, state).url
        to = None if to == before else to
        state = polled(state, to, at)
        met.append((to, at))
        now_asked = moving.asked(FEED, state).url
        if now_asked not in (before, OLD):
            assert [seen for seen, _ in met[-3:]] == [now_asked] * 3
            first = next(when for seen, when in reversed(met) if seen == now_asked)
            assert first <= at
