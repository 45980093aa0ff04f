"""Feeds that are pushed: when a hub is asked, asked again, and left (W3C WebSub). Pure: the time is given.

A push is taken as a word that there is news, never as the news: the feed is then polled. So items come one
way, and whoever forges or withholds a push can make us ask early, or leave us with our own rhythm, no more.
That rhythm stays as it was: a hub that falls silent must not make anything come later than without it.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from claimwatch.core.model import Document, Fetched, PollState
from claimwatch.core.safety import clean

LEASE = timedelta(days=10)  # asked for; also what a hub that names none is taken to mean
LONGEST_LEASE = timedelta(days=90)
RENEW_AFTER = 0.75  # of the lease
SOONEST_RENEWAL = timedelta(minutes=1)
RETRY, SLOWEST_RETRY = timedelta(hours=1), timedelta(days=1)
FAREWELLS = 5  # a hub that does not let go is told so often
OF_ONE_FEED = 3  # subscriptions, old ones that are being left included: a feed may name another hub each time
BETWEEN_POLLS = timedelta(minutes=1)  # however often a feed is pushed
METHODS = ("sha512", "sha384", "sha256", "sha1")  # of signatures, the best first


class Standing(StrEnum):
    """How it stands with a hub."""

    ASKED = "asked"  # is to be asked, or was and has not confirmed
    ACTIVE = "active"
    DENIED = "denied"
    LEAVING = "leaving"


@dataclass(frozen=True, slots=True)
class Advert:
    """A feed says which hub pushes it, under which address (`topic`)."""

    feed: str
    hub: str
    topic: str
    private: bool = False


@dataclass(frozen=True, slots=True)
class Subscription:
    """What we agreed on with a hub. `token` ends the address it calls, which nobody else knows."""

    token: str
    feed: str
    hub: str
    topic: str
    callback: str
    secret: str = field(repr=False)
    private: bool
    standing: Standing
    next_at: datetime  # when the hub is asked next
    tries: int = 0  # since it last confirmed
    until_at: datetime | None = None
    pushed_at: datetime | None = None  # the last push with a right signature
    error: str | None = None

    @property
    def base(self) -> str:
        """What the config called our public address when the hub was asked."""
        return self.callback.removesuffix(f"/{self.token}")


def with_hub(state: PollState, fetched: Fetched, document: Document | None) -> PollState:
    """Return the state with the hub that the answer's headers name, else the document; unchanged: as before."""
    if fetched.hub is not None:
        return replace(state, hub=fetched.hub, topic=fetched.topic or fetched.url)
    if document is None:
        return state
    if document.hub is None:
        return replace(state, hub=None, topic=None)
    return replace(state, hub=document.hub, topic=document.topic or fetched.url)


def to_begin(adverts: Iterable[Advert], held: Sequence[Subscription], callback: str) -> list[Advert]:
    """Return the adverts that nothing was asked for yet."""
    wanted = {_key(s, s.base) for s in held if s.standing is not Standing.LEAVING}
    count: dict[str, int] = {}
    for each in held:
        count[each.feed] = count.get(each.feed, 0) + 1
    return [a for a in adverts if _key(a, callback) not in wanted and count.get(a.feed, 0) < OF_ONE_FEED]


def to_leave(adverts: Iterable[Advert], held: Sequence[Subscription], callback: str) -> list[Subscription]:
    """Return the subscriptions that nothing advertises any more, or that lead to another address of ours."""
    wanted = {_key(a, callback) for a in adverts}
    return [s for s in held if s.standing is not Standing.LEAVING and _key(s, s.base) not in wanted]


def _key(of: Advert | Subscription, base: str) -> tuple[str, str, str, bool, str]:
    return of.feed, of.hub, of.topic, of.private, base


def leaving(held: Subscription, now: datetime) -> Subscription | None:
    """Return the subscription as one to be ended; None when the hub knows nothing of it."""
    if held.standing is Standing.DENIED or (held.until_at is None and not held.tries):
        return None
    return replace(held, standing=Standing.LEAVING, next_at=now, tries=0)


def is_over(held: Subscription, now: datetime) -> bool:
    """Return whether a subscription that is being left can be forgotten."""
    if held.standing is not Standing.LEAVING or held.next_at > now:
        return False
    return held.tries >= FAREWELLS or (held.until_at is not None and held.until_at <= now)


def after_asking(held: Subscription, now: datetime) -> Subscription:
    """Return the subscription once its hub is being asked; without a confirmation it is asked again, slowly."""
    wait = min(RETRY * 2 ** min(held.tries, 10), SLOWEST_RETRY)
    standing = Standing.ASKED if held.standing is Standing.DENIED else held.standing
    return replace(held, standing=standing, next_at=now + wait, tries=held.tries + 1)


def after_failure(held: Subscription, error: str) -> Subscription:
    """Return the subscription after a request that failed, unless the hub confirmed it all the same."""
    return replace(held, error=clean(error, limit=200)) if held.tries else held


def answered(
    held: Subscription, query: Mapping[str, str], now: datetime
) -> tuple[Subscription | None, str] | None:
    """Return what becomes of a subscription (None: ended) and what its hub is answered; None: not ours.

    `query` is what the hub calls us with: to confirm what we asked for, or to deny it.
    """
    mode, challenge = query.get("hub.mode"), query.get("hub.challenge", "")
    if query.get("hub.topic") != held.topic:
        return None
    if mode == "denied" and held.standing is not Standing.LEAVING:
        reason = clean(query.get("hub.reason", ""), limit=200) or "no reason given"
        denied = replace(
            held, standing=Standing.DENIED, until_at=None, error=reason, next_at=now + SLOWEST_RETRY
        )
        return denied, ""
    if not challenge:
        return None
    if mode == "unsubscribe" and held.standing is Standing.LEAVING and held.tries:
        return None, challenge
    asked = held.standing is Standing.ACTIVE or (held.standing is Standing.ASKED and held.tries > 0)
    if mode == "subscribe" and asked:
        lease = _lease(query.get("hub.lease_seconds", ""))
        active = replace(
            held,
            standing=Standing.ACTIVE,
            until_at=now + lease,
            next_at=now + max(lease * RENEW_AFTER, SOONEST_RENEWAL),
            tries=0,
            error=None,
        )
        return active, challenge
    return None


def _lease(seconds: str) -> timedelta:
    if not (seconds.isascii() and seconds.isdigit()):
        return LEASE
    return min(timedelta(seconds=int(seconds[:12])), LONGEST_LEASE)


def best_signature(headers: Iterable[str]) -> tuple[str, str] | None:
    """Return method and digest (hexadecimal) of the best of these X-Hub-Signature headers, None without any."""
    found: dict[str, str] = {}
    for header in headers:
        method, _, digest = header.strip().partition("=")
        if digest.isascii():
            found.setdefault(method.lower(), digest.strip().lower())
    return next(((method, found[method]) for method in METHODS if method in found), None)


def is_signed(counted: str, digest: str) -> bool:
    """Return whether both digests are the same, in a time that does not tell where they differ."""
    return hmac.compare_digest(counted.encode(), digest.encode())


def may_be_polled(last_poll_at: datetime | None, now: datetime) -> bool:
    """Return whether a push may have its feed polled now; one that may not waits, and is not lost."""
    return last_poll_at is None or not now - BETWEEN_POLLS < last_poll_at <= now


def told(held: Subscription, now: datetime) -> str | None:
    """Return in words how it stands with the hub; None when there is nothing to say."""
    host = urlsplit(held.hub).hostname or held.hub
    if held.standing is Standing.LEAVING:
        return None
    if held.standing is Standing.DENIED:
        return f"hub {host} denies pushes: {held.error}"
    if held.until_at is not None and held.until_at > now:
        return f"pushed by hub {host} until {held.until_at:%d %b %H:%M} UTC"
    if held.error:
        return f"hub {host} was asked for pushes: {held.error}"
    return f"hub {host} was asked for pushes, no answer yet"


def told_by_feed(held: Iterable[Subscription], now: datetime) -> dict[str, str]:
    """Return for each feed with a hub how it stands with that."""
    return {each.feed: words for each in held if (words := told(each, now))}
