"""What two configs make of the same items, compared: who is told at once, what only digests name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from claimwatch.core.model import Alert, Relation
from claimwatch.core.summary import in_order
from claimwatch.storage.past import PastAlert

OURS = (Relation.CONTRADICTS, Relation.UPDATES, Relation.CORROBORATES, Relation.NEW)
RIGHT, WRONG = "right", "wrong"
_REGRET = {RIGHT: 0, None: 1, WRONG: 2}
_NO_TOPIC = "on no topic"
_DIGEST = "in the digest only: no route sends it at once"


@dataclass(frozen=True, slots=True)
class Told:
    """An item that readers are told of: by which alert, how."""

    item: int
    relation: Relation
    about: str  # the claim's short text, or the topic
    title: str
    alert: Alert
    judged: str | None = None  # right | wrong
    why_lost: str = ""  # the gate that stops it now

    @property
    def code(self) -> str:
        return self.alert.code


@dataclass(frozen=True, slots=True)
class Side:
    """What one config made of the items: those told at once and those only in digests, by item.

    `counted` reports are told by no alert and stand in digests too; `moved` claims have a new status.
    """

    stories: int = 0
    at_once: Mapping[int, Told] = field(default_factory=dict)
    in_digests: Mapping[int, Told] = field(default_factory=dict)
    counted: int = 0
    moved: Mapping[str, str] = field(default_factory=dict)

    @property
    def digest_lines(self) -> int:
        """How many reports only digests name."""
        return len(self.in_digests) + self.counted


@dataclass(frozen=True, slots=True)
class Difference:
    """What another config does to the same items."""

    items: int
    before: Side
    now: Side
    lost: tuple[Told, ...]  # those judged right first, those judged wrong last
    gained: tuple[Told, ...]
    changed: tuple[tuple[Told, Told], ...]

    @property
    def lost_right(self) -> tuple[Told, ...]:
        return tuple(told for told in self.lost if told.judged == RIGHT)

    def judged(self, word: str | None) -> tuple[int, int]:
        """Return how many alerts at once were judged so, and how many of these are told now as well."""
        so = [item for item, told in self.before.at_once.items() if told.judged == word]
        return len(so), sum(item in self.now.at_once for item in so)


def side(
    alerts: Iterable[PastAlert],
    among: Iterable[int],
    *,
    stories: int,
    counted: int,
    moved: Mapping[str, str],
) -> Side:
    """Return what these alerts tell of the items `among`: alone or in a summary is the same."""
    window, raised = frozenset(among), list(alerts)
    at_once = _by_item(raised, window, at_once=True)
    digests = _by_item(raised, window - at_once.keys(), at_once=False)
    return Side(stories, at_once, digests, counted, moved)


def difference(items: int, before: Side, now: Side, gates: Mapping[int, str]) -> Difference:
    """Return what differs; `gates` say why an item on a topic is not told now."""
    was, is_ = before.at_once, now.at_once
    lost = [
        replace(told, why_lost=_DIGEST if item in now.in_digests else gates.get(item, _NO_TOPIC))
        for item, told in was.items()
        if item not in is_
    ]
    both = [(was[item], is_[item]) for item in sorted(was.keys() & is_.keys())]
    return Difference(
        items=items,
        before=before,
        now=now,
        lost=tuple(sorted(lost, key=lambda t: (_REGRET[t.judged], t.item))),
        gained=tuple(is_[item] for item in sorted(is_.keys() - was.keys())),
        changed=tuple((a, b) for a, b in both if (a.relation, a.about) != (b.relation, b.about)),
    )


def _by_item(alerts: Iterable[PastAlert], among: frozenset[int], *, at_once: bool) -> dict[int, Told]:
    """Return the first telling of each item: bundles of what was held tell it again."""
    first: dict[int, Told] = {}
    for past in alerts:
        if past.at_once is at_once:
            for told in _told(past):
                if told.item in among:
                    first.setdefault(told.item, told)
    return first


def _told(past: PastAlert) -> Iterator[Told]:
    alert = past.alert
    if alert.sections or alert.relation not in OURS:  # a digest repeats, a correction takes back
        return
    if not alert.entries:
        if alert.report.item is not None:
            about = alert.claim.short if alert.claim else alert.topic
            yield Told(alert.report.item, alert.relation, about, alert.report.title, alert, past.judged)
        return
    for number, entry in enumerate(in_order(alert.entries), 1):
        if entry.report.item is not None:
            about, judged = entry.claim or alert.topic, past.lines.get(number, past.judged)
            yield Told(entry.report.item, entry.relation, about, entry.report.title, alert, judged)
