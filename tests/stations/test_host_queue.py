"""Which taken feed is polled next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from claimwatch.core.model import Feed, HostPace, PollState
from claimwatch.core.pacing import HELD, PUBLIC_HOST
from claimwatch.poll.host_queue import HostQueue

NOW = datetime(2026, 7, 14, 8, tzinfo=UTC)


def queue(*feeds: Feed) -> HostQueue:
    waiting = HostQueue()
    for feed in feeds:
        waiting.add(feed, PollState(feed.name, NOW))
    return waiting


def begun(waiting: HostQueue, at: float) -> list[str]:
    names = []
    while (chosen := waiting.begin(at)) is not None:
        names.append(chosen[0].name)
    return names


def feed(name: str, host: str = "herald.example", pace: HostPace | None = None) -> Feed:
    return Feed(name, f"https://{host}/{name}", pace=pace)


def test_a_host_with_many_feeds_is_asked_for_a_few_at_a_time_and_holds_up_no_other() -> None:
    waiting = queue(*(feed(f"h{n}") for n in range(5)), feed("p", "post.example"))
    assert PUBLIC_HOST.at_once == 2
    assert begun(waiting, 0.0) == ["h0", "h1", "p"]
    waiting.end(feed("h0"))
    assert begun(waiting, 0.1) == ["h2"]


def test_a_poll_that_takes_long_gives_its_place_away() -> None:
    waiting = queue(*(feed(f"h{n}") for n in range(4)))
    assert begun(waiting, 0.0) == ["h0", "h1"]
    assert begun(waiting, HELD - 0.1) == []
    assert begun(waiting, HELD + 0.1) == ["h2", "h3"]


def test_the_config_may_say_how_many_at_a_time() -> None:
    waiting = queue(*(feed(f"h{n}", pace=HostPace(1, timedelta(0))) for n in range(3)))
    assert begun(waiting, 0.0) == ["h0"]


def test_the_hosts_that_feeds_wait_for_are_known_until_the_last_has_begun() -> None:
    waiting = queue(feed("h0"), feed("p", "post.example"))
    assert set(waiting.hosts) == {("herald.example", False), ("post.example", False)}
    begun(waiting, 0.0)
    assert not waiting.hosts
