"""Changing the config while everything runs: a good change goes live, a bad one leaves all as it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import structlog

from claimwatch.assess import AssessStation
from claimwatch.config.changes import Changes, changes, marks
from claimwatch.config.settings import Settings
from claimwatch.config.watching import Signature
from claimwatch.core.matching import TopicIndex
from claimwatch.core.model import Match, PollState, Topic
from claimwatch.core.trouble import Operators
from claimwatch.digest import DigestStation
from claimwatch.dispatch import DispatchStation
from claimwatch.errors import ConfigError, StorageError
from claimwatch.poll import PollStation
from claimwatch.protocols import Channel, Judge
from claimwatch.storage.assessing import SqlAssessStore
from claimwatch.storage.database import Database
from claimwatch.storage.digesting import SqlDigestStore
from claimwatch.storage.looking_back import SqlLookBack
from claimwatch.storage.polling import SqlPollStore
from claimwatch.storage.reload_note import FollowedTopics, ReloadNote

log = structlog.get_logger("claimwatch.config")

SETTLE = timedelta(seconds=0.2)  # an editor's several writes, or a copy of a folder, are one change
MOST_WAITS = 25
TOLD = 5  # problems of a config that the operator is told
_FOR_PROGRAMS = ("webhook", "jsonl", "atom", "terminal")
Opened = tuple[dict[str, Channel], Mapping[str, tuple[str, ...]]]


class LiveConfig:
    """What the stations follow; `use` swaps all of it between two units of work."""

    def __init__(
        self,
        settings: Settings,
        *,
        database: Database,
        index: TopicIndex,
        poll: PollStation,
        assess: AssessStation,
        dispatch: DispatchStation,
        digest: DigestStation,
        opened: Opened,
        open_channels: Callable[[Settings], Opened],
        judge: Judge,
        open_judge: Callable[[Settings], Judge],
        clock: Callable[[], datetime],
    ) -> None:
        self.settings = settings
        self._database = database
        self._index = index
        self._poll, self._assess, self._dispatch, self._digest = poll, assess, dispatch, digest
        self._channels, self._addresses = opened
        self._open_channels = open_channels
        self._judge, self._open_judge = judge, open_judge
        self._clock = clock
        self._closing: set[asyncio.Task[None]] = set()

    async def use(self, new: Settings) -> Changes:
        """Follow `new` from now on and return what changed. What is in hand is finished as it began.

        Raises: ConfigError, StorageError; then all stays as it was.
        """
        what = await asyncio.to_thread(changes, self.settings, new)
        try:
            index = await asyncio.to_thread(self._index.with_topics, new.topics, new.aliases)
            judge = await asyncio.to_thread(self._judge_for, new)
        except ValueError as error:
            raise ConfigError([str(error)]) from error
        channels, addresses = self._with_kept_channels(new)
        zone = ZoneInfo(new.timezone)
        # one after the other: no unit of work sees half of the old config and half of the new one
        async with self._assess.unit, self._digest.unit:
            await asyncio.to_thread(self._register, new)
            self._poll.use(
                feeds=new.feeds,
                match=index.match,
                is_near=index.is_near,
                at_once=new.limits.fetches,
                young=new.limits.first_poll,
            )
            self._assess.use(
                judge=judge,
                topics=new.topics,
                claims=new.claims,
                feeds=new.feeds,
                routes=new.routes,
                addresses=addresses,
                zone=zone,
            )
            digests = SqlDigestStore(self._database, new.claims)
            self._digest.use(store=digests, routes=new.routes, addresses=addresses, zone=zone)
            in_hand = self._dispatch.use(channels, operators_of(new, addresses))
        gone = [channel for channel in self._channels.values() if channel not in channels.values()]
        self._close_after(in_hand, gone)
        self.settings, self._index, self._judge = new, index, judge
        self._channels, self._addresses = channels, addresses
        return what

    async def tell_refused(self, problems: Sequence[str]) -> None:
        """Have the operator told that the files cannot be used; readers hear nothing of it."""
        count = len(problems)
        more = [f"and {count - TOLD} more"] if count > TOLD else []
        await self._dispatch.tell_operator(
            "the changed config cannot be used",
            "\n".join([*problems[:TOLD], *more, "The one before goes on. Mend it:  claimwatch check"]),
            readers=False,
        )

    def tell_looked_back(self, topics: Collection[Topic]) -> None:
        """Have the summaries of these topics say why they come."""
        self._assess.tell_looked_back(topic.id for topic in topics)

    async def look_back(self, topics: Collection[Topic]) -> int:
        """Match stored items of the last days with these topics, one summary each; return how many are new.

        Raises: StorageError.
        """
        if not topics or not self.settings.limits.backfill:
            return 0
        await self._poll.committed()  # what was matched before the swap is stored now, and seen below
        return await asyncio.to_thread(self._match_stored, topics)

    async def aclose(self) -> None:
        """Let go of the channels."""
        if self._closing:
            await asyncio.wait(self._closing)
        for channel in self._channels.values():
            await channel.close()

    def _register(self, new: Settings) -> None:
        now = self._clock()
        polls = SqlPollStore(self._database)
        polls.register(PollState(feed.name, next_poll_at=now) for feed in new.feeds)
        before = {feed.name: feed for feed in self.settings.feeds}
        polls.hasten([f.name for f in new.feeds if before.get(f.name) != f], now=now)
        SqlAssessStore(self._database).register(new.claims, now=now)

    def _judge_for(self, new: Settings) -> Judge:
        """Return the judge that runs, unless it would be another now."""
        old = self.settings
        return self._judge if (new.aliases, new.judge) == (old.aliases, old.judge) else self._open_judge(new)

    def _with_kept_channels(self, new: Settings) -> Opened:
        """Return channels for `new`; those that did not change go on with their connections."""
        channels, addresses = self._open_channels(new)
        old = self.settings
        if (old.mail, old.timezone, old.templates) == (new.mail, new.timezone, new.templates):
            for name, receiver in new.receivers.items():
                if old.receivers.get(name) == receiver:
                    channels.update((address, self._channels[address]) for address in addresses[name])
        return channels, addresses

    def _close_after(self, in_hand: Iterable[asyncio.Task[None]], channels: Collection[Channel]) -> None:
        async def close() -> None:
            await asyncio.gather(*in_hand, return_exceptions=True)
            for channel in channels:
                await channel.close()

        if channels:
            task = asyncio.create_task(close())
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    def _match_stored(self, topics: Collection[Topic]) -> int:
        stored, now = SqlLookBack(self._database), self._clock()
        index, wanted = self._index, {topic.id for topic in topics}
        found: list[tuple[int, int, Match]] = []
        for item, revision, text in stored.items(since=now - self.settings.limits.backfill):
            try:
                found += ((item, revision, m) for m in index.match(text) if m.topic in wanted)
            except Exception:  # costs this item, not the others
                log.exception("item could not be matched", item=item)
        return stored.commit(found, now=now)


def operators_of(settings: Settings, addresses: Mapping[str, tuple[str, ...]]) -> Operators:
    """Return whom trouble is told: the config's `operator`, else another receiver, people before programs."""
    named = dict.fromkeys(address for name in settings.operators for address in addresses[name])
    order = sorted(settings.receivers, key=lambda name: settings.receivers[name].type in _FOR_PROGRAMS)
    others = (address for name in order for address in addresses[name] if address not in named)
    return Operators(tuple(named), tuple(others))


@dataclass(frozen=True, slots=True)
class ConfigSource:
    """Where the config comes from.

    `look` tells files apart from what they were; `load` reads and tries them out, given what runs now, and
    raises ConfigError with a line for each problem. `seen` is how the files looked before the first reading.
    """

    look: Callable[[], Signature]
    load: Callable[[Settings], Settings]
    seen: Signature


class ConfigWatcher:
    """Looks whether the files changed, and makes a good change live within two seconds."""

    def __init__(
        self, source: ConfigSource, live: LiveConfig, note: ReloadNote, *, clock: Callable[[], datetime]
    ) -> None:
        self._source = source
        self._live = live
        self._note = note
        self._clock = clock
        self._seen = source.seen
        self._asked = False
        self._refused: tuple[str, ...] = ()
        self._behind: dict[str, Topic] = {}  # topics that older items are still to be matched with
        self._followed = FollowedTopics(live.settings.storage)
        self._started = False

    def ask(self) -> None:
        """Have the config read again, changed or not (SIGHUP): secrets in files of their own may be new."""
        self._asked = True

    async def tick(self) -> None:
        """Look once. Raises: StorageError; the change is then tried again at the next tick."""
        if not self._started:  # topics that came while nothing ran, or just before a crash
            self._behind = await asyncio.to_thread(self._unknown)
            self._started = True
        look = await asyncio.to_thread(self._source.look)
        if self._asked or look != self._seen:
            asked, self._asked = self._asked, False
            self._seen = await self._settled(look)
            try:
                await self._load(asked=asked)
            except StorageError:
                self._asked = True
                raise
        if self._behind:
            topics = tuple(self._behind.values())
            self._live.tell_looked_back(topics)
            found = await self._live.look_back(topics)
            self._behind.clear()
            await asyncio.to_thread(lambda: self._followed.write(marks(self._live.settings)))
            log.info("items of the last days matched", topics=[t.id for t in topics], found=found)

    def _unknown(self) -> dict[str, Topic]:
        """Return the topics that were not followed like this before; a first start knows all."""
        settings = self._live.settings
        now, before = marks(settings), self._followed.read()
        if before is None:
            self._followed.write(now)
            return {}
        return {topic.id: topic for topic in settings.topics if before.get(topic.id) != now[topic.id]}

    async def _settled(self, look: Signature) -> Signature:
        for _ in range(MOST_WAITS):
            before = look
            await asyncio.sleep(SETTLE.total_seconds())
            look = await asyncio.to_thread(self._source.look)
            if look == before:
                break
        return look

    async def _load(self, *, asked: bool) -> None:
        try:
            new = await asyncio.to_thread(partial(self._source.load, self._live.settings))
            what = await self._live.use(new)
        except ConfigError as error:
            await self._refuse(error.problems, asked=asked)
            return
        following = {topic.id for topic in new.topics}
        self._behind = {
            **{name: topic for name, topic in self._behind.items() if name in following},
            **{topic.id: topic for topic in what.topics},
        }
        if self._refused:
            log.info("config can be used again")
        self._refused = ()
        await asyncio.to_thread(self._note.clear)
        if what.words or asked:
            log.info("config changed", what=what.words or "nothing")
        if what.next_start:
            log.warning("some settings count from the next start on", settings=list(what.next_start))

    async def _refuse(self, problems: tuple[str, ...], *, asked: bool) -> None:
        """Tell of a change that cannot be used: once, however often the file is saved."""
        if problems == self._refused and not asked:
            return
        self._refused = problems
        log.error(
            "config cannot be used, the one before stays",
            problems=list(problems[:5]),
            more=max(0, len(problems) - 5),
            hint="claimwatch check",
        )
        await asyncio.to_thread(self._note.write, problems, now=self._clock())
        await self._live.tell_refused(problems)
