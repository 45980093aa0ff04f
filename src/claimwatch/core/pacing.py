"""When a feed is polled next, and what is remembered of a poll. Pure: the clock and chance come as arguments.

The poll station calls `after_success` or `after_failure` and stores what comes back in the transaction that
stores the items; `network_seems_down` first, when several polls of one round failed. `jitter` is a number in
0..1 drawn by the caller.

The rules (constants from mediacloud's rss-fetcher where named so): failures weigh hard 1, soft 1/2, temporary
1/4; from a weight of 1 on the wait is interval times weight, at most a day, past 30 at most 30 days. No feed
is ever given up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from claimwatch.core.model import Feed, Fetched, HostPace, PollState
from claimwatch.errors import FetchError, FetchKind

HARD, SOFT, TEMPORARY = 1.0, 0.5, 0.25
_WEIGHTS: Mapping[FetchKind, float] = {
    "bad_url": HARD,
    "blocked_address": HARD,
    "http_denied": HARD,
    "http_gone": HARD,
    "offline": TEMPORARY,
}
# what a poll meets when our own network is down
UNREACHABLE: frozenset[FetchKind] = frozenset({"offline", "dns"})


@dataclass(frozen=True, slots=True)
class Pace:
    """The limits of polling; the defaults suit news."""

    floor: timedelta = timedelta(minutes=15)  # never more often by itself
    named_floor: timedelta = timedelta(minutes=1)  # nor more often where the config names an interval
    slowest: timedelta = timedelta(hours=1)  # a quiet feed is still asked this often
    dormant: timedelta = timedelta(hours=6)  # one that brought nothing new for a month
    dormant_after: timedelta = timedelta(days=31)
    hint: timedelta = timedelta(hours=2)  # TTL and Cache-Control slow us down this much at most
    back_off: timedelta = timedelta(hours=24)
    back_off_dead: timedelta = timedelta(days=30)
    dead_above: float = 30.0  # weight of failures
    gone: timedelta = timedelta(days=30)  # after a second 410
    jitter: float = 0.1  # of the interval


DEFAULT_PACE = Pace()


# mediacloud's rss-fetcher: two at a time; spaced so that a host with hundreds of our feeds still sees each in time
PUBLIC_HOST = HostPace(at_once=2, spacing=timedelta(seconds=2))
OWN_HOST = HostPace(at_once=64, spacing=timedelta(0))  # needs no such care, and often serves many feeds
HELD = 2.0  # seconds after which a slow answer gives its place to the next feed of its host


def host_pace(feed: Feed) -> HostPace:
    """Return how the feed's host is asked: as the config says, else politely; one's own host as fast as it can."""
    return feed.pace or (OWN_HOST if feed.private else PUBLIC_HOST)


def after_success(
    state: PollState,
    now: datetime,
    *,
    jitter: float,
    fetched: Fetched,
    new_items: int = 0,
    items: int | None = None,
    every: timedelta | None = None,
    refresh_every: timedelta | None = None,
    body_hash: str | None = None,
    pace: Pace = DEFAULT_PACE,
) -> PollState:
    """Return the state after a poll that was answered.

    `every` is the config's own interval; without it the feed's rhythm decides: half as long after news, a
    quarter longer after none, slowed by what the feed (`refresh_every`) and the server ask for. `items` is
    the number in the document, None when it was unchanged.
    """
    interval = _by_rhythm(state, now, new_items > 0, pace) if every is None else max(every, pace.named_floor)
    if every is None:
        for hint in (refresh_every, fetched.fresh_for):
            if hint is not None:
                interval = max(interval, min(hint, pace.hint))
    if fetched.body is None or items is None:
        outcome = "unchanged"
    elif items == 0:
        outcome = "ok, but empty"
    else:
        outcome = f"ok, {new_items} new of {items}"
    return replace(
        state,
        next_poll_at=now + interval * (1 + pace.jitter * jitter),
        last_poll_at=now,
        last_ok_at=now,
        last_new_at=now if new_items else state.last_new_at,
        outcome=outcome,
        error=None,
        failing_since_at=None,
        failures=0.0,
        etag=fetched.etag,
        last_modified=fetched.last_modified,
        body_hash=body_hash if body_hash is not None else state.body_hash,
        polls=state.polls + 1,
        items=state.items + new_items,
        url=fetched.url,
    )


def after_failure(
    state: PollState,
    now: datetime,
    *,
    jitter: float,
    error: Exception,
    every: timedelta | None = None,
    pace: Pace = DEFAULT_PACE,
) -> PollState:
    """Return the state after a poll that failed (FetchError, or ParseError: what came was no feed).

    The wait grows with the weight of the failures and is never shorter than the server asked for. Validators
    stay: nothing of the failed answer is remembered, so a cut body is asked for again.
    """
    kind: FetchKind = error.kind if isinstance(error, FetchError) else "protocol"
    failures = state.failures + _WEIGHTS.get(kind, SOFT)
    interval = max(every, pace.named_floor) if every is not None else pace.floor
    wait = interval * max(1.0, failures)
    cap = pace.back_off if failures <= pace.dead_above else pace.back_off_dead
    wait = min(wait, max(cap, interval))
    if kind == "http_gone" and failures >= 2 * HARD and _gone_before(state):
        wait = max(wait, pace.gone)
    wait *= 1 + pace.jitter * jitter
    asked = error.retry_after if isinstance(error, FetchError) else None
    if asked is not None:
        # Spread above what was asked, never below: many feeds of one host were told the same.
        wait = max(wait, asked * (1 + pace.jitter * jitter))
    return replace(
        state,
        next_poll_at=now + wait,
        last_poll_at=now,
        outcome=_outcome(kind, asked),
        error=str(error),
        failing_since_at=state.failing_since_at or now,
        failures=failures,
        polls=state.polls + 1,
    )


def while_network_is_down(
    state: PollState, now: datetime, *, jitter: float, pace: Pace = DEFAULT_PACE
) -> PollState:
    """Return the state of a feed whose poll failed because our own network is down: nothing is counted.

    It is asked again within a few minutes, spread so that the return of the network is no stampede.
    """
    return replace(
        state,
        next_poll_at=now + timedelta(minutes=1) + timedelta(minutes=4) * jitter,
        outcome="waiting: our network seems to be down",
    )


def network_seems_down(kinds_by_host: Mapping[str, FetchKind | None], *, at_least: int = 3) -> bool:
    """Return whether polls of one round say that it is our network, not the feeds: every host failed alike.

    `kinds_by_host` holds the last outcome of each host polled, None for an answer of any kind (a 404 is an
    answer: give None for it). Fewer than `at_least` hosts prove nothing.
    """
    kinds = list(kinds_by_host.values())
    return len(kinds) >= at_least and all(kind in UNREACHABLE for kind in kinds)


def expects_news_by(
    state: PollState, *, quiet_factor: float = 10.0, pace: Pace = DEFAULT_PACE
) -> datetime | None:
    """Return until when a feed's silence is normal; None while its rhythm is not known.

    That is `quiet_factor` times its usual gap, but two days at least: quiet nights and weekends are no alarm.
    """
    gap = usual_gap(state, pace=pace)
    if gap is None or state.last_new_at is None:
        return None
    return state.last_new_at + max(gap * quiet_factor, timedelta(days=2))


def usual_gap(state: PollState, *, pace: Pace = DEFAULT_PACE) -> timedelta | None:
    """Return the mean span between a feed's items at most; None while its rhythm is not known.

    It counts as known from twenty polls and twenty items on; as polls are at most `pace.slowest` apart while a
    feed is alive, the true mean is rather shorter.
    """
    if min(state.items, state.polls) < 20:
        return None
    return pace.slowest * state.polls / state.items


def _by_rhythm(state: PollState, now: datetime, news: bool, pace: Pace) -> timedelta:
    """Return the interval: the last one halved after news, a quarter longer after none, within the bounds."""
    if news or state.last_poll_at is None:
        last = state.next_poll_at - state.last_poll_at if state.last_poll_at is not None else pace.floor
        return max(pace.floor, min(last / 2, pace.slowest))
    last = max(pace.floor, state.next_poll_at - state.last_poll_at)
    quiet_since = state.last_new_at or state.last_ok_at
    dormant = quiet_since is not None and now - quiet_since > pace.dormant_after
    return min(last * 1.25, pace.dormant if dormant else pace.slowest)


def _gone_before(state: PollState) -> bool:
    return state.outcome.startswith("gone")


def _outcome(kind: FetchKind, asked: timedelta | None) -> str:
    if kind == "http_gone":
        return "gone"
    if asked is not None:
        return f"asked to wait {_span(asked)}"
    return {
        "offline": "not reachable",
        "dns": "no such host",
        "refused": "not reachable",
        "timeout": "timed out",
        "tls": "no secure connection",
        "blocked_address": "address not allowed",
        "too_large": "too large",
        "redirects": "redirects nowhere",
        "http_temporary": "temporarily refused",
        "http_denied": "access denied",
        "http_missing": "not found",
        "encoding": "unreadable",
        "protocol": "no feed came",
        "bad_url": "no valid address",
    }.get(kind, "failed")


def _span(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    if seconds < 120:
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < 7200 else f"{seconds // 3600} h"
