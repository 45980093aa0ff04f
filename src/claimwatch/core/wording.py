"""What an alert says, in the order people learn: one `Reading` that every channel lays out in its own way.

All text in a `Reading` is clean (no controls, one line each); escaping for a channel's mark-up is left to its
layout. Relation words describe reports, never truth.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from claimwatch.core.carriers import outlets
from claimwatch.core.columns import MAIL_COLUMNS, width
from claimwatch.core.model import Alert, Change, Correction, Entry, Relation, Report, Standing
from claimwatch.core.quoting import Segment, segments
from claimwatch.core.safety import KEEP, clean, safe_link
from claimwatch.core.summary import in_order
from claimwatch.core.times import MONTHS, local, when
from claimwatch.core.wording_correction import blocks

TITLE = 200  # characters of a title shown where there is room
ORDER = tuple(Relation)  # the strongest first
AGAIN = " (resent)"
OUTLETS = 6  # of one source that are named
JUDGED_ENOUGH = 5  # judgements before a track record says anything
ACTS = ("show", "ack", "right", "wrong")  # what a reader can do about an alert

_REASONS = {
    "": "it says something new",
    "first": "it is the first report of this",
    "status-changed": "the claim's status changed",
    "figure-changed": "a figure changed",
    "state-changed": "what the claim speaks of moved on",
    "said-again": "the same is said again, over a week later or after the opposite",
    "new-origin": "a new independent origin appeared",
    "first-poll": "these items were there when the feed was polled first",
    "new-topic": "these items of the last days were there when the topic was added or changed",
    "withdrawn": "evidence you were sent was withdrawn",
    "correction": "an alert you were sent was judged wrong",
    "reminder": "nobody has acknowledged it yet",
    "held-until-morning": "they were held back during quiet hours or over the day's limit",
    "digest": "a digest is due",
    "settled": "a person closed the claim, or opened it again",
    "ended": "the time the claim speaks of is over",
    "demoted": "alerts like these were often judged wrong, so they come once a day",
    "resent": "somebody asked for it again",
    "trouble": "you look after claimwatch, or it reached nobody who does",
    "storm": "too many reports came at once for one message each",
}


@dataclass(frozen=True, slots=True)
class Changed:
    """Old -> new, with the percentage as it is shown ("+50%") or ""."""

    old: str
    new: str
    percent: str = ""

    def __str__(self) -> str:
        text = f"{self.old} -> {self.new}" if self.old else self.new
        return f"{text} ({self.percent})" if self.percent else text


@dataclass(frozen=True, slots=True)
class Line:
    """One report in a summary."""

    relation: str
    title: str
    claim: str
    changed: Changed | None
    quote: tuple[Segment, ...]
    source: str
    time: str
    link: str | None


@dataclass(frozen=True, slots=True)
class Reading:
    """An alert in words. Empty strings and tuples are fields that have nothing to say.

    `status_alone` says that `changed` is nothing but the move of `status`.
    """

    relation: str
    headline: str  # "CONTRADICTS: GUR: Kyiv knows of no such plan"; the item's title is in it whole
    title: str
    short: str  # what it is about, in at most 55 characters: the claim's short text, or the topic
    subject: str
    code: str
    tlp: str
    topic: str
    claim: str
    changed: Changed | None
    notes: tuple[str, ...]
    quote: tuple[Segment, ...]
    quote_language: str
    hedge: str
    source: str
    outlet: str
    standing: str
    status: str
    status_alone: bool
    times: tuple[str, ...]
    time: str  # the short form, for chat and push
    why: tuple[str, ...]
    band: str
    commands: tuple[str, ...]
    link: str | None
    reason: str
    language: str  # of the title
    lines: tuple[Line, ...] = ()
    sections: tuple[tuple[str, tuple[str, ...]], ...] = ()  # of a digest
    blocks: tuple[tuple[str, str], ...] = ()  # of a correction: what we said, what is so, where it stands
    taken_back: str = ""  # the title a correction takes back

    @property
    def several(self) -> bool:
        """Whether this tells more than one thing: a summary or a digest."""
        return bool(self.lines or self.sections)

    @property
    def again(self) -> str:
        """What says that somebody asked for it again, where there is no code to say it."""
        return AGAIN if self.code.endswith(AGAIN) else ""


def read(alert: Alert, zone: ZoneInfo) -> Reading:
    """Return what the alert says; the same alert and zone give the same words."""
    if alert.sections:
        return _digest(alert)
    if alert.correction:
        return _taken_back(alert, alert.correction, zone)
    title = _title(alert.report, alert.evidence)
    topic = clean(alert.topic_title or alert.topic, limit=100)
    lines = tuple(_line(entry, zone) for entry in in_order(alert.entries))
    short = clean(alert.claim.short, limit=55) if alert.claim and not lines else topic
    speaker = clean(alert.speaker or "", limit=80)
    subject = clean(alert.claim.short, limit=78) if alert.claim else title
    if lines:
        subject = f"{_count(len(lines), 'report')}: {topic}"
    return Reading(
        relation=alert.relation.value,
        headline=_counted(lines, topic) if lines else _headline(alert.relation, speaker, title),
        title=title,
        short=short,
        subject=subject,
        code=_code(alert),
        tlp=clean(alert.tlp, limit=41).upper(),
        topic=topic,
        claim="" if lines else _claim(alert),
        changed=None if lines else _changed(alert.change) or _status_change(alert),
        notes=tuple(clean(note, limit=300) for note in alert.notes),
        quote=() if lines else segments(alert.evidence, alert.marks),
        quote_language=clean(alert.evidence_language or "", limit=41),
        hedge=clean(alert.hedge or "", limit=80),
        source="" if lines else _source(alert, speaker),
        outlet=clean(alert.report.outlet, limit=80),
        standing="" if lines else _standing(alert.standing),
        status="" if lines else _status(alert),
        status_alone=alert.change is None,
        times=_times(alert, zone),
        time=when(alert.report.published_at or alert.report.seen_at or alert.created_at, zone, year=False),
        why=() if lines else _why(alert),
        band=alert.match.band.value if alert.match and not lines else "",
        commands=tuple(f"claimwatch alerts {each} {_base(alert.code)}" for each in ACTS),
        link=None if lines else safe_link(alert.report.url),
        reason=_REASONS.get(alert.reason, f"of {clean(alert.reason, limit=60)}"),
        language=clean(alert.report.language or "", limit=41),
        lines=lines,
    )


def _digest(alert: Alert) -> Reading:
    """A digest says what its sections say, under a dated headline that no other shares."""
    title = clean(alert.topic_title, limit=TITLE)
    code = _code(alert)
    sections = tuple(
        (clean(each.title, limit=80), tuple(clean(line, limit=400) for line in each.lines))
        for each in alert.sections
    )
    return Reading(
        relation="DIGEST" if alert.reason == "digest" else "NOTICE",
        headline=title, title=title, short="claimwatch digest", subject=title, code=code,
        tlp=clean(alert.tlp, limit=41).upper(), topic="claimwatch", claim="", changed=None, notes=(), quote=(),
        quote_language="", hedge="", source="", outlet="claimwatch", standing="", status="",
        status_alone=False, times=(), time="", why=(), band="", commands=("claimwatch alerts list",),
        link=None, reason=_REASONS.get(alert.reason, _REASONS["digest"]), language="en",
        sections=sections,
    )  # fmt: skip


def _taken_back(alert: Alert, correction: Correction, zone: ZoneInfo) -> Reading:
    """A correction names the alert it takes back; its subject is that alert's, so that mails thread."""
    about = clean(alert.claim.short, limit=55) if alert.claim else clean(alert.topic_title, limit=100)
    title, code = clean(correction.what, limit=TITLE), clean(correction.of, limit=41)
    joint = " to" if alert.relation is Relation.CORRECTION else ","
    now = alert.standing.status if alert.standing else ""
    return Reading(
        relation=alert.relation.value,
        headline=f"{alert.relation.value}{joint} alert {code}: {title}", title=title,
        short=about, subject=clean(alert.claim.short, limit=78) if alert.claim else _title(alert.report, ""),
        code=_code(alert), tlp=clean(alert.tlp, limit=41).upper(),
        topic=clean(alert.topic_title or alert.topic, limit=100), claim="", changed=None, notes=(), quote=(),
        quote_language="", hedge="", source=_source(alert, ""),
        outlet=clean(alert.report.outlet, limit=80), standing=_standing(alert.standing),
        status=_status(alert) if now else "", status_alone=True, times=(),
        time=when(alert.created_at, zone, year=False), why=(), band="",
        commands=(f"claimwatch alerts show {code}",), link=safe_link(alert.report.url),
        reason=_REASONS.get(alert.reason, "an alert you were sent is taken back"), language="en",
        blocks=blocks(alert, correction, zone), taken_back=_title(alert.report, ""),
    )  # fmt: skip


def _code(alert: Alert) -> str:
    """Return the code as it is shown: a message that was asked for again says so wherever its code stands."""
    code = clean(alert.code, limit=41)
    return f"{code}{AGAIN}" if alert.reason == "resent" else code


def _base(code: str) -> str:
    """Return the code that people judge: a reminder's is that of its alert."""
    return clean(code, limit=41).partition("-r")[0]


def _title(report: Report, evidence: str) -> str:
    for text in (report.title, evidence):
        if title := clean(text, limit=TITLE):
            return title
    host = urlsplit(safe_link(report.url) or "").hostname
    return f"(no title) {host or clean(report.outlet, limit=80)}"


def _headline(relation: Relation, speaker: str, title: str) -> str:
    """Who says it comes first where that leaves room for the beginning of the title on the first line."""
    who = f"{speaker}: " if speaker and speaker.casefold() not in title.casefold() else ""
    if width(f"{relation.value}: {who}") + KEEP > MAIL_COLUMNS:
        who = ""
    return f"{relation.value}: {who}{title}"


def _counted(lines: tuple[Line, ...], topic: str) -> str:
    counts = {r.value: sum(line.relation == r.value for line in lines) for r in ORDER}
    return ", ".join(f"{word} ({n})" for word, n in counts.items() if n) + f": {topic}"


def _claim(alert: Alert) -> str:
    claim = alert.claim
    if claim is None:
        nearest = clean(alert.nearest or "", limit=200)
        return f"none matches. Nearest: {nearest}" if nearest else "none matches"
    said = ", ".join(clean(name, limit=60) for name in claim.said_by)
    day = claim.reported
    reported = f"reported {day.day} {MONTHS[day.month - 1]} {day.year}" if day else "no report date"
    return f"{clean(claim.text, limit=600)} ({said + ', ' if said else ''}{reported})"


def _changed(change: Change | None) -> Changed | None:
    if change is None:
        return None
    percent = ""
    if change.percent is not None and abs(change.percent) < 1e6:
        percent = f"{change.percent:+.0f}%"
    return Changed(clean(change.old, limit=200), clean(change.new, limit=200), percent)


def _status_change(alert: Alert) -> Changed | None:
    now = alert.standing.status if alert.standing else ""
    if alert.claim is None or not now or not alert.status_was or now == alert.status_was:
        return None
    return Changed(clean(alert.status_was, limit=60), clean(now, limit=60))


def _source(alert: Alert, speaker: str) -> str:
    """Who says so, through whom: outlets that carry one text are one source."""
    carrying = outlets(alert)
    wire = clean(alert.wire or "", limit=60)
    names = [f"{clean(report.outlet, limit=80)} {_grade(report)}" for report in carrying[:OUTLETS]]
    via = f"{wire} wire" if wire and wire not in (speaker, alert.report.outlet) else ""
    if len(carrying) > 1:
        more = f" and {len(carrying) - OUTLETS} more" if len(carrying) > OUTLETS else ""
        listed = f"one source carried by {len(carrying)} outlets: {', '.join(names)}{more}"
        return ", ".join(part for part in (speaker, via and f"via {via}", listed) if part)
    found = f"{names[0]}, from {via}" if via else names[0]
    return f"{speaker}, via {found}" if speaker else found


def _others(outlets: int) -> str:
    return f" and {_count(outlets - 1, 'more outlet')}" if outlets > 1 else ""


def _grade(report: Report) -> str:
    near = f", near {clean(report.near, limit=41)}" if report.near else ""
    return f"[{clean(report.reliability, limit=41)}{near}]"


def _standing(standing: Standing | None) -> str:
    if standing is None:
        return ""
    through = f" (through {_count(standing.newsrooms, 'newsroom')})" if standing.newsrooms else ""
    outlets = f"; {_count(standing.outlets, 'outlet')}" if standing.outlets else ""
    return (
        f"{_count(standing.origins_for, 'origin')} for{through}, {standing.origins_against} against{outlets}"
    )


def _status(alert: Alert) -> str:
    if alert.standing is None:
        return ""
    now = clean(alert.standing.status, limit=60)
    if alert.status_was and alert.status_was != alert.standing.status:
        return f"was {clean(alert.status_was, limit=60)}, now {now.upper()}"
    return f"status {now}"


def _times(alert: Alert, zone: ZoneInfo) -> tuple[str, ...]:
    if alert.entries:
        return (f"alert {when(alert.created_at, zone)}",)
    published, seen = alert.report.published_at, alert.report.seen_at
    first = "published: the feed gives no date"
    if published:
        utc = (
            f" ({published.hour:02}:{published.minute:02} UTC)" if local(published, zone)[1] != "UTC" else ""
        )
        first = f"published {when(published, zone)}{utc}"
    known = local(published, zone)[0].date() if published else None
    second = []
    for word, at in (("seen", seen), ("alert", alert.created_at)):
        if at is not None:
            day = local(at, zone)[0].date()
            second.append(f"{word} {when(at, zone, day=day != known)}")
            known = day
    return (first, ", ".join(second))


def _why(alert: Alert) -> tuple[str, ...]:
    why = []
    if alert.match:
        names: dict[str, str] = {}  # the first name found for each line, as the item writes it
        for found in alert.match.found:
            names.setdefault(found.line, clean(found.text, limit=60))
        why.append(f"match {alert.match.band.value} ({alert.match.score:.2f}): {' + '.join(names.values())}")
    why += [clean(reason, limit=200) for reason in alert.why[:6]]
    if alert.judge:
        form = f", form: {clean(alert.form, limit=41)}" if alert.form else ""
        why.append(f"judge {clean(alert.judge, limit=41)}, confidence {alert.confidence:.2f}{form}")
    # counts, no percentage: 37 of 40 is anything from 80 to 97 % (Wilson interval)
    if alert.record and alert.record.judged >= JUDGED_ENOUGH:
        why.append(
            f"alerts like this one were judged right {alert.record.right} times out of {alert.record.judged}"
        )
    return tuple(why)


def _line(entry: Entry, zone: ZoneInfo) -> Line:
    report = entry.report
    at = report.published_at or report.seen_at
    return Line(
        relation=entry.relation.value,
        title=_title(report, entry.evidence),
        claim=clean(entry.claim or "", limit=80),
        changed=_changed(entry.change),
        quote=segments(entry.evidence, (), limit=140),
        source=f"{clean(report.outlet, limit=80)} {_grade(report)}{_others(entry.outlets)}",
        time=when(at, zone) if at else "no date",
        link=safe_link(report.url),
    )


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
