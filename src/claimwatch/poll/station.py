"""The poll station: what it takes, in which order, and what becomes of each poll.

A poll is committed whole: items, matches, validators and the next due time in one transaction. Nothing of a
poll that failed is remembered but the failure.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import blake2b

import structlog

from claimwatch.core import moving
from claimwatch.core.feed_health import GAP
from claimwatch.core.model import Document, Feed, Fetched, HostPace, Item, Match, PollState
from claimwatch.core.novelty import (
    NoveltyKind,
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
    host_pace,
    network_seems_down,
    while_network_is_down,
)
from claimwatch.core.page_choice import told_refusals, with_pages, worth_reading
from claimwatch.core.websub import with_hub
from claimwatch.core.work import NewItem, PageTexts, PollOutcome
from claimwatch.errors import FetchError, FetchKind, ParseError, StorageError
from claimwatch.poll.group_commit import GroupCommit
from claimwatch.poll.host_queue import Host, HostQueue, host_of
from claimwatch.protocols import EntryMemory, Fetcher, PageReader, Parser, PollStore

log = structlog.get_logger("claimwatch.poll")

LEASE = timedelta(minutes=10)
LOOK_AGAIN = 1.0  # seconds
AHEAD = 4  # times as many feeds are taken as are polled at once: those of busy hosts wait, others go on
# a feed on one's own machine may be asked every second where the config says so
PRIVATE_PACE = replace(DEFAULT_PACE, floor=timedelta(minutes=1), named_floor=timedelta(seconds=1))
NETWORK_WINDOW = timedelta(seconds=90)  # outcomes this fresh tell whether our own network is down
NETWORK_DOWN = "our network seems to be down"


@dataclass(slots=True)
class _Found:
    """What a document brought; `gap` when it shares nothing with what was known, `unmatched` items failed."""

    new: list[NewItem] = field(default_factory=list)
    unmatched: int = 0
    gap: bool = False


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
        pages: PageReader | None = None,
        is_near: Callable[[Item], bool] = lambda item: False,
    ) -> None:
        self._store = store
        self._memory = memory  # what need not be read again; None reads every document whole
        self._fetcher = fetcher
        self._parser = parser
        self._pages = pages
        self.use(feeds=feeds, match=match, is_near=is_near, at_once=at_once, young=young)
        self.now = clock
        self._jitter = jitter
        self._polling: dict[str, asyncio.Task[None]] = {}
        self._queue = HostQueue()
        self._commits = GroupCommit(store, clock)
        self._one_ended = asyncio.Event()
        self._draining = False
        self._hosts: dict[str, tuple[datetime, FetchKind | None]] = {}
        self._network_down = False
        self._noting = asyncio.Lock()  # failures are stored one by one: the last may undo those before it
        self._suspects: dict[str, PollState] = {}  # failed as if the network were down, with the state before

    def use(
        self,
        *,
        feeds: Sequence[Feed],
        match: Callable[[Item], list[Match]],
        is_near: Callable[[Item], bool],
        at_once: int,
        young: timedelta,
    ) -> None:
        """Follow these from now on. Polls in hand go on; what they bring is matched by the new `match`."""
        self._feeds = {feed.name: feed for feed in feeds}
        self._of_host: dict[Host, set[str]] = {}
        for feed in feeds:
            self._of_host.setdefault(host_of(feed), set()).add(feed.name)
        self._all_tried = False
        self._match = match
        self._is_near = is_near
        self._at_once = at_once
        self._young = young

    async def committed(self) -> None:
        """Wait for the polls that are being stored at this moment."""
        await self._commits.idle()

    async def start_due(self, *, among: Collection[str] | None = None) -> int:
        """Take what is due, as far as there is room, and start polling it; return how many were taken.

        With `among` those feeds are polled, due or not, but for servers that asked us to wait.
        """
        early = among is not None
        return len(await self._take(self._feeds.keys() if among is None else set(among), early=early))

    async def poll_host(self, host: str, *, lease: timedelta, early: bool = False) -> None:
        """Poll the feeds of a host that are due, with `early` all of them; return when that is done.

        Call it only while nobody else polls this host: the polls' own `lease` may end before they do.
        """
        left = {name for name, feed in self._feeds.items() if feed.host == host}
        while left and not self._draining:
            taken = await self._take(left, lease=lease, early=early)
            if not taken:
                return
            left -= taken
            while taken & (self._polling.keys() | self._queue.names) and not self._draining:
                self._one_ended.clear()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._one_ended.wait(), LOOK_AGAIN)
                self._start_waiting()  # what takes long gives its place away

    def pace_of(self, host: str) -> HostPace | None:
        """Return how a host wants to be asked, None for one that no feed is on."""
        return next((host_pace(feed) for feed in self._feeds.values() if feed.host == host), None)

    def host_of(self, feed: str) -> str | None:
        """Return the host of a feed, None for one that is not followed."""
        found = self._feeds.get(feed)
        return None if found is None else found.host

    def hosts(self) -> set[str]:
        """Return all hosts that are polled."""
        return {feed.host for feed in self._feeds.values()}

    async def _take(self, names: Set[str], *, early: bool, lease: timedelta = LEASE) -> set[str]:
        """Take due feeds among `names` until as many polls are in hand as may be; return those taken."""
        taken: set[str] = set()
        most = AHEAD * self._at_once
        self._start_waiting()
        while not self._draining and len(self._polling) < self._at_once:
            busy = [self._of_host.get(host, set()) for host in self._queue.hosts]
            free = (names - self._polling.keys() - taken).difference(*busy)
            due = await asyncio.to_thread(
                self._store.take_due, free, now=self.now(), lease=lease, limit=most, early=early
            )
            for state in due:
                taken.add(state.feed)
                if (feed := self._feeds.get(state.feed)) is not None:  # else: just removed from the config
                    self._queue.add(moving.asked(feed, state), state)
            self._start_waiting()
            if len(due) < most:
                break
        return taken

    def _start_waiting(self) -> int:
        """Start what was taken and whose host may be asked, as far as there is room; return how many."""
        now = asyncio.get_running_loop().time()
        started = 0
        while not self._draining and len(self._polling) < self._at_once and (next_ := self._queue.begin(now)):
            feed, state = next_
            self._polling[feed.name] = asyncio.create_task(
                self._guarded(feed, state), name=f"poll {feed.name}"
            )
            started += 1
        return started

    async def idle(self) -> bool:
        """Wait until one of the polls in hand is done; return whether there was any."""
        if not self._polling:
            return False
        self._one_ended.clear()
        await self._one_ended.wait()
        return True

    async def poll_all(self) -> None:
        """Poll every feed once, now; only servers that asked us to wait are not asked again yet."""
        left = set(self._feeds)
        while left and not self._draining:
            left -= await self._take(left, early=True)
            if not await self.idle():
                break
        while await self.idle():
            pass

    async def first_polls_done(self) -> bool:
        """Say whether every feed was tried at least once."""
        if not self._all_tried:
            feeds = self._feeds
            untried = await asyncio.to_thread(self._store.unpolled, feeds.keys())
            self._all_tried = not untried and feeds is self._feeds
        return self._all_tried

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
        await self._commits.idle()

    async def _guarded(self, feed: Feed, state: PollState) -> None:
        try:
            await self.poll_feed(state)
        except StorageError as error:
            log.error("poll could not be stored, it is made again later", feed=state.feed, error=str(error))
        except Exception:  # the lease ends, and the feed is asked again
            log.exception("poll failed unexpectedly", feed=state.feed)
        finally:
            self._polling.pop(state.feed, None)
            self._queue.end(feed)
            self._one_ended.set()
            self._start_waiting()

    async def poll_feed(self, state: PollState) -> None:
        """Poll one feed and commit what came of it. Raises: StorageError only."""
        feed = self._feeds.get(state.feed)
        if feed is None:  # removed from the config since it was taken
            return
        try:
            fetched = await self._fetcher.fetch(moving.asked(feed, state), state)
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
        found = _Found()
        texts: Mapping[str, str] = {}
        match = read = None
        while document is not None and document.items and match is not self._match:
            match = self._match  # swapped meanwhile: match again, or a new topic would miss these
            found = await asyncio.to_thread(self._find, document, feed, state, now, match, texts)
            if feed.full_text and read is None and self._pages is not None:
                urls = await asyncio.to_thread(worth_reading, found.new, self._is_near)
                read = await self._pages.read(feed, urls)
                texts = {**await self._texts_before(feed, found.new, read), **read.texts}
                match = None if texts else match  # match again, by what the pages say
        new = found.new
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
        after = with_hub(moving.after_answer(feed, after, fetched, now), fetched, document)
        notes = [
            *([f"{found.unmatched} items could not be matched: see the log"] if found.unmatched else []),
            *([f"damaged: {document.damaged}"] if document and document.damaged else []),
            *([GAP] if found.gap else []),
            *([told] if read is not None and (told := told_refusals(read)) else []),
            *([where] if (where := moving.told(after)) else []),
        ]
        if notes:
            after = replace(after, outcome="; ".join([after.outcome, *notes]))
        await self._commits.commit(PollOutcome(after, tuple(new)))
        if document is not None and self._memory is not None:
            self._memory.remember(feed.name, document.marks)  # only now: what is known is not read again
        on_topic = sum(bool(n.matches) for n in new)
        say = log.info if new or notes or state.last_ok_at is None or state.error else log.debug
        say("polled", feed=feed.name, outcome=after.outcome, on_topic=on_topic)

    async def _texts_before(self, feed: Feed, new: Sequence[NewItem], read: PageTexts) -> Mapping[str, str]:
        """Return what the pages of edited items said when they were read before.

        A page that cannot be read now took nothing back.
        """
        urls = {
            n.key: n.item.url
            for n in new
            if n.edited
            and n.item.url
            and n.item.url not in read.texts
            and (n.matches or n.item.url in read.refused)
        }
        if not urls:
            return {}
        before = await asyncio.to_thread(self._store.contents, feed.name, list(urls))
        return {urls[key]: text for key, text in before.items()}

    def _find(
        self,
        document: Document,
        feed: Feed,
        state: PollState,
        now: datetime,
        match: Callable[[Item], list[Match]],
        texts: Mapping[str, str],
    ) -> _Found:
        """Return what of a document is new, with its topics; `texts` are those of pages that were read.

        A feed's first poll brings what was there before we came.
        """
        items = [_declared(with_sane_dates(i, now), feed, document) for i in document.items]
        known = self._store.known(feed.name, [entry_key(i) for i in items], [content_hash(i) for i in items])
        first = state.last_ok_at is None
        found = _Found(gap=state.items > 0 and not document.skipped and shares_no_item(items, known))
        for novelty in with_pages(select_new(items, known), texts):
            at = novelty.item.published_at or novelty.item.updated_at
            mode = "live" if not first else "young" if at is None or now - at <= self._young else "old"
            matches: tuple[Match, ...] = ()
            try:
                matches = tuple(match(novelty.item))
            except Exception:  # costs this item, not the feed's others
                found.unmatched += 1
                log.exception("item could not be matched", feed=state.feed, entry=novelty.key)
            edited = novelty.kind is NoveltyKind.REVISION
            found.new.append(NewItem(novelty.item, novelty.key, novelty.hash, matches, mode, edited))
        return found

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
        after = moving.after_failure(after)
        await self._commits.commit(PollOutcome(after))
        log.warning("feed failed", feed=feed.name, error=str(error), next_poll_at=_short(after.next_poll_at))

    async def _wait_for_network(self, states: Mapping[str, PollState], now: datetime) -> None:
        """Have feeds that failed because our own network is down asked again soon; nothing is counted."""
        if not self._network_down:
            log.warning(NETWORK_DOWN, hint="no host can be found; feeds are asked again every few minutes")
        self._network_down = True
        self._suspects.clear()
        for state in states.values():
            after = replace(while_network_is_down(state, now, jitter=self._jitter()), error=NETWORK_DOWN)
            await self._commits.commit(PollOutcome(after))

    def _note_host(self, feed: Feed, kind: FetchKind | None) -> None:
        self._hosts[feed.host] = (self.now(), kind)
        if kind is None:
            self._suspects.clear()
        if kind is None and self._network_down:
            self._network_down = False
            log.info("the network is back")

    def _seems_down(self, now: datetime) -> bool:
        self._hosts = {h: seen for h, seen in self._hosts.items() if now - seen[0] <= NETWORK_WINDOW}
        return network_seems_down({host: kind for host, (_, kind) in self._hosts.items()})


def _declared(item: Item, feed: Feed, document: Document) -> Item:
    """Return the item with its language: its own, else the config's for the feed, else the document's.

    What an item declares counts as its own when it differs from the document's: headers are often wrong, and
    items inherit them.
    """
    inherited = _base_of(item.language) == _base_of(document.language)
    own = None if inherited else item.language
    return replace(item, language=own or feed.language or item.language or document.language)


def _base_of(language: str | None) -> str:
    return (language or "").partition("-")[0].lower()


def _short(at: datetime) -> str:
    return at.strftime("%H:%M:%S UTC")
