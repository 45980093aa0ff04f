"""From what the judge said of an item to the alert its readers get, or the reason why there is none."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from claimwatch.core.ledger import Evidence, known_origins, standing
from claimwatch.core.model import (
    Alert,
    Assessment,
    Band,
    Claim,
    Entry,
    Feed,
    Match,
    Relation,
    Report,
    Stance,
    Topic,
)
from claimwatch.core.origins import first_told, origin_of, same_origin
from claimwatch.core.work import Finding, Matched, Told

_STRENGTH = (Relation.CONTRADICTS, Relation.UPDATES, Relation.CORROBORATES, Relation.NEW)
_RELATION = {
    Stance.CONTRADICTS: Relation.CONTRADICTS,
    Stance.UPDATES: Relation.UPDATES,
    Stance.SUPPORTS: Relation.CORROBORATES,
}
# Read aloud and typed on a phone: no letters that look alike, no vowels that make words.
_CODE_LETTERS = "23456789CDFGHJKMNPQRTVWX"
ALERTING = (Band.STRONG, Band.GOOD)
ONE_DEVELOPMENT = timedelta(days=7)  # the same voice saying the same later than this is news again
NOTED_ORIGINS = 5  # from the sixth independent origin on, one more is a count, not news


@dataclass(frozen=True, slots=True)
class Context:
    """What was known when an item came up for assessment."""

    topics: Mapping[str, Topic]
    feeds: Mapping[str, Feed]
    evidence: Mapping[str, Sequence[Evidence]]  # by claim
    told: Sequence[Told]  # earlier items on the same topics, oldest first
    now: datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """The finding to store, and the alert to send if there is one."""

    finding: Finding
    alert: Alert | None
    text: str


def text_of(matched: Matched) -> str:
    """Return headline and text as the judge and the reprint check read them: the headline is line one."""
    item = matched.item
    return "\n".join(part for part in (item.title, item.summary or item.content[:2000]) if part)


def relation_of(stance: Stance) -> Relation:
    """Return the relation a stance leads to before anything earlier is considered; neutral is NEW."""
    return _RELATION.get(stance, Relation.NEW)


def strongest(assessed: Sequence[tuple[Claim, Assessment]]) -> tuple[Claim, Assessment] | None:
    """Return the pair that decides what readers are told first, or None when all are neutral."""
    speaking = [pair for pair in assessed if pair[1].stance is not Stance.NEUTRAL]
    if not speaking:
        return None
    return min(speaking, key=lambda pair: (_STRENGTH.index(relation_of(pair[1].stance)), -pair[1].confidence))


def raise_alert(matched: Matched, assessed: Sequence[tuple[Claim, Assessment]], context: Context) -> Verdict:
    """Return what one item's assessments mean: at most one alert, and always a finding with its reason."""
    feed = context.feeds.get(matched.feed) or Feed(name=matched.feed, url="")
    report = report_of(matched, feed)
    text = text_of(matched)
    reprint_of = first_told(text, [(t.item, t.text) for t in context.told if t.item != matched.id])
    story = next((t.story for t in context.told if t.item == reprint_of), matched.id)

    evidence: list[tuple[Evidence, Assessment]] = []
    news: list[tuple[Claim, Assessment, Evidence, str]] = []
    counted: list[str] = []
    for claim, assessment in assessed:
        if assessment.stance is Stance.NEUTRAL:
            continue
        piece = _evidence(
            matched, claim, assessment, text=text, publisher=_publisher(matched, feed), now=context.now
        )
        earlier = [e for e in context.evidence.get(claim.id, ()) if e.item != matched.id]
        reprinted = next((e.item for e in earlier if e.item == reprint_of), None)
        piece = replace(piece, reprint_of=reprinted)
        evidence.append((piece, assessment))
        same_before = _said_before(piece, context.evidence.get(claim.id, ()), matched)
        if reprinted is not None:
            counted.append(f"{claim.id}: reprint of item {reprinted}")
        elif same_before is not None:
            counted.append(f"{claim.id}: {piece.origin} said so before (item {same_before})")
        elif reason := _news(claim, piece, earlier):
            news.append((claim, assessment, piece, reason))
        else:
            counted.append(f"{claim.id}: one more origin, counted")

    best = max(matched.matches, key=lambda m: m.score)

    def verdict(gate: str, alert: Alert | None = None) -> Verdict:
        return Verdict(Finding(matched.id, matched.revision, story, gate, tuple(evidence)), alert, text)

    if best.band not in ALERTING:
        return verdict(f"match {best.band} ({best.score:.2f}), alerts need {Band.GOOD}")
    if matched.mode == "old":
        return verdict("first poll of its feed, over 48 h old: counted only")
    if news:
        claim, assessment, piece, reason = min(
            news, key=lambda n: (_STRENGTH.index(relation_of(n[1].stance)), -n[1].confidence)
        )
        match = next((m for m in matched.matches if m.topic == claim.topic), best)
        alert = _alert(matched, match, report, context, relation_of(assessment.stance), reason)
        before = standing(claim, [e for e in context.evidence.get(claim.id, ()) if e.item != matched.id])
        after = standing(claim, [*context.evidence.get(claim.id, ()), piece])
        others = [f"also {relation_of(a.stance)}: {c.short}" for c, a, _, _ in news if c.id != claim.id]
        alert = replace(
            alert,
            claim=claim,
            form=assessment.form,
            change=assessment.change,
            evidence=assessment.evidence,
            evidence_language=matched.item.language or feed.language,
            marks=assessment.marks,
            hedge=assessment.hedge,
            speaker=assessment.speaker,
            confidence=assessment.confidence,
            why=assessment.reasons,
            judge=assessment.judge,
            standing=after,
            status_was=before.status,
            notes=(*_notes(claim, assessment, piece), *others),
            fingerprint=_fingerprint(claim.id, alert.relation, matched),
        )
        return verdict(f"alert {alert.relation} on {claim.id} ({reason})", _coded(alert))
    if counted:
        return verdict("; ".join(counted))
    if reprint_of is not None:
        return verdict(f"reprint of item {reprint_of}")
    if matched.revision > 1:
        return verdict("an edited text that changes no claim")
    alert = _alert(matched, best, report, context, Relation.NEW, "first")
    alert = replace(
        alert,
        nearest=_nearest(assessed),
        fingerprint=_fingerprint(best.topic, Relation.NEW, matched),
        evidence=matched.item.summary[:280] if matched.item.summary != matched.item.title else "",
        evidence_language=matched.item.language or feed.language,
    )
    return verdict("alert NEW (no claim speaks of it)", _coded(alert))


def summarise(alerts: Sequence[Alert], *, now: datetime) -> Alert:
    """Return one alert that tells several developments of one topic: what a feed's first poll brings.

    The strongest relation comes first and gives the summary its own.
    """
    ordered = sorted(
        alerts, key=lambda a: (_STRENGTH.index(a.relation), -(a.match.score if a.match else 0), a.fingerprint)
    )
    if len(ordered) == 1:
        return ordered[0]
    entries = tuple(
        Entry(
            relation=a.relation,
            report=a.report,
            claim=a.claim.short if a.claim else None,
            change=a.change,
            evidence=a.evidence,
        )
        for a in ordered
    )
    head = ordered[0]
    summary = Alert(
        fingerprint=hashlib.sha256("\n".join(a.fingerprint for a in ordered).encode()).hexdigest()[:20],
        code="",
        relation=head.relation,
        reason="first-poll",
        topic=head.topic,
        topic_title=head.topic_title,
        report=head.report,
        created_at=now,
        match=head.match,
        entries=entries,
        also=tuple(sorted({t for a in ordered for t in (a.topic, *a.also)} - {head.topic})),
        tlp=head.tlp,
    )
    return _coded(summary)


def report_of(matched: Matched, feed: Feed) -> Report:
    """Return the line an alert prints of the item: who printed it, where, when."""
    return Report(
        title=matched.item.title,
        outlet=_publisher(matched, feed),
        url=matched.item.url,
        reliability=feed.reliability,
        near=feed.near,
        language=matched.item.language or feed.language,
        published_at=matched.item.published_at,
        seen_at=matched.first_seen_at,
        item=matched.id,
    )


def _publisher(matched: Matched, feed: Feed) -> str:
    return matched.item.source or feed.publisher


def _evidence(
    matched: Matched, claim: Claim, assessment: Assessment, *, text: str, publisher: str, now: datetime
) -> Evidence:
    return Evidence(
        claim=claim.id,
        item=matched.id,
        item_revision=matched.revision,
        stance=assessment.stance,
        origin=origin_of(speaker=assessment.speaker, text=text, publisher=publisher),
        outlet=publisher,
        at=now,
        figure=assessment.change.new if assessment.change else None,
    )


def _said_before(piece: Evidence, earlier: Sequence[Evidence], matched: Matched) -> int | None:
    """The item in which this voice said the same within a week, or what this very item said before an edit.

    An outlet that names nobody may print two different denials in a week: only named origins are held to
    have said a thing already.
    """
    for e in earlier:
        if e.stance is not piece.stance or e.figure != piece.figure:
            continue
        if e.item == matched.id:
            if e.item_revision < matched.revision:
                return e.item
        elif (
            piece.origin != piece.outlet
            and piece.at - e.at <= ONE_DEVELOPMENT
            and same_origin(e.origin, piece.origin)
        ):
            return e.item
    return None


def _news(claim: Claim, piece: Evidence, earlier: Sequence[Evidence]) -> str | None:
    """The reason why this piece is worth telling, or None when it only counts."""
    if piece.stance is Stance.CONTRADICTS:
        return "status-changed" if not any(e.stance is Stance.CONTRADICTS for e in earlier) else "new-origin"
    if piece.stance is Stance.UPDATES:
        return "figure-changed" if piece.figure else "state-changed"
    if not any(e.stance is Stance.SUPPORTS for e in earlier):
        return "first"
    origins = known_origins(claim, earlier)
    new = not any(same_origin(piece.origin, o) for o in origins)
    return "new-origin" if new and len(origins) < len(claim.said_by) + NOTED_ORIGINS else None


def _notes(claim: Claim, assessment: Assessment, piece: Evidence) -> tuple[str, ...]:
    if assessment.stance is Stance.CONTRADICTS and any(same_origin(piece.origin, o) for o in claim.said_by):
        return (f"The claim rests on {', '.join(claim.said_by)}: its own source now speaks against it.",)
    return ()


def _nearest(assessed: Sequence[tuple[Claim, Assessment]]) -> str | None:
    if not assessed:
        return None
    claim, assessment = max(assessed, key=lambda pair: pair[1].relevance)
    return f"{claim.id} ({assessment.relevance:.2f})"


def _alert(
    matched: Matched, match: Match, report: Report, context: Context, relation: Relation, reason: str
) -> Alert:
    topic = context.topics.get(match.topic)
    return Alert(
        fingerprint="",
        code="",
        relation=relation,
        reason=reason,
        topic=match.topic,
        topic_title=topic.title if topic else match.topic,
        report=report,
        created_at=context.now,
        match=match,
        also=tuple(m.topic for m in matched.matches if m.topic != match.topic and m.band in ALERTING),
        tlp=topic.tlp if topic else "CLEAR",
    )


def _fingerprint(subject: str, relation: Relation, matched: Matched) -> str:
    parts = (subject, relation.value, matched.feed, str(matched.id), str(matched.revision))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:20]


def _coded(alert: Alert) -> Alert:
    """Give the alert the six letters people type, drawn from its fingerprint (24^6: 191 million)."""
    number, code = int(alert.fingerprint[:16], 16), ""
    for _ in range(6):
        number, digit = divmod(number, len(_CODE_LETTERS))
        code += _CODE_LETTERS[digit]
    return replace(alert, code=code)
