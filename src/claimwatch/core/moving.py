"""Feeds that moved for good: when the new address is asked in place of the config's. Pure.

A permanent redirect (301, 308) is believed when several polls over days met it and a feed came from there each
time: hosts that were sold, captive portals and mistakes redirect "for good", too. The config is never changed;
a redirect back, another address in the config or a new address that fails ends it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from claimwatch.core.model import Feed, Fetched, PollState

POLLS = 3  # that must have been sent to the new address
SPAN = timedelta(days=2)  # over which they must have come
PATIENCE = 3.0  # weight of failures at the new address after which the config's is asked again


def asked(feed: Feed, state: PollState) -> Feed:
    """Return the feed with the address that is asked: the adopted one, else the config's."""
    if state.address is None or state.moved_of != feed.url:
        return feed
    return replace(feed, url=state.address)


def after_answer(feed: Feed, state: PollState, fetched: Fetched, now: datetime) -> PollState:
    """Return the state after a poll that brought a feed (or "unchanged"); `feed` is as the config names it."""
    if state.moved_of != feed.url:
        state = replace(_nowhere(state), moved_of=feed.url)
    target = fetched.moved_to
    if target is None:
        if state.address is None:
            return _nowhere(state, of=feed.url)
        return replace(state, moved_to=None, moved_polls=0)
    if target == feed.url or not _may_follow(feed, target):
        return _nowhere(state, of=feed.url)
    if target != state.moved_to or state.moved_since_at is None:
        return replace(state, moved_to=target, moved_polls=1, moved_since_at=now)
    state = replace(state, moved_polls=state.moved_polls + 1)
    if state.moved_polls < POLLS or now - (state.moved_since_at or now) < SPAN:
        return state
    return replace(state, address=target, moved_to=None, moved_polls=0)


def after_failure(state: PollState) -> PollState:
    """Return the state after a failed poll: an adopted address that keeps failing is left."""
    if state.address is not None and state.failures >= PATIENCE:
        return _nowhere(state, of=state.moved_of)
    return state


def told(state: PollState) -> str | None:
    """Return in words where a feed moved to, or None."""
    if state.address is not None:
        return f"moved to {state.address} (asked there; write it into the config)"
    if state.moved_to is not None:
        return f"moved to {state.moved_to}"
    return None


def _nowhere(state: PollState, of: str | None = None) -> PollState:
    return replace(state, address=None, moved_of=of, moved_to=None, moved_polls=0, moved_since_at=None)


def _may_follow(feed: Feed, target: str) -> bool:
    """Credentials and the leave to ask a private address are for the config's own host only."""
    if feed.user is None and not feed.private and "@" not in urlsplit(feed.url).netloc:
        return True
    here, there = urlsplit(feed.url), urlsplit(target)
    same = (here.scheme, here.hostname, here.port) == (there.scheme, there.hostname, there.port)
    return same and "@" not in here.netloc
