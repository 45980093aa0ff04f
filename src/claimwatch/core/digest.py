"""The digest: what a period brought, also when that is nothing, and what was held, muted, failed or silent.

It is sent at its time always: one that does not arrive says that claimwatch is not running.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fnmatch import fnmatchcase
from zoneinfo import ZoneInfo

from claimwatch.core.alert_codes import coded, fingerprint
from claimwatch.core.carriers import outlets
from claimwatch.core.model import Alert, Record, Relation, Report, Route, Section
from claimwatch.core.muting import Mute, muted_by
from claimwatch.core.routing import misfit

REASON = "digest"
RECORD_DAYS = 30
SHOWN = 20  # lines of one section; the rest is counted
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class ClaimNews:
    """A claim with evidence in the period: how much of which kind, its status, and whether that moved."""

    id: str
    topic: str
    short: str
    status: str
    moved: bool
    supports: int
    contradicts: int
    updates: int
    reprints: int


@dataclass(frozen=True, slots=True)
class CountedItem:
    """A report that speaks of a claim and was only counted: its voice was among the claim's origins already."""

    topic: str
    short: str
    stance: str
    title: str
    outlet: str


@dataclass(frozen=True, slots=True)
class Held:
    """An alert that waits, and why: limit, quiet; or one that could not be delivered, and the error."""

    code: str
    receiver: str
    why: str


@dataclass(frozen=True, slots=True)
class ToSettle:
    """A claim that nobody has closed, and the last day it speaks of: past, or near."""

    id: str
    topic: str
    status: str
    last_day: date


@dataclass(frozen=True, slots=True)
class QuietFeed:
    """A feed that answers and has had nothing new for much longer than is usual for it."""

    feed: str
    silent: timedelta
    usual: timedelta


@dataclass(frozen=True, slots=True)
class Period:
    """What happened from `since` to `until`."""

    since: datetime
    until: datetime
    claims: tuple[ClaimNews, ...]
    alerts: tuple[Alert, ...]
    held: tuple[Held, ...]
    failed: tuple[Held, ...]
    sent: int
    feeds: int
    items: int
    on_topic: int
    possible: int  # matched below the band that alerts
    failing: tuple[str, ...]  # "Example Wire: timed out"
    mutes: tuple[Mute, ...] = ()  # in force at some time of it
    judged: frozenset[str] = frozenset()  # codes of alerts that people judged right or wrong
    record: Record = field(default_factory=Record)  # of what was judged in RECORD_DAYS
    counted: tuple[CountedItem, ...] = ()
    to_settle: tuple[ToSettle, ...] = ()
    quiet: tuple[QuietFeed, ...] = ()


def digest(route: Route, period: Period, zone: ZoneInfo) -> Alert:
    """Return a route's digest of a period: one message of sections, in the fixed order of ALERTS.md 3.3."""
    claims = [c for c in period.claims if _takes(route, c.topic)]
    moved = [c for c in claims if c.moved]
    steady = [c for c in claims if not c.moved]
    taken = [
        a
        for a in period.alerts
        if not a.sections
        and a.reason != "reminder"
        and a.relation is not Relation.SETTLED  # told whatever relations the route names
        and misfit(route, a) is None
    ]
    fitting = [a for a in taken if muted_by(a, period.mutes) is None]
    settled = [a for a in period.alerts if a.relation is Relation.SETTLED and _takes(route, a.topic)]
    loose = sorted((a for a in fitting if a.claim is None), key=lambda a: -(a.match.score if a.match else 0))
    told = "nothing moved" if not moved else f"{len(moved)} claim{'s' * (len(moved) > 1)} moved"
    title = f"claimwatch {_when(period.until, zone)}: {told}"
    sections = [
        Section("CLAIMS THAT MOVED", _shown([_moved(c) for c in moved])),
        Section("NEW EVIDENCE, STATUS UNCHANGED", _shown([_steady(c) for c in steady])),
        Section("CLAIMS SETTLED, OR OVER", _shown([_settled(a) for a in settled])),
        Section("ALERTS ON CLAIMS", _shown([_alerted(a) for a in fitting if a.claim])),
        Section(
            "COUNTED, NOT ALERTED", _shown([_counted(c) for c in period.counted if _takes(route, c.topic)])
        ),
        Section("ON TOPIC, NO CLAIM (best match first)", _shown([line for a in loose for line in _loose(a)])),
        Section("HELD BACK", _shown([*_held(period), *_muted(taken, period, zone)])),
        Section("NOT YET JUDGED (30 seconds of your time make tomorrow better)", _unjudged(fitting, period)),
        Section(
            "CLAIMS TO SETTLE",
            _shown([_to_settle(c, period, zone) for c in period.to_settle if _takes(route, c.topic)]),
        ),
        Section("NOT DELIVERED", _shown([f"{h.code} to {h.receiver}: {h.why}" for h in period.failed])),
        Section("FEEDS THAT FAIL", _shown(list(period.failing))),
        Section("FEEDS GONE QUIET", _shown([_quiet(feed) for feed in period.quiet])),
    ]
    record = period.record
    judged = f"judged right in the last {RECORD_DAYS} days: {record.right} of {record.judged}"
    counts = (
        f"{period.feeds} feeds, {period.items} new items, {period.on_topic} on topic; "
        f"{period.sent} deliveries sent, {len(period.failed)} failed",
        *([judged] if record.judged else []),
        "This digest is sent every time, also when nothing happened. If it does not arrive, "
        "claimwatch is not running.",
    )
    shown = tuple(s for s in sections if s.lines)
    return coded(
        Alert(
            fingerprint=fingerprint(REASON, route.name, period.until.isoformat()),
            code="",
            relation=Relation.NEW,
            reason=REASON,
            topic=route.topics[0] if len(route.topics) == 1 and "*" not in route.topics[0] else "digest",
            topic_title=title,
            report=Report(title=title, outlet="claimwatch"),
            created_at=period.until,
            sections=(*shown, Section("COUNTS", counts)),
        )
    )


def _takes(route: Route, topic: str) -> bool:
    return any(fnmatchcase(topic, pattern) for pattern in route.topics)


def _counted(item: CountedItem) -> str:
    return f"{item.stance}  {item.short}: {item.title} ({item.outlet})"


def _moved(claim: ClaimNews) -> str:
    return f"{claim.status.upper()}  {claim.short}  ({_tally(claim)})"


def _steady(claim: ClaimNews) -> str:
    reprints = f", {claim.reprints} reprints" if claim.reprints else ""
    return f"{claim.short}  ({_tally(claim)}{reprints}; {claim.status})"


def _tally(claim: ClaimNews) -> str:
    parts = [(claim.supports, "for"), (claim.contradicts, "against"), (claim.updates, "updating")]
    return ", ".join(f"+{count} {word}" for count, word in parts if count) or "reprints only"


def _alerted(alert: Alert) -> str:
    short = (alert.claim.short if alert.claim else alert.topic_title).removesuffix(".")
    return f"{alert.relation.value}  {short}: {alert.report.title} ({alert.report.outlet}, {alert.code})"


def _quiet(feed: QuietFeed) -> str:
    return f"{feed.feed}: nothing new for {_hours(feed.silent)} (usual gap {_hours(feed.usual)})"


def _hours(span: timedelta) -> str:
    hours = span / timedelta(hours=1)
    return f"{hours / 24:.0f} days" if hours >= 72 else f"{hours:.0f} h" if hours >= 1 else "under 1 h"


def _settled(alert: Alert) -> str:
    return f"{alert.claim.short if alert.claim else alert.topic}: {alert.report.title}"


def _to_settle(claim: ToSettle, period: Period, zone: ZoneInfo) -> str:
    day = f"{claim.last_day.day} {_MONTHS[claim.last_day.month - 1]} {claim.last_day.year}"
    if claim.last_day >= period.until.astimezone(zone).date():
        return f"{claim.id} ends {day} ({claim.status})"
    return f"{claim.id} ended {day} ({claim.status}): claimwatch claims settle {claim.id}"


def _unjudged(alerts: Sequence[Alert], period: Period) -> tuple[str, ...]:
    """Return the codes of alerts on claims that wait for a judgement, and how to give one."""
    codes = [a.code for a in alerts if a.claim and not a.correction and a.code not in period.judged]
    if not codes:
        return ()
    more = f" and {len(codes) - SHOWN} more" if len(codes) > SHOWN else ""
    how = f"claimwatch alerts right {codes[0]}  /  claimwatch alerts wrong {codes[0]}"
    return (f"{', '.join(codes[:SHOWN])}{more}: {how}",)


def _loose(alert: Alert) -> list[str]:
    score = f", {alert.match.score:.2f}" if alert.match else ""
    word = f"{alert.relation.value}  " if alert.correction else ""  # takes back what stands here as well
    told = [(entry.report, entry.outlets) for entry in alert.entries] or [(alert.report, len(outlets(alert)))]
    return [
        f"{word}{report.title} ({report.outlet}{f' and {n - 1} more' if n > 1 else ''}{score}, {alert.code})"
        for report, n in told
    ]


def _held(period: Period) -> list[str]:
    words = {
        "limit": "over the day's limit",
        "quiet": "during quiet hours",
        "storm": "until the hour ends: many reports came at once",
        "demoted": "until the day ends: its route was often wrong (claimwatch alerts promote)",
    }
    lines = [f"{h.code} to {h.receiver}: {words.get(h.why, h.why)}" for h in period.held]
    if period.possible:
        lines.append(f'{period.possible} possible matches below "good": claimwatch topics list')
    return lines


def _muted(alerts: Sequence[Alert], period: Period, zone: ZoneInfo) -> list[str]:
    """Return each mute with how many alerts it kept back; also one that kept back none: it may be forgotten."""
    lines = []
    for mute in period.mutes:
        count = sum(muted_by(alert, period.mutes) is mute for alert in alerts)
        if count or mute.covers(period.until):
            end = min(mute.until, mute.lifted_at or mute.until).astimezone(zone)
            when = f"{end.day} {_MONTHS[end.month - 1]}, {end.hour:02}:{end.minute:02}"
            lines.append(f"{count} muted: {mute.name} until {when} ({mute.reason}, {mute.by})")
    return lines


def _shown(lines: Sequence[str]) -> tuple[str, ...]:
    if len(lines) <= SHOWN:
        return tuple(lines)
    return (*lines[:SHOWN], f"and {len(lines) - SHOWN} more: claimwatch alerts list")


def _when(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    name = zone.key.rsplit("/", 1)[-1].replace("_", " ")
    day = f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]} {local.year}"
    return f"digest, {day}, {local.hour:02}:{local.minute:02} {name}"
