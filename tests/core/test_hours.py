"""Quiet hours and daily times, also on the two odd days of the year."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimwatch.core.hours import day_of, latest, parse_span, quiet_until

PARIS = ZoneInfo("Europe/Paris")
MOMENTS = st.datetimes(*(datetime(y, 1, 1) for y in (2024, 2028)), timezones=st.just(UTC))  # noqa: DTZ001


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


def test_quiet_hours_run_over_midnight() -> None:
    for inside in ("2026-07-10T22:30", "2026-07-11T00:00", "2026-07-11T06:29"):
        assert quiet_until(paris(inside), "22:30-06:30", PARIS) == paris("2026-07-11T06:30")
    for outside in ("2026-07-10T22:29", "2026-07-11T06:30", "2026-07-11T12:00"):
        assert quiet_until(paris(outside), "22:30-06:30", PARIS) is None


def test_quiet_hours_within_a_day_and_until_midnight() -> None:
    assert quiet_until(paris("2026-07-10T13:00"), "12:00-14:00", PARIS) == paris("2026-07-10T14:00")
    assert quiet_until(paris("2026-07-10T23:00"), "22:00-24:00", PARIS) == paris("2026-07-11T00:00")


def test_a_span_that_starts_when_it_ends_holds_nothing() -> None:
    assert quiet_until(paris("2026-07-10T13:00"), "07:00-07:00", PARIS) is None


def test_a_night_is_an_hour_shorter_or_longer_when_the_clocks_change() -> None:
    forward = quiet_until(paris("2026-03-28T23:00"), "22:30-06:30", PARIS)
    back = quiet_until(paris("2026-10-24T23:00"), "22:30-06:30", PARIS)
    assert forward == datetime(2026, 3, 29, 4, 30, tzinfo=UTC)
    assert back == datetime(2026, 10, 25, 5, 30, tzinfo=UTC)


def test_the_latest_daily_time_is_today_or_yesterday() -> None:
    assert latest(paris("2026-07-10T07:00"), "07:00", PARIS) == paris("2026-07-10T07:00")
    assert latest(paris("2026-07-10T06:59"), "07:00", PARIS) == paris("2026-07-09T07:00")
    assert latest(paris("2026-07-10T12:00"), "Mon 07:00", PARIS) == paris("2026-07-06T07:00")


def test_a_daily_time_that_the_clocks_skip_comes_when_they_go_forward() -> None:
    assert latest(paris("2026-03-29T12:00"), "02:30", PARIS) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_what_is_no_span_is_refused() -> None:
    with pytest.raises(ValueError, match="not a span"):
        parse_span("22:30")


@given(MOMENTS)
def test_a_day_holds_its_moment_and_lasts_about_24_hours(at: datetime) -> None:
    start, end = day_of(at, PARIS)
    assert start <= at < end
    assert end - start in (timedelta(hours=23), timedelta(hours=24), timedelta(hours=25))


@given(MOMENTS, st.sampled_from(["22:30-06:30", "00:00-07:00", "12:00-13:00", "23:59-00:01"]))
def test_quiet_ends_after_it_covers_and_then_no_more(at: datetime, span: str) -> None:
    end = quiet_until(at, span, PARIS)
    assert end is None or (at < end <= at + timedelta(hours=25) and quiet_until(end, span, PARIS) is None)


@given(MOMENTS, st.sampled_from(["07:00", "02:30", "Mon 07:00", "Sun 23:59"]))
def test_the_latest_time_is_never_in_the_future_nor_over_a_week_ago(at: datetime, daily: str) -> None:
    last = latest(at, daily, PARIS)
    assert timedelta(0) <= at - last <= timedelta(days=7, hours=1)
