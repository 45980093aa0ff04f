"""The doors: every replaceable part, each method with its promise and errors."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Protocol, runtime_checkable

from claimwatch.core.digest import Period
from claimwatch.core.ledger import Evidence
from claimwatch.core.model import (
    NO_THREAD,
    Alert,
    Assessment,
    Document,
    Feed,
    Fetched,
    Pair,
    PollState,
    Receipt,
    Select,
    Thread,
)
from claimwatch.core.publisher import Withdrawal
from claimwatch.core.reminding import Unacknowledged
from claimwatch.core.trouble import Notice
from claimwatch.core.websub import Advert, Subscription
from claimwatch.core.work import (
    Desk,
    DueDelivery,
    DueEdit,
    Findings,
    HeldDelivery,
    Matched,
    NewDelivery,
    PageTexts,
    PollOutcome,
    Told,
)


class Fetcher(Protocol):
    """Brings a feed's document over the network, politely and within bounds."""

    async def fetch(self, feed: Feed, state: PollState) -> Fetched:
        """Return what the server answered; `body` is None for "unchanged".

        Sends the validators of `state` only to the address they came from.

        Raises: FetchError, with the kind of failure and what the server asked us to wait.
        """


class PageParser(Protocol):
    """Reads web pages, at bounded cost."""

    async def article(self, body: bytes, *, content_type: str | None, url: str | None) -> str:
        """Return the text of the article on a page. Raises: ParseError."""


class PageReader(Protocol):
    """Brings the text of the pages behind items, politely and within bounds."""

    async def read(self, feed: Feed, urls: Sequence[str]) -> PageTexts:
        """Return the text of each page that can be read, and why others cannot; never raises for a page."""


class SubscriptionStore(Protocol):
    """What hubs were asked to push, and the pushes that wait. All raise StorageError."""

    def adverts(self) -> list[Advert]:
        """Return which feeds name a hub."""

    def held(self) -> list[Subscription]:
        """Return all subscriptions, those that are asked first first."""

    def find(self, token: str) -> Subscription | None:
        """Return the subscription whose address ends so, or None."""

    def add(self, new: Iterable[Subscription]) -> None:
        """Store new subscriptions."""

    def change(self, token: str, how: Callable[[Subscription], Subscription | None]) -> None:
        """Store what `how` makes of a subscription as it is now; None deletes it."""

    def pushed(self, token: str, now: datetime) -> None:
        """Remember that the feed is to be polled: from here on no crash loses the push."""

    def hasten(self, now: datetime) -> int:
        """Have feeds with a waiting push polled now; return how many."""


class EntryMemory(Protocol):
    """Which entries each feed showed when its items were last stored; may forget at any time."""

    def known(self, feed: str) -> bytes:
        """Return the marks remembered of this feed, b"" for none."""

    def remember(self, feed: str, marks: bytes) -> None:
        """Keep these marks; call it only when the items they stand for are committed."""


class Parser(Protocol):
    """Reads a feed document; expensive, hostile or broken ones cost bounded time and memory."""

    async def parse(
        self,
        body: bytes,
        *,
        content_type: str | None,
        url: str | None,
        known: bytes = b"",
        select: Select | None = None,
    ) -> Document:
        """Return the document with items in the order of the feed; with `select`, what it finds on a web page.

        Entries that stand unchanged among `known` (the `marks` of an earlier reading of this feed whose items
        are stored) may be left out; `skipped` counts them.

        Raises: ParseError, with what came instead of a feed.
        """


class Judge(Protocol):
    """Says what texts say of claims. `name` carries a version: `lexical-1`."""

    name: str

    def assess(self, pairs: Sequence[Pair]) -> list[Assessment]:
        """Return one assessment a pair, in order; a neutral one of confidence 0 is none, its reasons say why.

        Raises: JudgeError, when it can answer none of them.
        """


@runtime_checkable
class PatientJudge(Judge, Protocol):
    """A judge that may think for long: ask it to `begin`, do something else, then have it `assess`."""

    def begin(self, pairs: Sequence[Pair]) -> bool:
        """Begin to think about these; return whether `assess` answers them at once by now.

        It does so within bounded time after the first call, whatever happens.
        """


class Channel(Protocol):
    """One named receiver's way to be reached."""

    @property
    def place(self) -> str:
        """What tells this address apart from others, for threads; "" where there are none. No secret."""

    def word(self, alert: Alert, *, key: str, thread: Thread = NO_THREAD) -> bytes:
        """Return the message for this receiver, ready to send: the same arguments give the same bytes.

        `key` identifies the delivery (stable through crashes); ids a receiver can recognise a copy by are
        made from it. `thread` is what this place got on the alert's claim before.
        """

    async def send(self, message: bytes, *, key: str) -> Receipt:
        """Hand over what `word` returned.

        Raises: DeliveryError, saying whether a retry can help and how long to wait.
        """

    async def close(self) -> None:
        """Let go of connections."""


@runtime_checkable
class EditableChannel(Protocol):
    """A channel whose messages can be changed after they were sent."""

    async def edit(self, message: bytes, remote_id: str) -> None:
        """Put what `word` returned into the message of this id; nobody is rung. Raises: DeliveryError."""


@runtime_checkable
class TemplatedChannel(Protocol):
    """A channel that people can word in a file of their own."""

    @property
    def template_problem(self) -> str:
        """Why the last message has the built-in words although there is a file, or ""."""


Tick = tuple[str, timedelta, Callable[[], Awaitable[object]]]  # its name, how often, what is done


class PollWork(Protocol):
    """What a runner has the poll station do. All raise StorageError."""

    async def start_due(self) -> int:
        """Start polling what is due, as far as there is room; return how many."""

    async def poll_all(self) -> None:
        """Poll every feed once, now."""

    async def poll_host(self, host: str, *, lease: timedelta, early: bool = False) -> None:
        """Poll the feeds of a host that are due, with `early` all of them; return when that is done."""

    async def first_polls_done(self) -> bool:
        """Say whether every feed was tried at least once."""


class AssessWork(Protocol):
    """What a runner has the assess station do. All raise StorageError."""

    async def run_live(self) -> int:
        """Assess the items that wait, oldest first; return how many were assessed."""

    async def run_summaries(self, *, first_polls_done: bool) -> int:
        """Sum up what first polls brought, a topic at a time; return how many topics were summed up."""

    async def run_out(self) -> None:
        """Assess all that waits, also what the judge has to think about for a while."""

    async def run_topic(
        self,
        topic: str,
        *,
        among: Collection[str],
        sure: Callable[[], bool],
        first_polls_done: Callable[[], Awaitable[bool]],
    ) -> None:
        """Assess what waits on a topic and on no topic beyond `among`, while it is `sure` to be ours."""


class DispatchWork(Protocol):
    """What a runner has the dispatch station do. All raise StorageError."""

    async def start_due(self, *, hurry: bool = False) -> int:
        """Start sending what is due; return how many deliveries were taken."""

    async def idle(self) -> None:
        """Wait until nothing is being sent."""

    async def send_to(
        self, receiver: str, *, lease: timedelta, sure: Callable[[], bool], hurry: bool = False
    ) -> None:
        """Send what is due to a receiver, in order, while it is `sure` to be ours."""


class LeaseStore(Protocol):
    """Who works on what. All raise StorageError."""

    def take(self, names: Collection[str], *, span: timedelta) -> bool:
        """Hold all of these for `span`, or, when another holds one of them, none; return which."""

    def renew(self, names: Collection[str], *, span: timedelta) -> set[str]:
        """Hold these for `span` from now on; return those that are still ours."""

    def release(self, names: Collection[str], *, rest: timedelta) -> None:
        """Let go of these; others may have them after `rest`."""


class DueWork(Protocol):
    """What a scheduler asks: which units have something to do. All raise StorageError."""

    def due(self) -> tuple[set[str], set[str], set[str]]:
        """Return hosts, topics and receivers with something due that nobody works on."""

    def hosts(self) -> set[str]:
        """Return all hosts that are polled."""

    def topics(self) -> set[str]:
        """Return the topics that something waits on."""

    def company(self, topic: str) -> set[str]:
        """Return a topic and those that what waits on it is on, too."""

    def receivers(self, *, hurry: bool = False) -> set[str]:
        """Return receivers with something due, with `hurry` also what waits for company."""


class Runner(Protocol):
    """Takes due work and has the stations do it."""

    def ticks(self) -> list[Tick]:
        """Return what is to be called again and again."""

    def alone(self, name: str, work: Callable[[], Awaitable[object]]) -> Callable[[], Awaitable[object]]:
        """Return work that only one process may do at a time."""

    async def once(self) -> None:
        """Poll every feed once and assess what came of it. Raises: StorageError."""

    async def send_all(self) -> None:
        """Deliver what waits, also what waits for company. Raises: StorageError."""

    async def stop(self) -> None:
        """Take no new work."""


class PollStore(Protocol):
    """Feeds that are due, what is known of them, and the outcome of each poll. All raise StorageError."""

    def take_due(
        self, names: Collection[str], *, now: datetime, lease: timedelta, limit: int, early: bool = False
    ) -> list[PollState]:
        """Return up to `limit` due feeds among `names`, longest due first, held for `lease`.

        With `early` also those not due yet, unless their server asked us to wait.
        """

    def known(self, feed: str, keys: Sequence[str], hashes: Sequence[str]) -> dict[str, str]:
        """Return key -> content hash of what is stored of a feed under these keys or with these words."""

    def contents(self, feed: str, keys: Sequence[str]) -> dict[str, str]:
        """Return key -> long text of what is stored of a feed under these keys."""

    def commit(self, *outcomes: PollOutcome, now: datetime) -> None:
        """Store polls whole, in one transaction: new items, their matches, the feeds' next states."""

    def unpolled(self, names: Collection[str]) -> int:
        """Return how many of these feeds no poll has been tried of."""


class AssessStore(Protocol):
    """Matched items that wait, what was said and told before, what follows. All raise StorageError."""

    def take_live(self, *, limit: int, topic: str | None = None) -> list[Matched]:
        """Return items that alert as they come or are counted only, oldest first; those on `topic`."""

    def take_young(self, topic: str) -> list[Matched]:
        """Return what waits for a topic's first-poll summary."""

    def young_topics(self) -> dict[str, datetime]:
        """Return topics with items that wait for a summary, with the time the oldest has waited since."""

    def evidence(self, names: Collection[str], *, items: Collection[int] = ()) -> dict[str, list[Evidence]]:
        """Return the evidence on these claims' current wording, oldest first: all of these items.

        Of very many rows, those from which the same follows.
        """

    def told(self, topics: Collection[str], *, since: datetime) -> list[Told]:
        """Return the latest assessed items on these topics since then, oldest first."""

    def sent_since(self, since: datetime) -> dict[str, int]:
        """Return how many alerts each route has let go at once since then; what it held does not count."""

    def desk(self, *, now: datetime) -> Desk:
        """Return what people decided that weighs on alerts raised now."""

    def commit(self, findings: Findings, *, now: datetime, withdrawals: Sequence[Withdrawal] = ()) -> None:
        """Store findings, alerts and deliveries and mark the items assessed: one transaction.

        Evidence that was withdrawn stops counting, and those who got alerts of it are told.
        An alert that is stored already (the same fingerprint) is left as it is.
        """


class DigestStore(Protocol):
    """What a period brought, until when each digest has told, what nobody answered. All raise StorageError."""

    def unacknowledged(self, now: datetime) -> list[Unacknowledged]:
        """Return contradictions that were sent, are not muted, and of which nobody has said anything."""

    def commit_reminder(self, alert: Alert, new: Sequence[NewDelivery]) -> None:
        """Store a reminder with its deliveries."""

    def ask_how_ended(self, today: date, now: datetime) -> list[Alert]:
        """Have the next digest ask how claims ended whose last day is before `today`; each is asked once."""

    def told_until(self, route: str) -> datetime | None:
        """Return where a route's next digest begins, None for a route without any yet."""

    def start(self, route: str, until: datetime) -> None:
        """Let a new route's first digest begin here."""

    def period(self, since: datetime, until: datetime) -> Period:
        """Return what happened after `since`, up to and including `until`."""

    def commit(self, route: str, alert: Alert, new: Sequence[NewDelivery]) -> None:
        """Store a digest with its deliveries and where the next one begins: one transaction."""


class DispatchStore(Protocol):
    """The outbox and, once settled, the sent log. All raise StorageError."""

    def take_due(
        self,
        *,
        now: datetime,
        lease: timedelta,
        each: int,
        busy: Collection[str] = (),
        only: str | None = None,
        hurry: bool = False,
    ) -> list[DueDelivery]:
        """Return due deliveries, at most `each` a receiver, none to `busy` ones, held for `lease`.

        With `only` those to this receiver. With `hurry` also those that wait for company (`gather`) and
        were never tried.
        """

    def take_held(self, *, now: datetime) -> list[HeldDelivery]:
        """Return deliveries that were held back until now or earlier, in the order of their alerts."""

    def commit_release(self, held: Collection[int], receiver: str, summary: Alert | None) -> None:
        """Let held deliveries of one receiver go: as they are, or, with a summary, told in that one."""

    def thread(self, name: str) -> Thread:
        """Return what was sent in a thread so far."""

    def store_message(self, delivery: int, message: bytes, *, thread: str | None = None) -> None:
        """Keep the rendered bytes, and the thread they go into, before they are sent for the first time."""

    def commit_sent(self, delivery: int, receipt: Receipt, *, now: datetime) -> None:
        """Note that the receiver has it."""

    def commit_dead(self, delivery: int, error: str, *, now: datetime, tell: Notice | None = None) -> bool:
        """Note that no retry can help; it stays listed.

        With `tell` the operator is told, in the same transaction, unless that was done since the receiver last worked;
        return whether.
        """

    def commit_retry(
        self, delivery: int, error: str, *, due_at: datetime, tell: Notice | None = None
    ) -> bool:
        """Have it tried again at `due_at`; `tell` is as for `commit_dead`."""

    def take_edits(self, receivers: Collection[str], *, since: datetime, limit: int) -> list[DueEdit]:
        """Return messages sent to these receivers since then that more reprints have joined."""

    def commit_edit(self, edit: DueEdit) -> None:
        """Note that a message tells of its reprints, or cannot."""

    def commit_notice(self, tell: Notice) -> bool:
        """Tell the operator; a notice that is stored already is not told again. Return whether it was."""
