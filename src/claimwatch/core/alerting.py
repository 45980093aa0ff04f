"""From what the judge said of an item to the alert its readers get, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from claimwatch.core.alert_codes import coded, fingerprint
from claimwatch.core.carriers import Carrier
from claimwatch.core.citing import Key, cited
from claimwatch.core.ledger import Evidence, standing
from claimwatch.core.model import (
    Alert,
    Assessment,
    Band,
    Claim,
    Feed,
    Match,
    Relation,
    Report,
    Stance,
    Standing,
    Topic,
)
from claimwatch.core.news import Counted, News, newness, says_the_same
from claimwatch.core.origins import SameOrigin, counted_as, credit, is_wire, origin_of, same_origin
from claimwatch.core.publisher import Withdrawal, edited_away, taken_back, without
from claimwatch.core.reprints import first_told, own_reporting
from claimwatch.core.settling import OPEN, Settlement, says_as_settled, status_of
from claimwatch.core.stories import WINDOW, gist, same_story
from claimwatch.core.traps import form_of, traps
from claimwatch.core.work import ALERTED, Finding, Matched, Told

STRENGTH = (Relation.CONTRADICTS, Relation.UPDATES, Relation.CORROBORATES, Relation.NEW)
_RELATION = {
    Stance.CONTRADICTS: Relation.CONTRADICTS,
    Stance.UPDATES: Relation.UPDATES,
    Stance.SUPPORTS: Relation.CORROBORATES,
}
ALERTING = (Band.STRONG, Band.GOOD)
# how surely a text must speak of a claim: a missed contradiction costs more than a support that is only counted
ABOUT = {Stance.SUPPORTS: 0.8, Stance.UPDATES: 0.7, Stance.CONTRADICTS: 0.7}


@dataclass(frozen=True, slots=True)
class Context:
    """What was known when an item came up for assessment."""

    topics: Mapping[str, Topic]
    feeds: Mapping[str, Feed]
    evidence: Mapping[str, Sequence[Evidence]]  # by claim
    told: Sequence[Told]  # earlier items on the same topics, oldest first
    now: datetime
    wires: Collection[str] = ()  # publishers that are news agencies, by the config
    outlets: Mapping[Key, str] = field(default_factory=dict)  # all publishers, by what their names share
    muted: Collection[str] = ()  # claims: others the item speaks of lead its alert
    settled: Mapping[str, Settlement] = field(default_factory=dict)  # what people closed, by claim
    same_origins: Mapping[str, Sequence[SameOrigin]] = field(default_factory=dict)  # by claim

    def standing(self, claim: Claim, evidence: Iterable[Evidence]) -> Standing:
        """Return the claim's standing, by the rules unless a person settled it."""
        return standing(claim, evidence, settled=status_of(claim.id, self.settled))


@dataclass(frozen=True, slots=True)
class Verdict:
    """The finding to store, and the alert to send if there is one."""

    finding: Finding
    alert: Alert | None
    told: Told
    withdrawal: Withdrawal | None = None  # of what was told before


def relation_of(stance: Stance) -> Relation:
    """Return the relation a stance leads to before anything earlier is considered; neutral is NEW."""
    return _RELATION.get(stance, Relation.NEW)


def speaks(assessment: Assessment) -> bool:
    """Say whether readers are told what a judge said: it is a stance, on a text that is surely on the claim.

    A text on the topic may share a claim's names and half its words and be another story: support is then
    easily seen where there is none. A judge that does not say how near it is (0) is trusted.
    """
    if assessment.stance is Stance.NEUTRAL:
        return False
    return not 0 < assessment.relevance < ABOUT[assessment.stance]


def strongest(assessed: Sequence[tuple[Claim, Assessment]]) -> tuple[Claim, Assessment] | None:
    """Return the pair that decides what readers are told first, or None when all are neutral.

    The strongest relation, then the claim the text is most about, then the judge's confidence.
    """
    speaking = [pair for pair in assessed if speaks(pair[1])]
    return min(speaking, key=lambda pair: _rank(pair[1]), default=None)


def raise_alert(matched: Matched, assessed: Sequence[tuple[Claim, Assessment]], context: Context) -> Verdict:
    """Return what one item's assessments mean: at most one alert, and always a finding with its reason."""
    feed = context.feeds.get(matched.feed) or Feed(name=matched.feed, url="")
    text = matched.item.text
    earlier = sorted(context.told, key=lambda t: t.heard == frozenset())  # a print that was told comes first
    first = first_told(text, [(t.item, t.text) for t in earlier if t.item != matched.id])
    printed = next((t for t in context.told if t.item == first), None)
    language = matched.item.language or feed.language
    tale = None if printed else _same_tale(matched, text, language, context)
    root = printed or (tale[0] if tale else None)
    heard = _heard(root, context)
    weighed = [
        _weigh(
            matched,
            claim,
            assessment,
            text=text,
            feed=feed,
            printed=printed,
            tale=tale,
            heard=heard,
            context=context,
        )
        for claim, assessment in assessed
        if speaks(assessment)
    ]
    finding = Finding(
        item=matched.id,
        revision=matched.revision,
        story=root.story if root else matched.id,
        gate="",
        topics=tuple(m.topic for m in matched.matches),
        evidence=tuple((w.piece, w.assessment) for w in weighed),
        statuses=tuple(
            (w.claim.id, context.standing(w.claim, [*w.earlier, w.piece]).status) for w in weighed
        ),
    )

    def verdict(gate: str, alert: Alert | None = None) -> Verdict:
        carrier = _carrier(matched, printed, weighed, feed, context) if printed and not alert else None
        told = Told(
            matched.id, text, finding.story, matched.feed, language, matched.first_seen_at, frozenset(good)
        )
        return Verdict(replace(finding, gate=gate, carrier=carrier), alert, told)

    best = max(matched.matches, key=lambda m: (m.score, m.topic))
    good = {m.topic: m for m in matched.matches if m.band in ALERTING}
    if not good:
        return verdict(f"match {best.band} ({best.score:.2f}), alerts need {Band.GOOD}")
    if matched.mode == "old":
        return verdict("first poll of its feed, over 48 h old: counted only")
    # a claim of a topic the item is hardly on is recorded, but decides nothing
    weighed = [w for w in weighed if w.claim.topic in good]
    news = sorted(
        (w for w in weighed if isinstance(w.newness, News)),
        key=lambda w: (w.claim.id in context.muted, _rank(w.assessment)),
    )
    if news:
        alert = _of_claim(matched, news, good, feed, context)
        return verdict(f"{ALERTED} {alert.relation} on {news[0].claim.id} ({alert.reason})", alert)
    if weighed:
        return verdict("; ".join(f"{w.claim.id}: {w.why_not}" for w in weighed))
    unheard = [m for m in good.values() if heard is not None and m.topic not in heard]
    if printed is not None and not unheard:
        return verdict(f"reprint of item {printed.item}")
    if tale is not None and not unheard:
        return verdict(f"tells the story of item {tale[0].item} in other words: {tale[1]}")
    fresh = [m for m in (unheard if root else good.values()) if m.topic not in matched.known_on]
    if not fresh:
        return verdict("an edited text that changes no claim")
    alert = _of_no_claim(matched, max(fresh, key=lambda m: (m.score, m.topic)), assessed, feed, context)
    alert = replace(alert, also=tuple(t for t in alert.also if t not in matched.known_on))
    return verdict(f"{ALERTED} NEW (no claim speaks of it)", alert)


def raise_with_withdrawal(
    matched: Matched, assessed: Sequence[tuple[Claim, Assessment]], context: Context
) -> Verdict:
    """Return what `raise_alert` does, after weighing whether the item takes an earlier report back.

    A text that withdraws a report says nothing itself; one that corrects it is news only to a claim.
    """
    feed = context.feeds.get(matched.feed) or Feed(name=matched.feed, url="")
    back = taken_back(matched, _publisher(matched, feed), assessed, context.evidence, context.told)
    if back is None:  # a judge that failed says nothing of what the text says
        silent = [claim.id for claim, found in assessed if found.judge and not speaks(found)]
        back = edited_away(matched, silent, context.evidence)
    if back is None:
        return raise_alert(matched, assessed, context)
    left = without(context.evidence, back.pieces)
    verdict = raise_alert(matched, () if back.wholly else assessed, replace(context, evidence=left))
    if verdict.alert is not None and verdict.alert.claim is None:
        gate = f"takes item {back.pieces[0][1]} back"
        verdict = replace(verdict, alert=None, finding=replace(verdict.finding, gate=gate))
    for piece, _ in verdict.finding.evidence:
        left.setdefault(piece.claim, []).append(piece)
    claims = {claim.id: claim for claim, _ in assessed}
    before = {name: context.standing(c, context.evidence.get(name, ())).status for name, c in claims.items()}
    return replace(
        verdict, withdrawal=Withdrawal(back, report_of(matched, feed), context.now, left, claims, before)
    )


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


@dataclass(frozen=True, slots=True)
class _Weighed:
    """What the item says of one claim, beside what was said before."""

    claim: Claim
    assessment: Assessment
    piece: Evidence
    earlier: Sequence[Evidence]
    newness: News | Counted

    @property
    def why_not(self) -> str:
        return self.newness.why if isinstance(self.newness, Counted) else ""


def _weigh(
    matched: Matched,
    claim: Claim,
    assessment: Assessment,
    *,
    text: str,
    feed: Feed,
    printed: Told | None,
    tale: tuple[Told, str] | None,
    heard: Collection[str] | None,
    context: Context,
) -> _Weighed:
    publisher = _publisher(matched, feed)
    origin = origin_of(
        speaker=assessment.speaker, text=text, publisher=publisher, wires=context.wires,
        cites=cited(text, context.outlets, publisher=publisher),
    )  # fmt: skip
    piece = Evidence(
        claim=claim.id,
        item=matched.id,
        item_revision=matched.revision,
        stance=assessment.stance,
        origin=origin.name,
        wire=origin.wire,
        same_as=counted_as(origin.name, context.same_origins.get(claim.id, ())),
        outlet=publisher,
        at=context.now,
        figure=assessment.change.new if assessment.change else None,
    )
    earlier = context.evidence.get(claim.id, ())
    # a text that was cut or patched so that it says another thing of the claim is no reprint to this claim
    of = next((e for e in earlier if printed and e.item == printed.item and says_the_same(e, piece)), None)
    if of is not None and printed is not None and not _names_another(piece, of, printed.text):
        adds = own_reporting(text, printed.text, publisher)
        piece = replace(piece, reprint_of=of.item, own_reporting=adds)
    settlement = context.settled.get(claim.id)
    if settlement is not None and says_as_settled(piece.stance, settlement):
        return _Weighed(claim, assessment, piece, earlier, Counted(settlement.words))
    unheard = heard is not None and claim.topic not in heard
    found = newness(claim, replace(piece, reprint_of=None) if unheard else piece, earlier)
    if tale is not None and isinstance(found, News) and not piece.names_somebody:
        # whoever names nobody and tells what was told may have it from there
        again = (e for e in earlier if e.item == tale[0].item and e.told and says_the_same(e, piece))
        if next(again, None) is not None:
            found = Counted(f"tells the story of item {tale[0].item}, naming nobody: {tale[1]}")
    return _Weighed(claim, assessment, piece, earlier, found)


def _heard(root: Told | None, context: Context) -> Collection[str] | None:
    """Return the topics whose readers a story was weighed for before; None: all of them.

    What was hardly on a topic, or came while it was muted, its readers know nothing of.
    """
    if root is None:
        return ()
    prints = [t.heard for t in context.told if t.story == root.story or t.item == root.item]
    return None if None in prints else frozenset().union(*(topics for topics in prints if topics))


def _names_another(piece: Evidence, of: Evidence, told: str) -> bool:
    """Say whether a text that prints another again names somebody whom that one, naming others, did not."""
    if piece.wire or piece.origin == piece.outlet or of.origin == of.outlet:
        return False
    return not same_origin(piece.origin, of.origin) and piece.origin.casefold() not in told.casefold()


def _carrier(
    matched: Matched, printed: Told, weighed: Sequence[_Weighed], feed: Feed, context: Context
) -> Carrier:
    report = report_of(matched, feed)
    wire = (
        report.outlet if is_wire(report.outlet, context.wires) else credit(matched.item.text, context.wires)
    )
    return Carrier(
        items=frozenset((printed.item, printed.story)),
        report=report,
        standings={
            w.claim.id: context.standing(w.claim, [*w.earlier, w.piece])
            for w in weighed
            if w.piece.reprint_of is not None
        },
        wire=wire,
    )


def _same_tale(
    matched: Matched, text: str, language: str | None, context: Context
) -> tuple[Told, str] | None:
    """Return the earlier report of another feed that tells the same development in other words, and why.

    One outlet's second text on a development is not weighed so: it comes because something changed.
    """
    mine = gist(text, language)
    source = cited(text, context.outlets, publisher=_publisher_of(matched.feed, context))
    for told in context.told:
        if told.item == matched.id or told.feed in ("", matched.feed) or told.at is None:
            continue
        if abs(matched.first_seen_at - told.at) > WINDOW:
            continue
        likeness = same_story(
            mine,
            gist(told.text, told.language),
            cites=source is not None and source == _publisher_of(told.feed, context),
        )
        if likeness.same:
            return told, likeness.why
    return None


def _publisher_of(feed: str, context: Context) -> str:
    found = context.feeds.get(feed)
    return found.publisher if found else feed


def _rank(assessment: Assessment) -> tuple[int, float, float]:
    return (
        STRENGTH.index(relation_of(assessment.stance)),
        -assessment.relevance,
        -assessment.confidence,
    )


def _of_claim(
    matched: Matched, news: Sequence[_Weighed], good: Mapping[str, Match], feed: Feed, context: Context
) -> Alert:
    """Return the alert on the leading claim, with what the item says of others as notes."""
    lead, others = news[0], news[1:]
    claim, assessment = lead.claim, lead.assessment
    relation = relation_of(assessment.stance)
    language = matched.item.language or feed.language
    return coded(
        replace(
            _alert(matched, good[claim.topic], feed, context),
            fingerprint=_fingerprint(claim.id, relation, matched),
            relation=relation,
            reason=lead.newness.reason if isinstance(lead.newness, News) else "",
            claim=claim,
            form=form_of(claim, assessment, matched.item.text, language),
            own_source=_rests_on(claim, lead.piece),
            change=assessment.change,
            evidence=assessment.evidence,
            marks=assessment.marks,
            hedge=assessment.hedge,
            speaker=assessment.speaker,
            confidence=assessment.confidence,
            why=assessment.reasons,
            judge=assessment.judge,
            standing=context.standing(claim, [*lead.earlier, lead.piece]),
            status_was=context.standing(claim, lead.earlier).status,
            notes=(
                *_notes(claim, assessment, lead.piece, context.settled.get(claim.id)),
                *traps(claim, assessment, matched.item.text, language, matched.item.published_at),
                *(f"also {relation_of(w.assessment.stance)}: {w.claim.short}" for w in others),
            ),
            also_relations=tuple(
                dict.fromkeys(r for w in others if (r := relation_of(w.assessment.stance)) is not relation)
            ),
        )
    )


def _of_no_claim(
    matched: Matched,
    match: Match,
    assessed: Sequence[tuple[Claim, Assessment]],
    feed: Feed,
    context: Context,
) -> Alert:
    summary = matched.item.summary
    return coded(
        replace(
            _alert(matched, match, feed, context),
            fingerprint=_fingerprint(match.topic, Relation.NEW, matched),
            nearest=_nearest(assessed),
            evidence=summary[:2000] if summary != matched.item.title else "",  # wording quotes a sentence
        )
    )


def _alert(matched: Matched, match: Match, feed: Feed, context: Context) -> Alert:
    topic = context.topics.get(match.topic)
    return Alert(
        fingerprint="",
        code="",
        relation=Relation.NEW,
        reason="first",
        topic=match.topic,
        topic_title=topic.title if topic else match.topic,
        report=report_of(matched, feed),
        created_at=context.now,
        evidence_language=matched.item.language or feed.language,
        match=match,
        also=tuple(m.topic for m in matched.matches if m.topic != match.topic and m.band in ALERTING),
        wire=credit(matched.item.text, context.wires),
        tlp=topic.tlp if topic else "CLEAR",
    )


def _notes(
    claim: Claim, assessment: Assessment, piece: Evidence, settlement: Settlement | None
) -> tuple[str, ...]:
    closed = (f"The claim was {settlement.words}.",) if settlement and settlement.status != OPEN else ()
    return (*closed, *_of_its_source(claim, assessment, piece))


def _rests_on(claim: Claim, piece: Evidence) -> bool:
    return any(same_origin(piece.voice, name) for name in claim.said_by)


def _of_its_source(claim: Claim, assessment: Assessment, piece: Evidence) -> tuple[str, ...]:
    if not _rests_on(claim, piece):
        return ()
    rests = f"The claim rests on {', '.join(claim.said_by)}"
    if assessment.stance is Stance.CONTRADICTS:
        return (f"{rests}: its own source now speaks against it.",)
    if assessment.stance is Stance.SUPPORTS:
        return (f"{rests}: its own source says it again, no independent one.",)
    return ()


def _nearest(assessed: Sequence[tuple[Claim, Assessment]]) -> str | None:
    if not assessed:
        return None
    claim, assessment = max(assessed, key=lambda pair: pair[1].relevance)
    return f"{claim.id} ({assessment.relevance:.2f})"


def _fingerprint(subject: str, relation: Relation, matched: Matched) -> str:
    return fingerprint(subject, relation.value, matched.feed, str(matched.id), str(matched.revision))
