"""What `explain` tells, as lines of at most 80 columns and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from claimwatch.app import Trier
from claimwatch.config import Settings
from claimwatch.core.alerting import ALERTING
from claimwatch.core.columns import wrap
from claimwatch.core.matching.scoring import GOOD_FROM
from claimwatch.core.model import Assessment, Found, Match, NearMiss, Stance
from claimwatch.core.routing import misfit
from claimwatch.core.safety import clean
from claimwatch.core.work import ALERTED
from claimwatch.storage.life import Life, MatchedThen, SaidThen
from claimwatch.storage.reading import Sent, SqlReader, StoredAlert

WIDTH = 80
NEAREST = 3  # topics that are told of an item on none


@dataclass
class Story:
    """Lines for people, and the same for machines."""

    zone: ZoneInfo
    lines: list[str] = field(default_factory=list)
    row: dict[str, Any] = field(default_factory=dict)

    def say(self, at: datetime | None, label: str, text: str) -> None:
        """Add what happened; long text goes on below where it began."""
        clock = at.astimezone(self.zone).strftime("%H:%M:%S") if at else ""
        begin = f" {clock:<8} {label:<9} "
        self.lines += wrap(clean(text), first=begin, indent=" " * len(begin), columns=WIDTH)

    def day(self, at: datetime) -> str:
        return f"{at.astimezone(self.zone):%d %b %Y %H:%M} {self.zone.key}"


class Storyteller:
    """Puts together what is stored with what the config says of it now."""

    def __init__(self, settings: Settings, reader: SqlReader, *, why: bool = False) -> None:
        self._why = why
        self._settings = settings
        self._reader = reader
        self._zone = ZoneInfo(settings.timezone)
        self._trier = Trier(settings)

    def of_alert(self, stored: StoredAlert, life: Life | None) -> Story:
        """Return the life of an alert; `life` is that of its item, None for a summary or a digest."""
        alert = stored.alert
        story = Story(self._zone)
        about = alert.claim.id if alert.claim else alert.topic
        sent = sum(d.state == "sent" for d in stored.deliveries)
        story.lines += wrap(
            f"{alert.relation} {about}, alert {alert.code} of {story.day(alert.created_at)}, sent to "
            f"{sent} of {len(stored.deliveries)} recipients, reason {alert.reason}",
            columns=WIDTH,
        )
        story.row = {"alert": alert.code, "relation": alert.relation.value, "reason": alert.reason}
        if life is not None:
            self._tell_life(story, life)
        for entry in alert.entries:
            number = f"item {entry.report.item}" if entry.report.item else "item"
            story.say(
                entry.report.seen_at, number, f'{entry.relation} {entry.report.outlet} "{entry.report.title}"'
            )
        story.row["entries"] = [
            {"item": e.report.item, "relation": e.relation.value, "title": e.report.title}
            for e in alert.entries
        ]
        for section in alert.sections:
            story.say(None, "section", f"{section.title}: {len(section.lines)} lines")
        self._tell_routes(story, stored)
        return story

    def of_item(self, life: Life) -> Story:
        """Return the life of an item: the alerts that tell it, or the gate that stopped it."""
        story = Story(self._zone)
        story.lines += wrap(f"item {life.id}: {clean(life.item.title)}", columns=WIDTH)
        self._tell_life(story, life)
        told = [self._reader.alerts(limit=1, code=alert.code) for alert in life.alerts]
        for found in told:
            for stored in found:
                alert = stored.alert
                several = f", in a summary of {len(alert.entries)}" if alert.entries else ""
                story.say(
                    alert.created_at, "alert", f"{alert.code} {alert.relation} ({alert.reason}){several}"
                )
                self._tell_routes(story, stored)
        story.row["alerts"] = [alert.code for alert in life.alerts]
        if not life.alerts:
            stopped, why = self._stopped(life)
            story.say(None, "stopped at", f"{stopped}: {why}")
            story.row["stopped_at"], story.row["why"] = stopped, why
        return story

    def _tell_life(self, story: Story, life: Life) -> None:
        item = life.item
        feed = next((f for f in self._settings.feeds if f.name == life.feed), None)
        published = f", published {story.day(item.published_at)}" if item.published_at else ", no date"
        edited = f", text number {life.revision}" if life.revision > 1 else ""
        gone = "" if feed else ", a feed the config no longer has"
        story.say(
            life.first_seen_at, "seen",
            f'"{item.title}" in {life.feed}{gone} (item {life.id}{edited}{published})',
        )  # fmt: skip
        if item.url:
            story.lines.append(" " * 20 + " " + clean(item.url))
        for edit in life.edits:
            story.say(edit.at, "edited", f"text number {edit.revision}: {edit.changed}")
        for then in life.matched:
            self._tell_match(story, then, latest=then.revision == life.revision)
        if not life.matched:
            self._tell_misses(story, life)
        for said in life.said:
            self._tell_said(story, said)
            if self._why:
                self._tell_parts(story, said, life)
        if life.matched:
            self._tell_neutral(story, life)
        for alert in life.alerts:
            if alert.standing and alert.claim:
                s = alert.standing
                story.say(
                    alert.created_at, "status",
                    f"{alert.status_was or 'unverified'} -> {s.status} "
                    f"({_counted(s.origins_for, 'origin')} for, {s.origins_against} against, "
                    f"{_counted(s.outlets, 'outlet')})",
                )  # fmt: skip
        gates = dict.fromkeys((t.assessed_at, t.gate) for t in life.matched if t.gate)
        for at, gate in gates:
            story.say(at, "gate", gate or "")
        if life.reprints:
            numbers = ", ".join(map(str, life.reprints[:10]))
            story.say(
                None,
                "reprints",
                f"counted as the same text: {_counted(len(life.reprints), 'later item')}, {numbers}",
            )
        story.row |= {
            "item": life.id, "feed": life.feed, "revision": life.revision, "url": item.url,
            "edits": [{"revision": e.revision, "changed": e.changed, "seen_at": e.at} for e in life.edits],
            "title": item.title,
            "seen_at": life.first_seen_at, "published_at": item.published_at,
            "topics": [_match_row(then) for then in life.matched],
            "claims": [_said_row(said) for said in life.said],
            "reprints": list(life.reprints),
        }  # fmt: skip

    def _tell_match(self, story: Story, then: MatchedThen, *, latest: bool) -> None:
        match = then.match
        needs = "" if match.band in ALERTING else f" (alerts need {GOOD_FROM} good)"
        text = "" if latest else f"text number {then.revision}: "
        mode = {"young": ", for the summary of a first poll or a new topic", "old": ", counted only"}
        story.say(
            then.matched_at, "topic",
            f"{text}{match.topic} {match.score:.2f} {match.band}{needs}: {_names(match.found)}"
            f"{mode.get(then.mode, '')}",
        )  # fmt: skip

    def _tell_misses(self, story: Story, life: Life) -> None:
        """An item on no topic: which came nearest, by the names of today."""
        misses: list[NearMiss] = []
        story.row["misses"] = []
        for topic in self._settings.topics:
            now = self._trier.explain(life.item, topic.id)
            if isinstance(now, Match):
                story.say(
                    None, "topic", f"{topic.id} {now.score:.2f} {now.band} by the names of today, not then"
                )
                continue
            if isinstance(now, NearMiss) and (now.found or now.vetoed_by):
                misses.append(now)
        misses.sort(key=lambda m: (m.vetoed_by is None, len(m.empty), m.topic))
        for miss in misses[:NEAREST]:
            story.say(None, "topic", f"{miss.topic} no: {_names(miss.found)} | {_why_not(miss)}")
            story.row["misses"].append(
                {"topic": miss.topic, "found": _names(miss.found), "why": _why_not(miss)}
            )
        if not misses:
            story.say(None, "topic", "none: no name of any topic was found")

    def _tell_said(self, story: Story, said: SaidThen) -> None:
        a = said.assessment
        form = f", form: {a.form}" if a.form else ""
        story.say(said.at, "claim", f"{said.claim} (relevance {a.relevance:.2f})")
        story.say(said.at, "stance", f'{a.stance} {a.confidence:.2f}{form}: "{_marked(a)}"')
        if a.change:
            story.say(None, "", f"{a.change.old} -> {a.change.new}")
        if a.hedge:
            story.say(None, "", f"hedge kept: {a.hedge}")
        for reason in a.reasons:
            story.say(None, "", f"because {reason}")
        who = said.origin if said.origin != said.outlet else f"{said.outlet} itself (nobody else is named)"
        reprint = f", reprint of item {said.reprint_of}" if said.reprint_of else ""
        story.say(said.at, "origin", f"{who}{reprint}")
        for merge in said.merges:
            note = f": {merge.note}" if merge.note else ""
            story.say(merge.at, "same", f"counted as {merge.same_as} by {merge.by}{note}")
            if merge.lifted_at:
                story.say(merge.lifted_at, "split", f"an origin of its own again by {merge.lifted_by}")

    def _tell_parts(self, story: Story, said: SaidThen, life: Life) -> None:
        """Each feature's part of what the embedded judge says of the stored text, as weighed now."""
        from claimwatch.judges.lexical import KnownNames
        from claimwatch.judges.lexical.parts import parts_in_words

        claim = next((c for c in self._settings.claims if c.id == said.claim), None)
        known = KnownNames(self._settings.aliases)
        lines = parts_in_words(claim, life.item.text, life.item.language, known) if claim else []
        for line in lines:
            story.say(None, "why", line)
        story.row.setdefault("why", []).extend(lines)

    def _tell_neutral(self, story: Story, life: Life) -> None:
        """What the judge says of the topics' other claims; neutral answers are not stored, so as of now."""
        topics = {then.match.topic for then in life.matched}
        speaking = {said.claim for said in life.said}
        claims = [c for c in self._settings.claims if c.topic in topics and c.id not in speaking]
        assessed = self._trier.judge(life.item, claims)
        if not assessed:
            return
        claim, a = max(assessed, key=lambda pair: (pair[1].stance is not Stance.NEUTRAL, pair[1].relevance))
        why = f": {a.reasons[0]}" if a.reasons else ""
        story.say(
            None, "others",
            f"{_counted(len(assessed), 'more claim')}; nearest {claim.id}: {a.stance}, "
            f"relevance {a.relevance:.2f}{why} (as judged now)",
        )  # fmt: skip
        story.row["others"] = {
            "nearest": claim.id,
            "relevance": round(a.relevance, 3),
            "stance": a.stance.value,
        }

    def _tell_routes(self, story: Story, stored: StoredAlert) -> None:
        alert, deliveries = stored.alert, stored.deliveries
        fits: dict[str, str | None] = {}
        if not alert.sections:
            for rule in self._settings.routes:
                fits[rule.name] = misfit(rule, alert)
                why = fits[rule.name]
                fit = "fits" + (f", in its digest ({rule.digest})" if rule.digest else "")
                if why is None and rule.gather:
                    fit += (
                        f", gathers until {(alert.created_at + rule.gather).astimezone(self._zone):%H:%M:%S}"
                    )
                story.say(alert.created_at, "route", f"{rule.name}: {fit if why is None else f'no, {why}'}")
        for delivery in deliveries:
            story.say(delivery.settled_at or delivery.due_at, *_delivered(delivery))
        if not deliveries:
            story.say(alert.created_at, "sent", "to nobody")
        for said in stored.judgements:
            why = f", {said.why}" if said.why else ""
            note = f": {said.note}" if said.note else ""
            story.say(said.at, "judged", f"{said.word}{why} by {said.by}{note}")
        story.row["judgements"] = [{"word": j.word, "by": j.by, "at": j.at} for j in stored.judgements]
        story.row["routes"] = {name: why or "fits" for name, why in fits.items()}
        story.row["deliveries"] = [
            {
                "receiver": d.receiver, "state": d.state, "attempts": d.attempts, "answer": d.answer,
                "error": d.error, "due_at": d.due_at, "settled_at": d.settled_at,
            }
            for d in deliveries
        ]  # fmt: skip

    def _stopped(self, life: Life) -> tuple[str, str]:
        """Return which gate stopped an item that no alert tells, and what it would have needed."""
        if not life.matched:
            return "topic", "it is on none"
        waiting = [then for then in life.matched if then.gate is None]
        if waiting:
            summary = any(then.mode == "young" for then in waiting)
            return "assessment", "it waits for its topic's summary" if summary else "it waits to be judged"
        last = [then for then in life.matched if then.revision == life.revision] or list(life.matched)
        gate = last[0].gate or ""
        best = max(then.match.score for then in last)
        if gate.startswith("match "):
            return "topic", f"best {best:.2f} (needs {GOOD_FROM:.2f} good)"
        if gate.startswith(f"{ALERTED} "):
            return "summary", "the alert that told it is not stored any more"
        if gate.startswith("first poll"):
            return "age", gate
        return ("claim" if ": " in gate else "novelty"), gate


def _delivered(delivery: Sent) -> tuple[str, str]:
    tries = f" after {delivery.attempts} tries" if delivery.attempts > 1 else ""
    said = clean(delivery.answer or delivery.error or "", limit=200)
    words = {
        "due": f"due{f', {delivery.attempts} tries failed' if delivery.attempts else ''}",
        "held": "held back until then",
        "dead": f"refused for good{tries}",
        "bundled": "told in a summary of what was held",
        "dropped": "not sent, the alert was judged wrong before",
        "muted": "not sent, somebody muted it (claimwatch mutes)",
    }
    if delivery.state == "sent":
        return "sent", f"{delivery.receiver}{tries} {said}"
    return delivery.state, f"{delivery.receiver}: {words.get(delivery.state, delivery.state)} {said}"


def _names(found: Sequence[Found]) -> str:
    by_line: dict[str, list[str]] = {}
    for each in found:
        written = each.text if each.how == "exact" else f"{each.text} ({each.how} {each.name})"
        names = by_line.setdefault(each.line, [])
        if written not in names:
            names.append(written)
    return " | ".join(f"{line}: {', '.join(names[:3])}" for line, names in by_line.items())


def _why_not(miss: NearMiss) -> str:
    if miss.vetoed_by:
        return f'"not" names {miss.vetoed_by}'
    nearest = f" (nearest: {miss.nearest})" if miss.nearest else ""
    return f"nothing found for {', '.join(miss.empty)}{nearest}"


def _marked(a: Assessment) -> str:
    text = a.evidence
    for mark in a.marks:
        text = text.replace(mark, f">>{mark}<<", 1)
    return text


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _match_row(then: MatchedThen) -> dict[str, Any]:
    return {
        "topic": then.match.topic, "score": round(then.match.score, 3), "band": then.match.band.value,
        "needs": GOOD_FROM, "found": _names(then.match.found), "revision": then.revision, "mode": then.mode,
        "matched_at": then.matched_at, "assessed_at": then.assessed_at, "gate": then.gate,
    }  # fmt: skip


def _said_row(said: SaidThen) -> dict[str, Any]:
    a = said.assessment
    return {
        "claim": said.claim, "stance": a.stance.value, "confidence": round(a.confidence, 3),
        "relevance": round(a.relevance, 3), "evidence": a.evidence, "reasons": list(a.reasons),
        "form": a.form,
        "origin": said.origin, "outlet": said.outlet, "reprint_of": said.reprint_of,
        "revision": said.revision,
        "at": said.at,
    }  # fmt: skip
