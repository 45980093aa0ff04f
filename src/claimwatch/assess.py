"""Second station: take matched items, judge them against stored claims, raise and route alerts, commit."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from claimwatch.core.alerting import ONE_DEVELOPMENT, Context, Verdict, raise_alert, summarise, text_of
from claimwatch.core.model import Alert, Assessment, Claim, Feed, Pair, Route, Stance, Topic
from claimwatch.core.routing import route
from claimwatch.core.work import Findings, Matched, Told
from claimwatch.protocols import AssessStore, Judge

log = structlog.get_logger("claimwatch.assess")

AT_ONCE = 50
# First polls of many feeds end within seconds of each other; a topic's summary waits for the last of them,
# but not for a feed that hangs.
SUMMARY_WAITS = timedelta(seconds=45)


class AssessStation:
    """Turns matched items into findings and alerts, one transaction an item (or a topic's summary)."""

    def __init__(
        self,
        *,
        store: AssessStore,
        judge: Judge,
        topics: Sequence[Topic],
        claims: Sequence[Claim],
        feeds: Sequence[Feed],
        routes: Sequence[Route],
        addresses: Mapping[str, Sequence[str]],
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._judge = judge
        self._topics = {t.id: t for t in topics}
        self._claims: dict[str, list[Claim]] = {}
        for claim in claims:
            self._claims.setdefault(claim.topic, []).append(claim)
        self._feeds = {f.name: f for f in feeds}
        self._routes = routes
        self._addresses = addresses
        self._clock = clock

    async def run_live(self) -> int:
        """Assess the items that wait, oldest first; return how many were assessed."""
        waiting = await asyncio.to_thread(self._store.take_live, limit=AT_ONCE)
        for matched in waiting:
            await asyncio.to_thread(self.assess_item, matched)
        return len(waiting)

    async def run_summaries(self, *, first_polls_done: bool) -> int:
        """Sum up what first polls brought, a topic at a time; return how many topics were summed up."""
        waiting = await asyncio.to_thread(self._store.young_topics)
        now = self._clock()
        ready = [t for t, since in waiting.items() if first_polls_done or now - since >= SUMMARY_WAITS]
        for topic in ready:
            await asyncio.to_thread(self.assess_first_polls, topic)
        return len(ready)

    def assess_item(self, matched: Matched) -> None:
        """Judge one item and commit what follows. Raises: StorageError."""
        now = self._clock()
        verdict = self._verdict(matched, now=now)
        self._commit([verdict], [verdict.alert] if verdict.alert else [], now=now)

    def assess_first_polls(self, topic: str) -> None:
        """Judge what first polls brought on one topic; commit it with one summary. Raises: StorageError."""
        now = self._clock()
        verdicts: list[Verdict] = []
        for matched in self._store.take_young(topic):
            verdicts.append(self._verdict(matched, now=now, before=verdicts))
        raised = [v.alert for v in verdicts if v.alert]
        self._commit(verdicts, [summarise(raised, now=now)] if raised else [], now=now)

    def judge_item(self, matched: Matched) -> list[tuple[Claim, Assessment]]:
        """Return what the judge says of every claim of the item's topics."""
        claims = [c for m in matched.matches for c in self._claims.get(m.topic, ())]
        text, item = text_of(matched), matched.item
        feed = self._feeds.get(matched.feed)
        language = item.language or (feed.language if feed else None)
        pairs = [Pair(c, text, language, item.published_at) for c in claims]
        try:
            assessed = self._judge.assess(pairs)
        except Exception as error:  # a judge's bug must not lose the item
            log.exception("judge failed", item=matched.id)
            reason = f"the judge failed: {type(error).__name__}"
            assessed = [Assessment(Stance.NEUTRAL, 0.0, reasons=(reason,)) for _ in pairs]
        return list(zip(claims, assessed, strict=True))

    def _verdict(self, matched: Matched, *, now: datetime, before: Sequence[Verdict] = ()) -> Verdict:
        assessed = self.judge_item(matched)
        evidence = self._store.evidence([c.id for c, _ in assessed])
        told = self._store.told([m.topic for m in matched.matches], since=now - ONE_DEVELOPMENT)
        for verdict in before:  # assessed in this very round, not stored yet
            for piece, _ in verdict.finding.evidence:
                if piece.claim in evidence:
                    evidence[piece.claim].append(piece)
            told.append(Told(verdict.finding.item, verdict.text, verdict.finding.story))
        context = Context(self._topics, self._feeds, evidence, told, now)
        return raise_alert(matched, assessed, context)

    def _commit(self, verdicts: Sequence[Verdict], raised: Sequence[Alert], *, now: datetime) -> None:
        alerts = tuple((a, route(a, self._routes, self._addresses)) for a in raised)
        self._store.commit(Findings(tuple(v.finding for v in verdicts), alerts), now=now)
        for verdict in verdicts:
            log.debug("assessed", item=verdict.finding.item, gate=verdict.finding.gate)
        for alert, deliveries in alerts:
            log.info(
                "alert",
                code=alert.code,
                relation=alert.relation.value,
                topic=alert.topic,
                claim=alert.claim.id if alert.claim else None,
                title=alert.report.title[:120],
                to=[d.receiver for d in deliveries],
            )
