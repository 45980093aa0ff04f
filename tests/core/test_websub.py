"""When hubs are asked, asked again and left: a clock that is moved by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from claimwatch.core.model import Document, Fetched, PollState
from claimwatch.core.websub import (
    FAREWELLS,
    OF_ONE_FEED,
    Advert,
    Standing,
    Subscription,
    after_asking,
    after_failure,
    answered,
    best_signature,
    is_over,
    is_signed,
    leaving,
    may_be_polled,
    to_begin,
    to_leave,
    told,
    with_hub,
)

NOW = datetime(2026, 7, 14, 8, tzinfo=UTC)
HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
HUB, TOPIC, CALLBACK = "https://hub.example/", "https://herald.example/rss", "https://cw.example/websub"
ADVERT = Advert("Herald", HUB, TOPIC)
NEW = Subscription(
    "t0k3n",
    "Herald",
    HUB,
    TOPIC,
    f"{CALLBACK}/t0k3n",
    "s3cret",
    private=False,
    standing=Standing.ASKED,
    next_at=NOW,
)
ASKED = after_asking(NEW, NOW)
CONFIRM = {"hub.mode": "subscribe", "hub.topic": TOPIC, "hub.challenge": "c", "hub.lease_seconds": "864000"}


def confirmed(**other: str) -> Subscription:
    answer = answered(ASKED, CONFIRM | {f"hub.{key}": value for key, value in other.items()}, NOW)
    assert answer is not None
    assert answer[0] is not None
    return answer[0]


def test_a_hub_is_asked_once_and_no_more_while_it_is_held() -> None:
    assert to_begin([ADVERT], [], CALLBACK) == [ADVERT]
    assert to_begin([ADVERT], [NEW], CALLBACK) == []
    assert to_leave([ADVERT], [NEW], CALLBACK) == []


@pytest.mark.parametrize(
    "adverts",
    [
        [],
        [replace(ADVERT, hub="https://other.example/")],
        [replace(ADVERT, topic="https://herald.example/new")],
    ],
)
def test_what_nothing_advertises_any_more_is_left(adverts: list[Advert]) -> None:
    assert to_leave(adverts, [NEW], CALLBACK) == [NEW]
    assert to_begin(adverts, [NEW], CALLBACK) == adverts


def test_another_callback_means_other_subscriptions() -> None:
    other = "https://new.example/websub"
    assert to_begin([ADVERT], [NEW], other) == [ADVERT]
    assert to_leave([ADVERT], [NEW], other) == [NEW]


def test_a_feed_that_names_another_hub_each_time_does_not_make_ever_more_subscriptions() -> None:
    old = [replace(NEW, token=str(n), standing=Standing.LEAVING) for n in range(OF_ONE_FEED)]
    assert to_begin([ADVERT], old, CALLBACK) == []


def test_a_confirmation_is_answered_only_when_it_was_asked_for() -> None:
    assert answered(ASKED, CONFIRM, NOW) == (confirmed(), "c")
    assert answered(NEW, CONFIRM, NOW) is None  # not asked yet
    assert answered(ASKED, CONFIRM | {"hub.topic": "https://herald.example/other"}, NOW) is None
    assert answered(ASKED, CONFIRM | {"hub.mode": "unsubscribe"}, NOW) is None
    assert answered(ASKED, CONFIRM | {"hub.challenge": ""}, NOW) is None
    assert answered(ASKED, {}, NOW) is None
    left = leaving(confirmed(), NOW)
    assert left is not None
    assert answered(after_asking(left, NOW), CONFIRM, NOW) is None  # we are about to leave
    assert answered(after_asking(left, NOW), CONFIRM | {"hub.mode": "unsubscribe"}, NOW) == (None, "c")


def test_it_is_renewed_before_the_lease_ends_and_the_hub_confirms_again() -> None:
    held = confirmed()
    assert held.until_at == NOW + 10 * DAY
    assert NOW + 5 * DAY < held.next_at < held.until_at - DAY
    renewing = after_asking(held, held.next_at)
    assert renewing.standing is Standing.ACTIVE  # pushes go on meanwhile
    answer = answered(renewing, CONFIRM, held.next_at)
    assert answer is not None
    assert answer[0] is not None
    assert answer[0].until_at == held.next_at + 10 * DAY


@pytest.mark.parametrize(
    ("seconds", "lease"),
    [("60", MINUTE), ("0", timedelta(0)), ("", 10 * DAY), ("-5", 10 * DAY), ("9" * 40, 90 * DAY)],
)
def test_any_lease_is_taken_but_no_hub_is_asked_more_than_once_a_minute(
    seconds: str, lease: timedelta
) -> None:
    held = confirmed(lease_seconds=seconds)
    assert held.until_at == NOW + lease
    assert held.next_at >= NOW + MINUTE


def test_a_hub_that_does_not_confirm_is_asked_ever_more_slowly_but_each_day() -> None:
    held, waits = NEW, []
    for _ in range(12):
        asked = after_asking(held, held.next_at)
        waits.append(asked.next_at - held.next_at)
        held = after_failure(asked, "HTTP 500: refused")
    assert waits[0] == HOUR
    assert waits == sorted(waits)
    assert waits[-1] == DAY


def test_a_failure_after_the_hub_confirmed_is_none() -> None:
    assert after_failure(confirmed(), "timed out") == confirmed()


def test_a_denial_ends_pushes_and_the_hub_is_asked_again_after_a_day() -> None:
    answer = answered(
        confirmed(), {"hub.mode": "denied", "hub.topic": TOPIC, "hub.reason": "not\nlisted"}, NOW
    )
    assert answer is not None
    denied = answer[0]
    assert denied is not None
    assert (denied.standing, denied.until_at, denied.next_at) == (Standing.DENIED, None, NOW + DAY)
    assert told(denied, NOW) == "hub hub.example denies pushes: not listed"
    assert after_asking(denied, NOW + DAY).standing is Standing.ASKED


def test_one_that_is_left_is_forgotten_when_its_lease_ends_or_its_hub_stays_deaf() -> None:
    assert leaving(NEW, NOW) is None  # the hub knows nothing of it
    left = leaving(confirmed(), NOW)
    assert left is not None
    assert not is_over(left, NOW)
    assert is_over(replace(left, next_at=NOW + 11 * DAY), NOW + 11 * DAY)
    for _ in range(FAREWELLS):
        assert not is_over(left, left.next_at)
        left = after_asking(left, left.next_at)
    assert is_over(left, left.next_at)


def test_the_best_signature_counts_and_what_is_none_does_not() -> None:
    assert best_signature(["sha1=AA", "sha256=BB"]) == ("sha256", "bb")
    assert best_signature(["sha1=aa"]) == ("sha1", "aa")
    assert best_signature(["md5=aa", "sha256", "crc32=1", "sha1=é"]) in (None, ("sha256", ""))
    assert best_signature([]) is None
    assert is_signed("ab", "ab")
    assert not is_signed("ab", "")


def test_a_feed_is_polled_for_pushes_at_most_once_a_minute() -> None:
    assert may_be_polled(None, NOW)
    assert not may_be_polled(NOW - MINUTE / 2, NOW)
    assert may_be_polled(NOW - MINUTE, NOW)
    assert may_be_polled(NOW + HOUR, NOW)  # the clock was put back


def test_headers_name_the_hub_before_the_document_and_an_unchanged_feed_keeps_its_own() -> None:
    state, bare = PollState("Herald", NOW), Fetched("https://herald.example/rss", 200, b"")
    document = Document("Herald", "en", (), hub=HUB, topic=TOPIC)
    pushed = with_hub(state, bare, document)
    assert (pushed.hub, pushed.topic) == (HUB, TOPIC)
    assert with_hub(pushed, bare, None) == pushed
    assert with_hub(pushed, bare, replace(document, hub=None)).hub is None
    by_header = with_hub(state, replace(bare, hub="https://header.example/"), document)
    assert (by_header.hub, by_header.topic) == ("https://header.example/", bare.url)


def test_people_are_told_who_pushes_until_when() -> None:
    assert told(confirmed(), NOW) == "pushed by hub hub.example until 24 Jul 08:00 UTC"
    assert told(confirmed(), NOW + 11 * DAY) == "hub hub.example was asked for pushes, no answer yet"
    assert "secret" not in repr(NEW)
    assert NEW.secret not in repr(NEW)
