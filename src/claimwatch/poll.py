"""First station: take due feeds, fetch and read them, select what is new, match topics, commit.

A poll is committed whole: items, matches, validators and the next due time in one transaction. Nothing of a
poll that failed is remembered but the failure.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import blake2b
from urllib.parse import urlsplit

import structlog

from claimwatch.core.model import Document, Feed, Fetched, Item, Match, PollState
from claimwatch.core.novelty import (
    Novelty,
    content_hash,
    entry_key,
    select_new,
    shares_no_item,
    with_sane_dates,
)
from claimwatch.core.pacing import (
    DEFAULT_PACE,
    UNREACHABLE,
    after_failure,
    after_success,
    network_seems_down,
    while_network_is_down,
)
from claimwatch.core.work import NewItem, PollOutcome
from claimwatch.errors import FetchError, FetchKind, ParseError, StorageError
from claimwatch.protocols import EntryMemory, Fetcher, Parser, PollStore

log = structlog.get_logger("claimwatch.poll")

LEASE = timedelta(minutes=10)
# a feed on one's own machine may be asked every second where the config says so
PRIVATE_PACE = replace(DEFAULT_PACE, floor=timedelta(minutes=1), named_floor=timedelta(seconds=1))
NETWORK_WINDOW = timedelta(seconds=90)  # outcomes this fresh tell whether our own network is down
NETWORK_DOWN = "our network seems to be down"


class PollStation:
    """Polls what is due, many feeds at once; the fetcher spaces those of one host."""

    def __init__(
        self,
        *,
        store: PollStore,
        feeds: Sequence[Feed],
        fetcher: Fetcher,
        parser: Parser,
        match: Callable[[Item], list[Match]],
        at_once: int,
        young: timedelta,
        clock: Callable[[], datetime],
        jitter: Callable[[], float],
        memory: EntryMemory | None = None,
    ) -> None:
        self._store = store
        self._memory = memory  # what need not be read again; None reads every document whole
        self._fetcher = fetcher
        self._parser = parser
        self.use(feeds=feeds, match=match, at_once=at_once, young=young)
        self.now = clock
        self._jitter = jitter
        self._polling: dict[str, asyncio.Task[None]] = {}
        self._committing: set[asyncio.Task[None]] = set()
        self._draining = False
        self._hosts: dict[str, tuple[datetime, FetchKind | None]] = {}
        self._network_down = False
        self._noting = asyncio.Lock()  # failures are stored one by one: the last may undo those before it
        self._suspects: dict[str, PollState] = {}  # failed as if the network were down, with the state before

    def use(
        self, *, feeds: Sequence[Feed], match: Callable[[Item], list[Match]], at_once: int, young: timedelta
    ) -> None:
        """Follow these from now on. Polls in hand go on; what they bring is matched by the new `match`."""
        self._feeds = {feed.name: feed for feed in feeds}
        self._match = match
        self._at_once = at_once
        self._young = young

    async def committed(self) -> None:
        """Wait for the polls that are being stored at this moment."""
        if self._committing:
            await asyncio.wait(self._committing)

    async def start_due(self, *, among: Collection[str] | None = None) -> int:
        """Start polling what is due, as far as there is room; return how many.

        With `among` those feeds are polled, due or not, but for servers that asked us to wait.
        """
        room = self._at_once - len(self._polling)
        if self._draining or room <= 0:
            return 0
        names = (self._feeds.keys() if among is None else set(among)) - self._polling.keys()
        due = await asyncio.to_thread(
            self._store.take_due, names, now=self.now(), lease=LEASE, limit=room, early=among is not None
        )
        for state in due:
            task = asyncio.create_task(self._guarded(state), name=f"poll {state.feed}")
            self._polling[state.feed] = task
        return len(due)

    async def poll_all(self) -> None:
        """Poll every feed once, now; only servers that asked us to wait are not asked again yet."""
        left = set(self._feeds)
        while left and not self._draining:
            started = await self.start_due(among=left)
            left -= self._polling.keys()
            if not started and not self._polling:
                return
            await asyncio.wait(self._polling.values(), return_when=asyncio.FIRST_COMPLETED)
        while self._polling:
            await asyncio.wait(self._polling.values())

    async def first_polls_done(self) -> bool:
        """Say whether every feed was tried at least once."""
        return not await asyncio.to_thread(self._store.unpolled, self._feeds.keys())

    async def drain(self, limit: timedelta) -> None:
        """Start nothing new, let polls in hand finish within `limit`, then let go of the rest.

        What is let go of was not committed and is polled again at the next start.
        """
        self._draining = True
        tasks = list(self._polling.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=limit.total_seconds())
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _guarded(self, state: PollState) -> None:
        try:
            await self.poll_feed(state)
        except StorageError as error:
            log.error("poll could not be stored, it is made again later", feed=state.feed, error=str(error))
        except Exception:  # the lease ends, and the feed is asked again
            log.exception("poll failed unexpectedly", feed=state.feed)
        finally:
            self._polling.pop(state.feed, None)

    async def poll_feed(self, state: PollState) -> None:
        """Poll one feed and commit what came of it. Raises: StorageError only."""
        feed = self._feeds.get(state.feed)
        if feed is None:  # removed from the config since it was taken
            return
        try:
            fetched = await self._fetcher.fetch(feed, state)
            self._note_host(feed, None)
            document, digest = await self._read(feed, fetched, state)
            await self._succeeded(feed, state, fetched, document, digest)
        except StorageError:
            raise
        except (FetchError, ParseError) as error:
            await self._failed(feed, state, error)
        except Exception as error:  # a reader's bug costs one poll of one feed, and is told
            log.exception("poll failed unexpectedly", feed=feed.name)
            await self._failed(feed, state, ParseError(f"{type(error).__name__}: {error}"))

    async def _read(
        self, feed: Feed, fetched: Fetched, state: PollState
    ) -> tuple[Document | None, str | None]:
        """Return the document and its hash; no document when nothing changed."""
        if fetched.body is None:
            return None, None
        digest = blake2b(fetched.body, digest_size=16).hexdigest()
        if digest == state.body_hash and state.last_ok_at is not None:
            return None, digest
        known = self._memory.known(state.feed) if self._memory else b""
        document = await self._parser.parse(
            fetched.body, content_type=fetched.content_type, url=fetched.url, known=known, select=feed.select
        )
        return document, digest

    async def _succeeded(
        self, feed: Feed, state: PollState, fetched: Fetched, document: Document | None, digest: str | None
    ) -> None:
        now = self.now()
        news: list[Novelty] = []
        gap = False
        if document is not None:
            items = [_declared(with_sane_dates(i, now), feed, document) for i in document.items]
            known = await asyncio.to_thread(
                self._store.known,
                feed.name,
                [entry_key(i) for i in items],
                [content_hash(i) for i in items],
            )
            news = select_new(items, known)
            gap = state.items > 0 and not document.skipped and shares_no_item(items, known)
        match = None
        while match is not self._match:  # swapped meanwhile: match again, or a new topic would miss these
            match = self._match
            new, unmatched = await asyncio.to_thread(self._matched, news, state, now, match)
        after = after_success(
            state,
            now,
            jitter=self._jitter(),
            fetched=fetched,
            new_items=len(new),
            items=None if document is None else len(document.items) + document.skipped,
            every=feed.every,
            refresh_every=document.refresh_every if document else None,
            body_hash=digest,
            pace=PRIVATE_PACE if feed.private else DEFAULT_PACE,
        )
        notes = [
            *([f"{unmatched} items could not be matched: see the log"] if unmatched else []),
            *([f"damaged: {document.damaged}"] if document and document.damaged else []),
            *(["no item in common with the last poll: some may be missing, poll faster"] if gap else []),
            *([f"moved to {fetched.moved_to}"] if fetched.moved_to else []),
        ]
        if notes:
            after = replace(after, outcome="; ".join([after.outcome, *notes]))
        commit = asyncio.create_task(
            asyncio.to_thread(self._store.commit, PollOutcome(after, tuple(new)), now=now)
        )
        self._committing.add(commit)
        commit.add_done_callback(self._committing.discard)
        await commit
        if document is not None and self._memory is not None:
            self._memory.remember(feed.name, document.marks)  # only now: what is known is not read again
        on_topic = sum(bool(n.matches) for n in new)
        say = log.info if new or notes or state.last_ok_at is None or state.error else log.debug
        say("polled", feed=feed.name, outcome=after.outcome, on_topic=on_topic)

    def _matched(
        self,
        news: Sequence[Novelty],
        state: PollState,
        now: datetime,
        match: Callable[[Item], list[Match]],
    ) -> tuple[list[NewItem], int]:
        """Return what is new with its topics, and how many items our matching failed on.

        A feed's first poll brings what was there before we came.
        """
        first = state.last_ok_at is None
        new: list[NewItem] = []
        unmatched = 0
        for novelty in news:
            at = novelty.item.published_at or novelty.item.updated_at
            mode = "live" if not first else "young" if at is None or now - at <= self._young else "old"
            matches: tuple[Match, ...] = ()
            try:
                matches = tuple(match(novelty.item))
            except Exception:  # costs this item, not the feed's others
                unmatched += 1
                log.exception("item could not be matched", feed=state.feed, entry=novelty.key)
            new.append(NewItem(novelty.item, novelty.key, novelty.hash, matches, mode))
        return new, unmatched

    async def _failed(self, feed: Feed, state: PollState, error: FetchError | ParseError) -> None:
        async with self._noting:
            await self._note_failure(feed, state, error)

    async def _note_failure(self, feed: Feed, state: PollState, error: FetchError | ParseError) -> None:
        now = self.now()
        kind = error.kind if isinstance(error, FetchError) and error.status is None else None
        self._note_host(feed, kind)  # any answer of a host, a 404 too, shows that our network is up
        if kind is not None and self._seems_down(now):
            log.debug("not polled", feed=feed.name, error=str(error))
            await self._wait_for_network({**self._suspects, feed.name: state}, now)
            return
        if kind in UNREACHABLE:
            self._suspects[feed.name] = state
        after = after_failure(
            state,
            now,
            jitter=self._jitter(),
            error=error,
            every=feed.every,
            pace=PRIVATE_PACE if feed.private else DEFAULT_PACE,
        )
        await asyncio.to_thread(self._store.commit, PollOutcome(after), now=now)
        log.warning("feed failed", feed=feed.name, error=str(error), next_poll_at=_short(after.next_poll_at))

    async def _wait_for_network(self, states: Mapping[str, PollState], now: datetime) -> None:
        """Have feeds that failed because our own network is down asked again soon; nothing is counted."""
        if not self._network_down:
            log.warning(NETWORK_DOWN, hint="no host can be found; feeds are asked again every few minutes")
        self._network_down = True
        self._suspects.clear()
        for state in states.values():
            after = replace(while_network_is_down(state, now, jitter=self._jitter()), error=NETWORK_DOWN)
            await asyncio.to_thread(self._store.commit, PollOutcome(after), now=now)

    def _note_host(self, feed: Feed, kind: FetchKind | None) -> None:
        host = urlsplit(feed.url).hostname or feed.url
        self._hosts[host] = (self.now(), kind)
        if kind is None:
            self._suspects.clear()
        if kind is None and self._network_down:
            self._network_down = False
            log.info("the network is back")

    def _seems_down(self, now: datetime) -> bool:
        self._hosts = {h: seen for h, seen in self._hosts.items() if now - seen[0] <= NETWORK_WINDOW}
        return network_seems_down({host: kind for host, (_, kind) in self._hosts.items()})


def _declared(item: Item, feed: Feed, document: Document) -> Item:
    """Return the item with its language: its own, else the config's for the feed, else the document's."""
    return replace(item, language=item.language or feed.language or document.language)


def _short(at: datetime) -> str:
    return at.strftime("%H:%M:%S UTC")
