"""The three stations over a real database, with a clock that stands still and a scripted outside world."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from claimwatch.assess import AssessStation
from claimwatch.core.model import (
    NO_THREAD,
    Alert,
    Assessment,
    Band,
    Claim,
    Document,
    Feed,
    Fetched,
    Found,
    Item,
    Match,
    NameLine,
    Pair,
    PollState,
    Receipt,
    Route,
    Select,
    Stance,
    Thread,
    Topic,
)
from claimwatch.core.trouble import Operators
from claimwatch.dispatch import DispatchStation
from claimwatch.poll import PollStation
from claimwatch.protocols import Channel, PageReader
from claimwatch.storage.assessing import SqlAssessStore
from claimwatch.storage.database import Database
from claimwatch.storage.delivering import SqlDispatchStore
from claimwatch.storage.place import Place
from claimwatch.storage.polling import SqlPollStore
from claimwatch.storage.reading import SqlReader, StoredAlert

START = datetime(2026, 7, 14, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
TOPICS = (
    Topic("troops", "Border troops", (NameLine("who", ("soldiers",)),)),
    Topic("ports", "Ports", (NameLine("what", ("port",)),)),
)
CLAIMS = (
    Claim("t-5k", "troops", "Up to 5,000 soldiers may be sent.", "5,000 soldiers", said_by=("Norland GUR",)),
)
ANSWERS = {"denies": Stance.CONTRADICTS, "confirms": Stance.SUPPORTS, "counts": Stance.UPDATES}


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at

    def move(self, span: timedelta) -> None:
        self.at += span


class Web:
    """Answers each feed with the items put there, or raises what is put there instead."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Item] | BaseException | Callable[[], Awaitable[Fetched]]] = {}
        self.asked: list[PollState] = []
        self.urls: list[str] = []
        self.documents: dict[bytes, Document] = {}

    async def fetch(self, feed: Feed, state: PollState) -> Fetched:
        self.asked.append(state)
        self.urls.append(feed.url)
        answer = self.answers[feed.name]
        if isinstance(answer, BaseException):
            raise answer
        if callable(answer):
            return await answer()
        return replace(await self.answer(feed.name, answer), url=feed.url)

    async def answer(self, name: str, items: list[Item]) -> Fetched:
        body = repr((name, items)).encode()
        self.documents[body] = Document(name, "en", tuple(items))
        etag = f'"{hash(body)}"'
        return Fetched("", 200, body, etag=etag, last_modified="Tue, 14 Jul 2026 08:00:00 GMT")

    async def parse(
        self,
        body: bytes,
        *,
        content_type: str | None,
        url: str | None,
        known: bytes = b"",
        select: Select | None = None,
    ) -> Document:
        return self.documents[body]


class WordJudge:
    """Judges by one word of the text; what follows a dash is the speaker."""

    name = "word-1"

    def assess(self, pairs: Sequence[Pair]) -> list[Assessment]:
        answers = []
        for pair in pairs:
            if "BUG" in pair.text:
                raise RuntimeError("the judge stumbles")
            stance = next((s for word, s in ANSWERS.items() if word in pair.text), Stance.NEUTRAL)
            headline, _, speaker = pair.text.partition("\n")[0].partition(" - ")
            answers.append(Assessment(stance, 0.8, headline, judge=self.name, speaker=speaker or None))
        return answers


@dataclass
class Letterbox:
    """A receiver that keeps what it gets; what stands in `faults` is raised first, None lets one pass."""

    faults: list[BaseException | None] = field(default_factory=list)
    got: list[tuple[str, bytes]] = field(default_factory=list)
    tried: list[tuple[str, bytes]] = field(default_factory=list)
    worded: int = 0
    gate: asyncio.Event | None = None
    place: str = ""
    threads: list[Thread] = field(default_factory=list)

    def word(self, alert: Alert, *, key: str, thread: Thread = NO_THREAD) -> bytes:
        self.worded += 1
        self.threads.append(thread)
        titles = [e.report.title for e in alert.entries] or [alert.report.title]
        return f"{self.worded} {alert.relation.value}: {' | '.join(titles)}".encode()

    async def send(self, message: bytes, *, key: str) -> Receipt:
        self.tried.append((key, message))
        if self.gate:
            await self.gate.wait()
        if self.faults and (fault := self.faults.pop(0)):
            raise fault
        self.got.append((key, message))
        return Receipt("250 Ok", f"id-{key}")

    async def close(self) -> None:
        pass

    @property
    def lines(self) -> list[str]:
        return [message.decode().partition(" ")[2] for _, message in self.got]


def matches_by_word(item: Item) -> list[Match]:
    """An item is on a topic when it has the topic's word; "hardly" makes it a weak match."""
    if "MATCHBUG" in item.title:
        raise RuntimeError("the matcher stumbles")
    band = Band.WEAK if "hardly" in item.title else Band.STRONG
    found = [(t.id, name) for t in TOPICS for line in t.lines for name in line.names if name in item.title]
    return [Match(topic, 0.9, band, (Found("who", name, name, "title", "exact"),)) for topic, name in found]


class Stage:
    """Feeds `a`, `b`, `c` on three hosts, receivers `desk` and `boss`."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.clock, self.web, self.zone = Clock(), Web(), ZoneInfo("UTC")
        self.boxes = {"desk": Letterbox(), "boss": Letterbox()}
        self.feeds = [Feed(n, f"https://{n}.example/rss", every=HOUR, source=f"Outlet {n}") for n in "abc"]
        self.routes: list[Route] = [Route("all", ("desk",))]
        self.operators = Operators()
        self.pages: PageReader | None = None
        self.open()

    def open(self) -> None:
        """Start, as a daemon starts on a database that may have been left in any state."""
        self.database = Database(self.place)
        polls, ledger = SqlPollStore(self.database), SqlAssessStore(self.database)
        outbox = SqlDispatchStore(self.database)
        polls.release_leases()
        outbox.release_leases()
        polls.register(PollState(f.name, next_poll_at=self.clock()) for f in self.feeds)
        ledger.register(CLAIMS, now=self.clock())
        self.poll = PollStation(
            store=polls, feeds=self.feeds, fetcher=self.web, parser=self.web, match=matches_by_word,
            at_once=10, young=48 * HOUR, clock=self.clock, jitter=lambda: 0.0, pages=self.pages,
            is_near=lambda item: "near" in item.title,
        )  # fmt: skip
        self.assess = AssessStation(
            store=ledger, judge=WordJudge(), topics=TOPICS, claims=CLAIMS, feeds=self.feeds,
            routes=self.routes, addresses={}, zone=self.zone, clock=self.clock,
        )  # fmt: skip
        channels: dict[str, Channel] = dict(self.boxes)
        self.dispatch = DispatchStation(
            store=outbox, channels=channels, clock=self.clock, operators=self.operators
        )
        self.reader = SqlReader(self.database)

    def close(self) -> None:
        self.database.close()

    def die(self) -> None:
        """Come to a sudden end and start again."""
        self.close()
        self.open()

    async def poll_all(self, **answers: list[Item] | BaseException) -> None:
        """Poll every feed; those not named have nothing."""
        self.web.answers = {f.name: answers.get(f.name, []) for f in self.feeds}
        await self.poll.poll_all()

    async def tell(self) -> None:
        """Assess and send all there is."""
        while await self.assess.run_live():
            pass
        await self.assess.run_summaries(first_polls_done=True)
        while await self.dispatch.start_due(hurry=True):
            await self.dispatch.idle()

    async def round(self, **answers: list[Item] | BaseException) -> None:
        await self.poll_all(**answers)
        await self.tell()

    async def begin(self) -> None:
        """First polls of all feeds, which bring nothing on topic: what comes then is live."""
        await self.round(**{f.name: [news(f"Weather of {f.name}")] for f in self.feeds})

    def state(self, feed: str) -> PollState:
        return next(s for s in self.reader.feeds() if s.feed == feed)

    def alerts(self) -> list[StoredAlert]:
        return self.reader.alerts(limit=1000)

    @property
    def desk(self) -> list[str]:
        return self.boxes["desk"].lines


def news(title: str, *, at: datetime | None = START, id: str | None = None) -> Item:
    return Item(id or title, f"https://x.example/{title}", title=title, published_at=at)
