"""What the headers of an answer mean: validators, freshness, waits, refusals."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx

from claimwatch.core.model import Fetched, PollState
from claimwatch.errors import FetchError, FetchKind
from claimwatch.feeds.links import header_links, hub_and_topic

LONGEST_WAIT = timedelta(hours=24)  # of a Retry-After we obey
_NONSENSE = timedelta(days=365)  # a Retry-After from here on is ignored
_VALIDATOR_CHARS = 1000
_REASONS: dict[int, tuple[FetchKind, str]] = {
    401: ("http_denied", "asks for a user name and password"),
    402: ("http_denied", "asks for payment"),
    403: ("http_denied", "forbids access"),
    404: ("http_missing", "not found"),
    406: ("http_denied", "does not want to serve us"),
    407: ("http_denied", "asks for a user name and password"),
    408: ("http_temporary", "the server was tired of waiting"),
    410: ("http_gone", "gone for good"),
    421: ("http_temporary", "misdirected request"),
    425: ("http_temporary", "too early"),
    429: ("http_temporary", "too many requests"),
    451: ("http_denied", "blocked for legal reasons"),
    500: ("http_temporary", "server error"),
    502: ("http_temporary", "bad gateway"),
    503: ("http_temporary", "temporarily unavailable"),
    504: ("http_temporary", "gateway timed out"),
}


def full(response: httpx.Response, url: str, body: bytes, now: datetime | None) -> Fetched:
    """Return a 200 with everything to remember of it."""
    hub, topic = _pushed_by(response, url)
    return Fetched(
        url=url,
        status=200,
        body=body,
        content_type=response.headers.get("content-type"),
        etag=validator(response, b"etag"),
        last_modified=validator(response, b"last-modified"),
        fresh_for=fresh_for(response, now),
        hub=hub,
        topic=topic,
    )


def unchanged(response: httpx.Response, url: str, state: PollState, now: datetime | None) -> Fetched:
    """Return a 304: the validators stay, unless it carries newer ones.

    A 304 that nobody asked for says nothing about any document we have: no validator comes of it.
    """
    asked = state.url == url and (state.etag is not None or state.last_modified is not None)
    return Fetched(
        url=url,
        status=304,
        body=None,
        etag=(validator(response, b"etag") or state.etag) if asked else None,
        last_modified=(validator(response, b"last-modified") or state.last_modified) if asked else None,
        fresh_for=fresh_for(response, now),
    )


def _pushed_by(response: httpx.Response, url: str) -> tuple[str | None, str | None]:
    header = response.headers.get("link")
    return hub_and_topic(header_links(header), url) if header else (None, None)


def moved(fetched: Fetched) -> Fetched:
    """Return the answer marked as found at a new address for good."""
    return replace(fetched, moved_to=fetched.url)


def refusal(response: httpx.Response, now: datetime | None) -> FetchError:
    """Return the error for an answer that is neither 200 nor 304."""
    status = response.status_code
    kind, words = _REASONS.get(status, ("http_temporary" if status >= 500 else "http_missing", "refused"))
    if status < 400:
        kind, words = "protocol", "answered without a document"
    if response.headers.get("cf-mitigated", "").lower() == "challenge":
        kind, words = "http_denied", "asks for a browser check (Cloudflare)"
    wait = retry_after(response, now)
    return FetchError(f"HTTP {status}: {words}", kind=kind, status=status, retry_after=wait)


def retry_after(response: httpx.Response, now: datetime | None) -> timedelta | None:
    """Return how long the server asks us to stay away, at most a day; None when it does not say sensibly.

    Ten years are a mistake, no statement about load: like 0 and -1 they leave us to our own back-off.
    """
    text = response.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        asked = timedelta(seconds=int(text[:10]))
    else:
        until, sent = _date(text), _date(response.headers.get("date", "")) or now
        if until is None or sent is None:
            return None
        asked = until - sent
    return min(asked, LONGEST_WAIT) if timedelta(0) < asked < _NONSENSE else None


def fresh_for(response: httpx.Response, now: datetime | None) -> timedelta | None:
    """Return how long the answer calls itself fresh, by Cache-Control, else by Expires; None when not."""
    control = response.headers.get("cache-control", "").lower()
    parts = [part.strip() for part in control.split(",")[:20]]
    if any(part in ("no-cache", "no-store") for part in parts):
        return None
    for part in parts:
        name, _, value = part.partition("=")
        value = value.strip('" ')
        if name == "max-age" and value.isascii() and value.isdigit():
            return timedelta(seconds=min(int(value[:9]), 31 * 86_400)) or None
    expires, sent = _date(response.headers.get("expires", "")), _date(response.headers.get("date", "")) or now
    if expires is None or sent is None or expires <= sent:
        return None
    return min(expires - sent, timedelta(days=31))


def validator(response: httpx.Response, name: bytes) -> str | None:
    """Return an ETag or Last-Modified byte for byte, or None when it could break the next request."""
    raw = next((value for key, value in response.headers.raw if key.lower() == name), b"").strip()
    if not raw or len(raw) > _VALIDATOR_CHARS or any(byte < 0x20 or byte > 0x7E for byte in raw):
        return None
    return raw.decode("ascii")


def _date(text: str) -> datetime | None:
    if not text or len(text) > 60:
        return None
    try:
        at = parsedate_to_datetime(text)
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
