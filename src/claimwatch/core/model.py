"""The values that flow through claimwatch, in the words of the README's table of words.

All are frozen and hold no behaviour beyond what follows from their own fields. Times are aware, UTC and
end in `_at`; spans are `timedelta`; scores and confidences are in 0..1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from urllib.parse import urlsplit


class Stance(StrEnum):
    """What one text says of one claim."""

    SUPPORTS = "supports"
    CONTRADICTS = "contradicts"
    UPDATES = "updates"
    NEUTRAL = "neutral"


class Relation(StrEnum):
    """What the reader is told; describes reports, never truth."""

    CONTRADICTS = "CONTRADICTS"
    UPDATES = "UPDATES"
    CORROBORATES = "CORROBORATES"
    NEW = "NEW"
    CORRECTION = "CORRECTION"
    WITHDRAWN = "WITHDRAWN"
    SETTLED = "SETTLED"


class Band(StrEnum):
    """How good a match is, in four steps (four likelihood stages beat three and equalled five: README)."""

    STRONG = "strong"
    GOOD = "good"
    WEAK = "weak"
    GUESS = "guess"


# ---------------------------------------------------------------- what comes in

LEAD = 2000  # characters of a text without a summary that are read


@dataclass(frozen=True, slots=True)
class Select:
    """CSS selectors that find the items of a web page, and in each item (None: the usual place) its parts."""

    item: str
    title: str | None = None
    link: str | None = None
    summary: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class HostPace:
    """How one host wants to be asked: so many requests at a time, begun at least `spacing` apart."""

    at_once: int
    spacing: timedelta


@dataclass(frozen=True, slots=True)
class Feed:
    """One polled address, as the config names it. `name` is its identity."""

    name: str
    url: str
    language: str | None = None
    every: timedelta | None = None  # None: by the feed's own rhythm
    reliability: str = "F"  # Admiralty letter of the outlet as a relay
    source: str | None = None  # publisher; two feeds of one source are one voice. None: the feed's name
    wire: bool = False
    near: str | None = None  # a party this outlet stands near, e.g. "Ukraine"
    private: bool = False  # may live on a private or loopback address
    tags: tuple[str, ...] = ()  # words to find it by: its groups in an OPML file
    full_text: bool = False  # the pages of its items are read, too
    select: Select | None = None  # what is polled is a web page without a feed
    user: str | None = None
    password: str | None = field(default=None, repr=False)  # already read from its file or the environment
    pace: HostPace | None = None  # what the config says of its host

    @property
    def publisher(self) -> str:
        return self.source or self.name

    @property
    def host(self) -> str:
        return _host_of(self.url)


@lru_cache(maxsize=20_000)
def _host_of(url: str) -> str:
    return urlsplit(url).hostname or url


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a feed, normalised to plain text. `id` is unique within its feed."""

    id: str
    url: str | None = None
    title: str = ""
    summary: str = ""
    content: str = ""
    language: str | None = None
    published_at: datetime | None = None
    updated_at: datetime | None = None
    authors: tuple[str, ...] = ()
    source: str | None = None  # the publisher the entry itself names (aggregators), else None

    @property
    def text(self) -> str:
        """Headline and lead as the judge and the reprint check read them: the headline is line one."""
        return told_text(self.title, self.summary, self.content)


def told_text(title: str, summary: str, content: str) -> str:
    """Return a headline with what follows it; of a text without a summary, its beginning."""
    return "\n".join(part for part in (title, summary or content[:LEAD]) if part)


@dataclass(frozen=True, slots=True)
class Document:
    """One feed document, read. `damaged` says in words what was wrong when items could be saved."""

    title: str
    language: str | None
    items: tuple[Item, ...]
    format: str = ""  # "rss20", "atom10", "json11" ...
    url: str | None = None  # the site the feed belongs to
    refresh_every: timedelta | None = None  # ttl, sy:update*
    hub: str | None = None  # WebSub
    topic: str | None = None  # its own address (rel=self), by which the hub knows it
    damaged: str | None = None
    marks: bytes = b""  # of its entries, to give back as `known` at the next reading once these are stored
    skipped: int = 0  # entries not read, because their marks were known


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server answered to one poll. `body` is None when nothing changed (304)."""

    url: str  # where the answer came from, after redirects
    status: int
    body: bytes | None
    content_type: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    fresh_for: timedelta | None = None  # Cache-Control max-age or Expires
    moved_to: str | None = None  # set when every hop was permanent (301, 308)
    hub: str | None = None  # WebSub, as the Link header names it
    topic: str | None = None


@dataclass(frozen=True, slots=True)
class PollState:
    """What is remembered of a feed between polls."""

    feed: str
    next_poll_at: datetime
    last_poll_at: datetime | None = None
    last_ok_at: datetime | None = None
    last_new_at: datetime | None = None
    outcome: str = "never polled"  # one short phrase for people
    error: str | None = None
    failing_since_at: datetime | None = None
    failures: float = 0.0  # weighed: hard 1, soft 1/2, temporary 1/4
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    polls: int = 0
    items: int = 0
    url: str | None = None  # a validator belongs to this address only
    address: str | None = None  # asked in place of the config's: the feed moved there for good
    moved_of: str | None = None  # the config's address that these fields are about
    moved_to: str | None = None  # where permanent redirects point, not believed yet
    moved_polls: int = 0  # how many polls met them
    moved_since_at: datetime | None = None
    hub: str | None = None  # that pushes it, and the address the hub knows it by
    topic: str | None = None


# ---------------------------------------------------------------- what is followed


@dataclass(frozen=True, slots=True)
class NameLine:
    """One line of names of a topic (`who`, `what`, `where` ...).

    `at_least` so many different names of it must be found; `within` asks one of them to stand in one
    "sentence" or "paragraph" with a name of another line.
    """

    name: str
    names: tuple[str, ...]
    within: str | None = None
    at_least: int = 1


@dataclass(frozen=True, slots=True)
class Topic:
    """What is followed: an item is on it when every line names something found in the item.

    `at_least` loosens that to so many lines; `within` asks the names to stand in one sentence or paragraph;
    `vetoes` are names that take an item off the topic.
    """

    id: str
    title: str
    lines: tuple[NameLine, ...]
    vetoes: tuple[str, ...] = ()
    at_least: int | None = None
    within: str | None = None  # "sentence" | "paragraph" | None
    tlp: str = "CLEAR"


@dataclass(frozen=True, slots=True)
class Wording:
    """A claim's sentence in another language."""

    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Example:
    """A headline (and summary) with the relation its claim must give: a test that lives in the config."""

    headline: str
    expect: str  # a Relation or "OFF-TOPIC"
    language: str | None = None
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement that is true or false, with who said it and when."""

    id: str
    topic: str
    text: str
    short: str  # at most 55 characters: the mail subject for the life of the claim
    language: str | None = None
    wordings: tuple[Wording, ...] = ()
    quantity: str | None = None  # a phrase, e.g. "up to 30,000 soldiers"; None: read from the text
    parts: tuple[
        tuple[str, str], ...
    ] = ()  # (who|does|what|where|when|stage, phrase) in place of what the text says
    said_by: tuple[str, ...] = ()
    reported: date | None = None
    until: date | None = None
    rivals: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()


# ---------------------------------------------------------------- what is decided


@dataclass(frozen=True, slots=True)
class Found:
    """One name found in an item: which, where, and how well."""

    line: str
    name: str  # as the topic writes it
    text: str  # as the item writes it
    field: str  # "title" | "summary" | "content"
    how: str  # "exact" | "inflected" | "spelled" | "transliterated" | "typo"
    ratio: float = 1.0


@dataclass(frozen=True, slots=True)
class Match:
    """An item is on a topic, with score (0..1), band, and the names that show it."""

    topic: str
    score: float
    band: Band
    found: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class NearMiss:
    """Why an item is not on a topic: the lines that stayed empty, or the name that vetoed it."""

    topic: str
    found: tuple[Found, ...]
    empty: tuple[str, ...]
    vetoed_by: str | None = None
    nearest: str | None = None  # in words: the closest thing found for an empty line


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim and a text to judge it by; a headline is the text's first line."""

    claim: Claim
    text: str
    language: str | None = None
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """Old -> new, in words a reader understands; `percent` of the old value where both are numbers."""

    old: str
    new: str
    percent: float | None = None


@dataclass(frozen=True, slots=True)
class Assessment:
    """One judge's answer for one pair. `confidence` is comparable only within one judge.

    `evidence` is a verbatim quotation from the text ("" when neutral without any); `marks` are the words of
    it that decided. `reasons` name the rules that fired, readable by people. `relevance` says how sure the
    judge is that the text speaks of the claim at all.
    """

    stance: Stance
    confidence: float
    evidence: str = ""
    reasons: tuple[str, ...] = ()
    judge: str = ""
    form: str | None = None  # denies disclaims refutes raises lowers dates happened ...
    change: Change | None = None
    speaker: str | None = None  # who says so, as the text names them
    hedge: str | None = None  # hedge words kept verbatim
    marks: tuple[str, ...] = ()
    relevance: float = 0.0


@dataclass(frozen=True, slots=True)
class Report:
    """One item carrying the development: an outlet's line in an alert."""

    title: str
    outlet: str
    url: str | None = None
    reliability: str = "F"
    near: str | None = None
    language: str | None = None
    published_at: datetime | None = None
    seen_at: datetime | None = None
    item: int | None = None  # storage id


@dataclass(frozen=True, slots=True)
class Standing:
    """A claim's independent origins for and against, and the status computed from them."""

    origins_for: int = 0
    origins_against: int = 0
    newsrooms: int = 0  # that support it in their own words
    outlets: int = 0
    status: str = "unverified"  # unverified | partly corroborated | corroborated | disputed | ...


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of an alert that sums up several items (first poll of a feed, storms, digests)."""

    relation: Relation
    report: Report
    claim: str | None = None  # the claim's short text
    change: Change | None = None
    evidence: str = ""
    outlets: int = 1  # that carry its text


@dataclass(frozen=True, slots=True)
class Section:
    """A titled list of lines in a digest."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """How often people judged alerts of one kind right, out of all they judged."""

    right: int = 0
    judged: int = 0


@dataclass(frozen=True, slots=True)
class Correction:
    """What was wrong with an alert that readers got: they are told in a message that answers it."""

    of: str  # its code
    alert: str  # its fingerprint
    relation: Relation  # what we said
    said_at: datetime
    what: str  # the headline: "the origin was not independent"
    fact: str  # what is so, in words
    by: str | None = None  # who says so; None: the publisher itself
    standing: Standing | None = None  # as the alert told it


@dataclass(frozen=True, slots=True)
class Alert:
    """Something a person should know. `fingerprint` is unique; `code` is what people type (six letters)."""

    fingerprint: str
    code: str
    relation: Relation
    reason: str  # first | status-changed | figure-changed | new-origin | first-poll ...
    topic: str
    topic_title: str
    report: Report
    created_at: datetime
    form: str | None = None
    claim: Claim | None = None
    change: Change | None = None
    notes: tuple[str, ...] = ()
    evidence: str = ""
    evidence_language: str | None = None
    marks: tuple[str, ...] = ()
    hedge: str | None = None
    speaker: str | None = None  # the origin as named by the text
    confidence: float = 0.0
    why: tuple[str, ...] = ()  # the judge's reasons
    judge: str = ""
    match: Match | None = None
    standing: Standing | None = None
    status_was: str | None = None
    nearest: str | None = None  # for NEW: the nearest claim, in words
    also: tuple[str, ...] = ()  # other topics the item is on; routes of these take the alert too
    also_relations: tuple[Relation, ...] = ()  # to other claims; routes that ask for these take it too
    entries: tuple[Entry, ...] = ()  # not empty: this alert sums up several items; `report` is the first
    sections: tuple[Section, ...] = ()  # not empty: this is a digest
    record: Record | None = None  # of earlier alerts of this relation
    correction: Correction | None = None  # this alert takes back an earlier one
    answers: tuple[tuple[str, str], ...] = ()  # (receiver, key of the delivery to it that this one answers)
    carriers: tuple[Report, ...] = ()  # reports that print the same text: one source
    wire: str | None = None  # the news agency the text comes from
    own_source: bool = False  # the claim's own source says so: ALERTS.md's flag `self`
    tlp: str = "CLEAR"


# ---------------------------------------------------------------- who is told


@dataclass(frozen=True, slots=True)
class Route:
    """A rule: which alerts go to which receivers, when. Every fitting route applies."""

    name: str
    to: tuple[str, ...]
    topics: tuple[str, ...] = ("*",)  # glob patterns over topic ids
    relations: tuple[Relation, ...] = (
        Relation.CONTRADICTS,
        Relation.UPDATES,
        Relation.CORROBORATES,
        Relation.NEW,
    )
    band: Band = Band.GOOD  # the least
    gather: timedelta = timedelta(0)
    limit: int | None = None  # alerts a day sent at once; more are held
    storm: int | None = None  # alerts an hour on one topic sent at once; more come in one message an hour
    quiet: str | None = None  # "22:00-06:30": hold back in these hours
    wake: tuple[Relation, ...] = ()  # never held
    remind: bool = False  # of contradictions that nobody acknowledged
    digest: str | None = None  # "07:00", "Mon 07:00": sum up at this time instead


@dataclass(frozen=True, slots=True)
class Delivery:
    """One alert to one receiver, until settled. `message` holds the rendered bytes once worded."""

    id: int
    alert: str  # fingerprint
    receiver: str
    due_at: datetime
    attempts: int = 0
    message: bytes | None = None
    routes: tuple[str, ...] = ()
    resent: int = 0  # times somebody asked for it again

    @property
    def key(self) -> str:
        """What ids are made of by which a receiver can recognise a copy; a message that is resent is new."""
        return delivery_key(self.alert, self.id, self.resent)


def delivery_key(alert: str, delivery: int, resent: int = 0) -> str:
    """Return the key of a delivery's message, from the alert's fingerprint."""
    return f"{alert}.{delivery}" + (f".{resent}" if resent else "")


@dataclass(frozen=True, slots=True)
class Thread:
    """What one address got on one claim before: how many messages, the last one's key, the services' ids."""

    count: int = 0
    last_key: str | None = None
    root_id: str | None = None  # of the first message, as its service calls it
    last_id: str | None = None


NO_THREAD = Thread()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a channel answered to a message it took."""

    answer: str  # e.g. "250 2.0.0 Ok"
    remote_id: str | None = None  # for threads and later edits
