"""What the stations take from storage and what they commit: one value each way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from claimwatch.core.carriers import Carrier
from claimwatch.core.ledger import Evidence
from claimwatch.core.model import Alert, Assessment, Delivery, Item, Match, PollState, Record, Relation
from claimwatch.core.muting import Mute
from claimwatch.core.origins import SameOrigin
from claimwatch.core.settling import Settlement

ALERTED = "alert"
MUTED = "muted"


@dataclass(frozen=True, slots=True)
class PageTexts:
    """What became of pages, by address: their text, or why there is none."""

    texts: Mapping[str, str]
    refused: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class NewItem:
    """An item that is news to us (or a later revision), with the topics it is on and how it may alert.

    `mode` is "live", "young" (first poll of its feed, under 48 h old: told in the topic's summary) or "old"
    (first poll, older: counted only).
    """

    item: Item
    key: str
    hash: str
    matches: tuple[Match, ...]
    mode: str
    edited: bool = False  # a later text of an item that is stored


@dataclass(frozen=True, slots=True)
class PollOutcome:
    """One poll, committed in one transaction: the feed's next state and what was new."""

    state: PollState
    new: tuple[NewItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Matched:
    """A stored item that waits for assessment, with its matches of one mode."""

    id: int  # storage id
    feed: str
    revision: int
    item: Item
    matches: tuple[Match, ...]
    mode: str
    first_seen_at: datetime
    known_on: frozenset[str] = frozenset()  # topics that an earlier text of it was well on


@dataclass(frozen=True, slots=True)
class Told:
    """An earlier item on a topic: what a later one may reprint, or tell in other words."""

    item: int
    text: str
    story: int
    feed: str = ""
    language: str | None = None
    at: datetime | None = None  # first seen
    heard: frozenset[str] | None = None  # topics whose readers it was weighed for; None: all


@dataclass(frozen=True, slots=True)
class Finding:
    """What assessing one item gave. `gate` says in words what became of it, alerted or not.

    The gate of an item that alerted begins with ALERTED. `statuses` are claims with the status that follows.
    `topics` are those it was assessed on, where not all.
    """

    item: int
    revision: int
    story: int
    gate: str
    evidence: tuple[tuple[Evidence, Assessment], ...] = ()
    statuses: tuple[tuple[str, str], ...] = ()
    topics: tuple[str, ...] = ()
    carrier: Carrier | None = None  # it prints again what an earlier item told


@dataclass(frozen=True, slots=True)
class Findings:
    """Findings and the alerts with their deliveries, committed in one transaction."""

    findings: tuple[Finding, ...]
    alerts: tuple[tuple[Alert, tuple[NewDelivery, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Desk:
    """What people decided that weighs on alerts raised now."""

    record: Mapping[Relation, Record] = field(default_factory=dict)
    mutes: tuple[Mute, ...] = ()
    stories: Mapping[str, int] = field(default_factory=dict)  # alerts of the last hour, by topic
    demoted: frozenset[tuple[str, Relation]] = frozenset()  # route and relation that come once a day
    settled: Mapping[str, Settlement] = field(default_factory=dict)  # by claim
    same_origins: Mapping[str, Sequence[SameOrigin]] = field(default_factory=dict)  # by claim


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """An alert is to reach a receiver, not before `due_at`; `held` says why it waits: "limit" or "quiet".

    What is MUTED is never sent.
    """

    receiver: str
    due_at: datetime
    routes: tuple[str, ...]
    held: str | None = None


@dataclass(frozen=True, slots=True)
class DueDelivery:
    """A delivery to make now, with its alert."""

    delivery: Delivery
    alert: Alert


@dataclass(frozen=True, slots=True)
class DueEdit:
    """A message that was sent before `reprints` more outlets joined its alert."""

    delivery: Delivery
    remote_id: str
    reprints: int
    alert: Alert


@dataclass(frozen=True, slots=True)
class HeldDelivery:
    """A delivery that was held back and may go now."""

    id: int
    receiver: str
    held: str
    alert: Alert
