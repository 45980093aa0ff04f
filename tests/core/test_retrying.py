from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from claimwatch.core.retrying import ASKED_AT_MOST, FIRST, LONGEST, wait_before_retry

spans = st.timedeltas(timedelta(seconds=-5), timedelta(days=9000))


@given(st.integers(1, 10_000), spans)
def test_a_wait_is_never_shorter_than_retry_after_up_to_a_day(attempts: int, asked: timedelta) -> None:
    assert wait_before_retry(attempts, asked) >= min(asked, ASKED_AT_MOST)


@given(st.integers(1, 10_000), st.none() | spans)
def test_a_wait_is_never_zero_and_never_over_a_day(attempts: int, asked: timedelta | None) -> None:
    assert FIRST <= wait_before_retry(attempts, asked) <= ASKED_AT_MOST


@given(st.integers(1, 100))
def test_waits_grow_to_half_an_hour(attempts: int) -> None:
    one, next_one = (wait_before_retry(n, None) for n in (attempts, attempts + 1))
    assert one <= next_one <= LONGEST


def test_a_message_is_tried_at_most_twenty_times_an_hour() -> None:
    at, tries = timedelta(0), 1
    while at < timedelta(hours=1):
        at += wait_before_retry(tries, None)
        tries += 1
    assert tries <= 20
