"""Fetching feeds over HTTP: politely, within bounds, and only from where the config allows."""

from __future__ import annotations

import asyncio
import base64
import re
import socket
import ssl
from collections.abc import Callable
from datetime import datetime, timedelta
from types import TracebackType

import h11
import httpx

from claimwatch import __version__
from claimwatch.core.model import Feed, Fetched, PollState
from claimwatch.core.pacing import host_pace
from claimwatch.errors import FetchError, FetchKind
from claimwatch.feeds import answers
from claimwatch.feeds.host_places import HostPlaces
from claimwatch.feeds.inflate import MAX_BYTES, Inflater
from claimwatch.feeds.transport import PRIVATE, GuardedTransport

DEADLINE = timedelta(seconds=30)  # for a whole poll, redirects and all
FULL_EVERY = timedelta(days=1)  # some servers say "not modified" for ever: once a day nobody is asked whether
MAX_REDIRECTS = 9  # so that a poll is at most ten requests
_USERINFO = re.compile(r"//[^/@]*@")
_PERMANENT = (301, 308)
_REDIRECTS = (301, 302, 303, 307, 308)
_LOCATION_BYTES = 8000
_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml;q=0.9,"
    " application/xml;q=0.8, text/xml;q=0.8, */*;q=0.5"
)


class HttpFetcher:
    """Fetches feeds; one for the life of the daemon, used by many polls at once.

    `deadline` bounds a whole poll once its host has a place for it. `contact` is an address where a
    publisher can reach the person who runs this; it goes into the user agent.
    """

    def __init__(
        self,
        *,
        deadline: timedelta = DEADLINE,
        max_bytes: int = MAX_BYTES,
        contact: str | None = None,
        user_agent: str | None = None,
        clock: Callable[[], datetime] | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._deadline = deadline
        self._max_bytes = max_bytes
        self._user_agent = user_agent or f"claimwatch/{__version__} (feed reader" + (
            f"; +{contact})" if contact else ")"
        )
        self._clock = clock
        self._transport = transport or GuardedTransport()
        self._hosts = HostPlaces()
        self._full_at: dict[str, float] = {}  # by feed, on the loop's clock: the last answer with a body

    async def __aenter__(self) -> HttpFetcher:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Let go of connections."""
        await self._transport.aclose()

    async def fetch(self, feed: Feed, state: PollState) -> Fetched:
        """Return what the server answered; `body` is None for "unchanged".

        Validators go only to the address they came from, credentials only to the feed's own origin; with
        `private` set, that origin (and no redirect's) may be a non-public address.

        Raises: FetchError.
        """
        try:
            url = httpx.URL(feed.url.strip())
        except (httpx.InvalidURL, TypeError, ValueError) as error:
            raise FetchError(f"no valid address: {str(error)[:120]}", kind="bad_url") from None
        if url.scheme not in ("http", "https") or not url.host:
            raise FetchError(f"no http address: {_USERINFO.sub('//', feed.url)[:120]}", kind="bad_url")
        seconds = self._deadline.total_seconds()
        async with self._hosts.place(url.host, host_pace(feed)):
            try:
                async with asyncio.timeout(seconds):
                    return await self._follow(feed, state, url)
            except TimeoutError:
                raise FetchError(f"timed out after {seconds:g} s", kind="timeout") from None
            except FetchError:
                raise
            except Exception as error:
                raise failure(error, url.host) from error

    async def _follow(self, feed: Feed, state: PollState, url: httpx.URL) -> Fetched:
        origin = _origin(url)
        moved_for_good = True
        for hop in range(MAX_REDIRECTS + 1):
            response = await self._send(feed, state, url, own=_is_origin(url, origin))
            try:
                if response.status_code not in _REDIRECTS:
                    fetched = await self._read(response, url, state)
                    if fetched.body is not None:
                        self._full_at[feed.name] = asyncio.get_running_loop().time()
                    if hop and moved_for_good:
                        return answers.moved(fetched)
                    return fetched
                moved_for_good = moved_for_good and response.status_code in _PERMANENT
                url = next_url(url, response)
            finally:
                await response.aclose()
        raise FetchError(f"more than {MAX_REDIRECTS} redirects", kind="redirects")

    async def _send(self, feed: Feed, state: PollState, url: httpx.URL, *, own: bool) -> httpx.Response:
        headers: list[tuple[bytes, bytes]] = [
            (b"Host", url.netloc),
            (b"User-Agent", self._user_agent.encode("ascii", "replace")),
            (b"Accept", _ACCEPT.encode()),
            (b"Accept-Encoding", b"gzip"),
        ]
        now = asyncio.get_running_loop().time()
        is_fresh = now - self._full_at.setdefault(feed.name, now) < FULL_EVERY.total_seconds()
        if is_fresh and state.url is not None and str(_bare(url)) == state.url:
            if state.etag:
                headers.append((b"If-None-Match", state.etag.encode("latin-1", "ignore")))
            if state.last_modified:
                headers.append((b"If-Modified-Since", state.last_modified.encode("latin-1", "ignore")))
        credentials = _credentials(feed, url) if own else None
        if credentials:
            headers.append((b"Authorization", b"Basic " + base64.b64encode(credentials)))
        request = httpx.Request("GET", _bare(url), headers=headers)
        if feed.private and own:
            request.extensions[PRIVATE] = True
        return await self._transport.handle_async_request(request)

    async def _read(self, response: httpx.Response, url: httpx.URL, state: PollState) -> Fetched:
        now = self._clock() if self._clock else None
        address = str(_bare(url))
        if response.status_code == 304:
            return answers.unchanged(response, address, state, now)
        if response.status_code != 200:
            raise answers.refusal(response, now)
        length = response.headers.get("content-length", "")
        if length.isascii() and length.isdigit() and int(length[:18]) > self._max_bytes:
            raise FetchError(f"larger than {self._max_bytes / 1_000_000:g} MB", kind="too_large")
        inflater = Inflater(response.headers.get("content-encoding"), self._max_bytes)
        raw = 0
        async for chunk in response.aiter_raw():
            raw += len(chunk)
            if raw > self._max_bytes:
                raise FetchError(f"larger than {self._max_bytes / 1_000_000:g} MB", kind="too_large")
            inflater.feed(chunk)
        return answers.full(response, address, inflater.finish(), now)


def _origin(url: httpx.URL) -> tuple[str, str, int]:
    return url.scheme, url.host.lower().rstrip("."), url.port or (443 if url.scheme == "https" else 80)


def _is_origin(url: httpx.URL, origin: tuple[str, str, int]) -> bool:
    """Return whether `url` is of that origin, or its https twin on the default ports."""
    here = _origin(url)
    return here == origin or (here == ("https", origin[1], 443) and origin[0] == "http" and origin[2] == 80)


def _bare(url: httpx.URL) -> httpx.URL:
    """Return the address without user, password and fragment: what may be stored and shown."""
    return url.copy_with(userinfo=b"", fragment=None) if url.userinfo or url.fragment else url


def _credentials(feed: Feed, url: httpx.URL) -> bytes | None:
    if feed.user is not None:
        return f"{feed.user}:{feed.password or ''}".encode()
    return f"{url.username}:{url.password}".encode() if url.userinfo else None


def next_url(url: httpx.URL, response: httpx.Response) -> httpx.URL:
    """Return where a redirect leads. Raises: FetchError, for an address that nobody may be sent to."""
    raw = next((value for name, value in response.headers.raw if name.lower() == b"location"), b"").strip()
    if not raw:
        raise FetchError("a redirect to nowhere", kind="redirects", status=response.status_code)
    if len(raw) > _LOCATION_BYTES:
        raise FetchError("a redirect to an endless address", kind="redirects", status=response.status_code)
    try:
        location = raw.decode("utf-8")
    except UnicodeDecodeError:
        location = raw.decode("latin-1")
    if "\\" in location:
        # Browsers read "\" as "/", others do not: two readings of one address are how checks are fooled.
        raise FetchError("address not allowed: a redirect with a backslash", kind="blocked_address")
    try:
        target = url.join(location)
        if target.scheme in ("http", "https") and target.host:
            return target
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchError(f"a redirect to no valid address: {str(error)[:100]}", kind="redirects") from None
    raise FetchError(f"address not allowed: a redirect to {target.scheme[:20]}:", kind="blocked_address")


def failure(error: Exception, host: str) -> FetchError:
    """Return an error of the network or a library in our words."""
    kind: FetchKind = "protocol"
    text = f"{type(error).__name__}: {str(error)[:120]}"
    if isinstance(error, ssl.SSLCertVerificationError):
        kind, text = "tls", f"the certificate of {host} is not valid: {error.verify_message}"
    elif isinstance(error, ssl.SSLError):
        kind, text = "tls", f"no secure connection to {host}: {error.reason or error}"
    elif isinstance(error, socket.gaierror):
        if error.errno == socket.EAI_AGAIN:
            kind, text = "offline", f"the name {host} cannot be looked up now"
        else:
            kind, text = "dns", f"there is no host {host}"
    elif isinstance(error, UnicodeError):
        kind, text = "bad_url", f"{host[:80]} is no host name"
    elif isinstance(error, ConnectionRefusedError):
        kind, text = "refused", f"{host} refuses connections"
    elif isinstance(error, (ConnectionResetError, BrokenPipeError)):
        kind, text = "refused", f"{host} broke off the connection"
    elif isinstance(error, OSError):
        kind, text = "offline", f"{host} cannot be reached: {error.strerror or error}"
    elif isinstance(error, h11.RemoteProtocolError):
        text = f"{host} does not speak HTTP properly: {_first(str(error))}"
        if "too long" in text or error.error_status_hint == 431:
            kind, text = "too_large", f"{host} sent endless headers"
    elif isinstance(error, (h11.LocalProtocolError, httpx.InvalidURL)):
        kind, text = "bad_url", f"the address cannot be asked for: {str(error)[:100]}"
    return FetchError(text, kind=kind)


def _first(text: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in text[:100])
