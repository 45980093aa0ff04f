"""The only wiring: names the concrete classes and owns the clock."""

from __future__ import annotations

import os
import random
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, TextIO
from zoneinfo import ZoneInfo

import structlog

from claimwatch import __version__
from claimwatch.assess import AssessStation
from claimwatch.config.settings import Keep, SecondJudges, Settings
from claimwatch.core.aliases import AliasBook
from claimwatch.core.matching import TopicIndex
from claimwatch.core.model import Assessment, Claim, Feed, Item, Pair, PollState
from claimwatch.core.trial import Trial, conclude
from claimwatch.digest import DigestStation
from claimwatch.dispatch import DispatchStation
from claimwatch.errors import ConfigError
from claimwatch.poll import PollStation
from claimwatch.protocols import Channel, Judge, Runner
from claimwatch.reload import ConfigSource, ConfigWatcher, LiveConfig, operators_of
from claimwatch.runners.local import LocalRunner
from claimwatch.storage.assessing import SqlAssessStore
from claimwatch.storage.database import Database
from claimwatch.storage.delivering import SqlDispatchStore
from claimwatch.storage.digesting import SqlDigestStore
from claimwatch.storage.forgetting import forget_items
from claimwatch.storage.leasing import forget_old_leases
from claimwatch.storage.lock import DatabaseLock
from claimwatch.storage.moving import refuse_unfinished
from claimwatch.storage.place import Server, make_room
from claimwatch.storage.polling import SqlPollStore
from claimwatch.storage.reading import SqlReader
from claimwatch.storage.reload_note import ReloadNote
from claimwatch.storage.subscribing import SqlSubscriptions

if TYPE_CHECKING:
    from claimwatch.feeds.websub import WebSub
    from claimwatch.judges.llm import LlmJudge
    from claimwatch.runners.procrastinate import ProcrastinateRunner


log = structlog.get_logger("claimwatch")


def now() -> datetime:
    """Return the time, aware and in UTC; nothing else in the program asks the clock."""
    return datetime.now(UTC)  # noqa: TID251 - the one place


@dataclass(frozen=True, slots=True)
class Part:
    """What this process does, where several share a server; one that has its own database does all."""

    schedules: bool = True
    stations: tuple[str, ...] = ("poll", "assess", "dispatch")
    concurrency: int = 10


ALL = Part()


@dataclass(frozen=True, slots=True)
class App:
    """The open program: three stations over one database, and who has them work."""

    settings: Settings
    part: Part
    runner: Runner
    poll: PollStation
    assess: AssessStation
    dispatch: DispatchStation
    digest: DigestStation
    watch_config: Callable[[ConfigSource], ConfigWatcher]
    reader: SqlReader
    upkeep: Callable[[], None]
    heartbeat: Callable[[], Awaitable[None]] | None = None
    websub: WebSub | None = None


@asynccontextmanager
async def open_app(
    settings: Settings,
    *,
    terminal: TextIO | None = None,
    clock: Callable[[], datetime] = now,
    part: Part = ALL,
) -> AsyncIterator[App]:
    """Open database, network and channels; take a database file for this process alone.

    Raises: AlreadyRunning, StorageError.
    """
    from claimwatch.feeds.full_text import PageReader
    from claimwatch.feeds.http import HttpFetcher
    from claimwatch.feeds.memory import EntryMemory
    from claimwatch.feeds.pool import ParserPool

    started_at = clock()
    async with AsyncExitStack() as closing:  # what was opened is closed in reverse, whatever fails
        if isinstance(settings.storage, Server):
            make_room(settings.storage)
        else:
            lock = DatabaseLock(settings.storage)
            lock.acquire(now=started_at)
            closing.callback(lock.release)
        database = Database(settings.storage, check=True)
        closing.callback(database.close)
        refuse_unfinished(database)
        polls, ledger, outbox = SqlPollStore(database), SqlAssessStore(database), SqlDispatchStore(database)
        if not isinstance(settings.storage, Server):
            polls.release_leases()
            outbox.release_leases()
        polls.register(PollState(feed.name, next_poll_at=started_at) for feed in settings.feeds)
        ledger.register(settings.claims, now=started_at)
        channels, addresses = open_channels(settings, terminal=terminal or sys.stdout)
        fetcher = HttpFetcher(
            user_agent=user_agent(settings),
            max_bytes=settings.limits.feed_size,
            deadline=settings.limits.timeout,
            clock=clock,
        )
        closing.push_async_callback(fetcher.aclose)
        parser = ParserPool()
        closing.push_async_callback(parser.aclose)
        index = TopicIndex(settings.topics, settings.aliases)
        poll = PollStation(
            store=polls,
            feeds=settings.feeds,
            fetcher=fetcher,
            parser=parser,
            memory=EntryMemory(),
            match=index.match,
            is_near=index.is_near,
            pages=PageReader(fetcher, parser),
            at_once=settings.limits.fetches,
            young=settings.limits.first_poll,
            clock=clock,
            jitter=random.random,
        )
        judge = open_judge(settings)
        assess = AssessStation(
            store=ledger,
            judge=judge,
            topics=settings.topics,
            claims=settings.claims,
            feeds=settings.feeds,
            routes=settings.routes,
            addresses=addresses,
            zone=ZoneInfo(settings.timezone),
            clock=clock,
        )
        digest = DigestStation(
            store=SqlDigestStore(database, settings.claims),
            routes=settings.routes,
            addresses=addresses,
            zone=ZoneInfo(settings.timezone),
            clock=clock,
        )
        dispatch = DispatchStation(
            store=outbox, channels=channels, clock=clock, operators=operators_of(settings, addresses)
        )
        live = LiveConfig(
            settings,
            database=database,
            index=index,
            poll=poll,
            assess=assess,
            dispatch=dispatch,
            digest=digest,
            opened=(channels, addresses),
            open_channels=partial(open_channels, terminal=terminal or sys.stdout),
            judge=judge,
            open_judge=open_judge,
            clock=clock,
        )
        closing.push_async_callback(live.aclose)
        note = ReloadNote(settings.storage)
        note.clear()
        runner: Runner = LocalRunner(poll, assess, dispatch)
        if isinstance(settings.storage, Server):
            runner = await closing.enter_async_context(
                _shared(settings.storage, database, live, poll, assess, dispatch, part)
            )
        websub = (
            open_websub(settings, database, lambda: live.settings.feeds, clock) if part.schedules else None
        )
        if websub is not None:
            closing.push_async_callback(websub.aclose)
        yield App(
            settings=settings,
            part=part,
            runner=runner,
            poll=poll,
            assess=assess,
            digest=digest,
            dispatch=dispatch,
            watch_config=lambda source: ConfigWatcher(source, live, note, clock=clock),
            reader=SqlReader(database),
            heartbeat=open_heartbeat(settings),
            websub=websub,
            upkeep=lambda: _forget(database, ledger, live.settings.keep, clock()),
        )


def _forget(database: Database, ledger: SqlAssessStore, keep: Keep, at: datetime) -> None:
    """Let go of what is kept no longer. Raises: StorageError."""
    ledger.forget_leftovers(before=at, keep=keep.texts)
    if gone := forget_items(database, seen_before=at - keep.items):
        log.info("old items deleted", items=gone, hint="nothing rests on them; keep: in claimwatch.yaml")
    if isinstance(database.place, Server):
        forget_old_leases(database)


def _shared(
    server: Server,
    database: Database,
    live: LiveConfig,
    poll: PollStation,
    assess: AssessStation,
    dispatch: DispatchStation,
    part: Part,
) -> ProcrastinateRunner:
    """Return the runner of processes that share a server."""
    from claimwatch.runners.leased import LeasedUnits, Leases
    from claimwatch.runners.procrastinate import ProcrastinateRunner
    from claimwatch.storage.due import SqlDue
    from claimwatch.storage.leasing import SqlLeases

    here = f"{socket.gethostname()} {os.getpid()}"
    store = SqlLeases(database, f"{here} {random.getrandbits(48):x}")
    leases = Leases(store)
    due = SqlDue(database, store, host_of=poll.host_of, hosts=poll.hosts, clock=now)

    def spacing(host: str) -> timedelta:
        pace = poll.pace_of(host)
        return timedelta(0) if pace is None else pace.spacing

    does = [*(["schedules"] if part.schedules else []), *part.stations]
    return ProcrastinateRunner(
        server.url,
        units=LeasedUnits(poll, assess, dispatch, leases, due, spacing=spacing),
        leases=leases,
        due=due,
        schedules=part.schedules,
        stations=part.stations,
        concurrency=part.concurrency,
        presence=f"process {here}: {', '.join(does)}",
    )


def open_first_judge(aliases: AliasBook) -> Judge:
    """Return the embedded judge: its answers are the same each time, and nothing leaves the machine."""
    from claimwatch.judges.lexical import LexicalJudge

    judge: Judge = LexicalJudge(aliases)
    return judge


def open_judge(settings: Settings) -> Judge:
    """Return the judge that decides: the embedded one, with those of the config for what it leaves open."""
    return open_judges(settings.aliases, settings.judge)


def open_judges(aliases: AliasBook, second: SecondJudges) -> Judge:
    """Return the same, from these parts of the config."""
    from claimwatch.judges.cascade import Cascade

    wanted = (("nli", second.nli), ("llm", second.llm))
    others = [open_second_judge(second, name) for name, judge in wanted if judge]
    first = open_first_judge(aliases)
    return Cascade(first, others, wait=second.wait) if others else first


def open_second_judge(second: SecondJudges, name: str) -> Judge:
    """Return the judge `nli` (without settings: its default model) or `llm` alone.

    Raises: ConfigError, when the config does not say which endpoint to ask.
    """
    if name == "llm":
        return open_llm(second)
    from claimwatch.judges.nli import Calibration, NliJudge

    nli = second.nli
    if nli is None:
        return NliJudge()
    given = {"temperature": nli.temperature, "supports": nli.supports, "contradicts": nli.contradicts}
    return NliJudge(nli.model, Calibration(**{k: v for k, v in given.items() if v is not None}))


def open_llm(second: SecondJudges) -> LlmJudge:
    """Return the judge `llm`. Raises: ConfigError, when the config names no endpoint."""
    from claimwatch.judges.llm import LlmJudge

    llm = second.llm
    if llm is None:
        raise ConfigError(
            [
                "The judge llm needs an endpoint. Write in claimwatch.yaml:\n"
                '  judge:\n    llm: {url: "http://127.0.0.1:11434/v1", model: the name of the model there}'
            ]
        )
    return LlmJudge(
        llm.url,
        llm.model,
        key=llm.key.get_secret_value() if llm.key else None,
        timeout=llm.timeout.total_seconds(),
        per_hour=llm.per_hour,
        at_once=llm.at_once,
    )


def user_agent(settings: Settings) -> str:
    """Return how we introduce ourselves to servers, with a contact when the config names one."""
    return f"claimwatch/{__version__}" + (f" (+{settings.contact})" if settings.contact else "")


def open_heartbeat(settings: Settings) -> Callable[[], Awaitable[None]] | None:
    """Return what gives a sign of life, where the config asks for one."""
    if settings.heartbeat is None:
        return None
    from claimwatch.channels.heartbeat import Heartbeat

    return Heartbeat(settings.heartbeat.url.get_secret_value(), private=settings.heartbeat.private).ping


def open_websub(
    settings: Settings, database: Database, feeds: Callable[[], Sequence[Feed]], clock: Callable[[], datetime]
) -> WebSub | None:
    """Return what has hubs push feeds, where the config says how they reach us."""
    store = SqlSubscriptions(database)
    if settings.websub is None:
        store.forget()
        return None
    from claimwatch.feeds.hub import HubClient
    from claimwatch.feeds.websub import WebSub

    return WebSub(
        store=store,
        hubs=HubClient(user_agent=user_agent(settings)),
        feeds=feeds,
        callback=settings.websub.callback,
        host=settings.websub.host,
        port=settings.websub.port,
        max_bytes=settings.limits.feed_size,
        clock=clock,
    )


def open_channels(
    settings: Settings, *, terminal: TextIO
) -> tuple[dict[str, Channel], Mapping[str, tuple[str, ...]]]:
    """Return a channel for each address, and which addresses each receiver's name stands for."""
    from claimwatch.channels.context import ChannelContext, MailServer
    from claimwatch.channels.registry import expand, open_channel

    mail = settings.mail
    context = ChannelContext(
        now=now,
        zone=settings.timezone,
        var=settings.var,
        stream=terminal,
        templates=settings.templates,
        mail=MailServer(
            host=mail.host,
            port=mail.port,
            tls=mail.tls,
            user=mail.user,
            password=mail.password,
            sender=mail.sender,
            reply_to=mail.reply_to,
            unsubscribe=mail.unsubscribe,
            subject=mail.subject,
        ),
    )
    channels: dict[str, Channel] = {}
    addresses: dict[str, tuple[str, ...]] = {}
    for name, receiver in settings.receivers.items():
        parts = expand(name, receiver.type, receiver.settings)
        addresses[name] = tuple(parts)
        for address, own in parts.items():
            channels[address] = open_channel(address, receiver.type, own, context)
    return channels, addresses


class Trier:
    """Answers what a text would do under the given settings; stores and sends nothing."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._index = TopicIndex(settings.topics, settings.aliases)
        self._judge = open_judge(settings)
        self._titles = {t.id: t.title for t in settings.topics}
        self._claims: dict[str, list[Claim]] = {}
        for claim in settings.claims:
            self._claims.setdefault(claim.topic, []).append(claim)

    def try_item(self, item: Item) -> Trial:
        """Return the matches of a text, the judge's answers, and what would follow."""
        matches = self._index.match(item)
        claims = [c for m in matches for c in self._claims.get(m.topic, ())]
        assessed = self.judge(item, claims)
        return conclude(item, matches, assessed, self._settings.routes, self._titles)

    def judge(self, item: Item, claims: Iterable[Claim]) -> list[tuple[Claim, Assessment]]:
        """Return what the judge says of these claims, whether or not the text is on their topic."""
        listed = list(claims)
        pairs = [Pair(c, item.text, item.language, item.published_at) for c in listed]
        return list(zip(listed, self._judge.assess(pairs), strict=True))

    @property
    def explain(self) -> Callable[[Item, str], object]:
        """The topic index's `explain`: why an item is, or is not, on a topic."""
        return self._index.explain
