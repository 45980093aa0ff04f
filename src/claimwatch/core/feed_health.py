"""How a feed does, in one word, since when, and why it is asked next when it is. Pure: the time is given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from claimwatch.core import moving
from claimwatch.core.model import Feed, PollState
from claimwatch.core.pacing import expects_news_by, usual_gap

NOTHING_FOUND = "finds nothing on the page"  # what a feed that is selected from a page says when it is empty


class Health(StrEnum):
    """The states of a feed, from the best to the worst."""

    OK = "ok"
    NEW = "new"  # never asked yet
    MOVED = "moved"  # answers from another address for good
    SLOW = "slow"  # no answer in time, or asked us to wait: comes back by itself
    SILENT = "silent"  # answers, but is quiet far beyond its rhythm
    EMPTY = "empty"  # answers with a feed that holds nothing
    BLOCKED = "blocked"  # refuses us
    BROKEN = "broken"  # answers with something that cannot be read as a feed
    GONE = "gone"  # is not there any more


GAP = "no item in common with the last poll: some may be missing, poll faster"


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """`since` is None where nobody knows; `why_next` says why the next poll comes when it comes."""

    state: Health
    since: datetime | None
    last_item_at: datetime | None  # when something new was last seen
    next_poll_at: datetime | None
    why_next: str
    detail: str  # what the last poll said


# How the outcome of a failed poll begins (core.pacing).
_OUTCOMES = (
    (("gone", "not found", "no such host"), Health.GONE),
    (("access denied", "address not allowed"), Health.BLOCKED),
    (("asked to wait", "not reachable", "timed out", "temporarily refused", "waiting"), Health.SLOW),
)


def health_of(feed: Feed, state: PollState | None, now: datetime) -> FeedHealth:
    """Return how a feed does, from what is stored of it (None: nothing yet)."""
    if state is None or state.last_poll_at is None:
        next_at = state.next_poll_at if state is not None else None
        return FeedHealth(Health.NEW, None, None, next_at, "first poll", "never polled")
    word, since = _state(state, now)
    return FeedHealth(
        state=word,
        since=since,
        last_item_at=state.last_new_at,
        next_poll_at=state.next_poll_at,
        why_next=_why_next(feed, state, word),
        detail=state.error or silence(state, now) or state.outcome,
    )


def _state(state: PollState, now: datetime) -> tuple[Health, datetime | None]:
    if state.error and NOTHING_FOUND in state.error:
        return Health.EMPTY, state.failing_since_at
    if state.error:
        word = next((word for begins, word in _OUTCOMES if state.outcome.startswith(begins)), Health.BROKEN)
        return word, state.failing_since_at
    if "but empty" in state.outcome:
        return Health.EMPTY, state.last_new_at
    if silence(state, now) is not None:
        return Health.SILENT, state.last_new_at
    if state.address or state.moved_to:
        return Health.MOVED, state.moved_since_at
    return Health.OK, None


def notice(state: PollState, now: datetime) -> str | None:
    """Return what a person should know of a feed that answers, or None: silent, moved, or items missed."""
    if state.error:
        return None
    if (quiet := silence(state, now)) is not None:
        return quiet
    if GAP in state.outcome:
        return GAP
    return moving.told(state)


def silence(state: PollState, now: datetime) -> str | None:
    """Return in words how long a feed is quiet, when that is far beyond its rhythm; else None."""
    expected, gap = expects_news_by(state), usual_gap(state)
    if expected is None or gap is None or state.last_new_at is None or expected >= now:
        return None
    quiet = spoken_span(now - state.last_new_at)
    return f"nothing new for {quiet} (usual gap {spoken_span(gap)})"


def _why_next(feed: Feed, state: PollState, word: Health) -> str:
    if state.outcome.startswith(("asked to wait", "waiting")):
        return state.outcome
    if state.outcome.startswith("gone"):
        return "gone: asked seldom"
    if state.error:
        return "after a failure" if state.failures < 1 else "backing off"
    return "as the config says" if feed.every is not None else "its own rhythm"


def spoken_span(span: timedelta) -> str:
    """Return a span as it fits a table: "now", "40 s", "5 min", "3 h", "12 d"."""
    seconds = int(span.total_seconds())
    for limit, unit, size in ((100, "s", 1), (100 * 60, "min", 60), (48 * 3600, "h", 3600)):
        if seconds < limit:
            return f"{seconds // size} {unit}" if seconds > 0 else "now"
    return f"{seconds // 86_400} d"
