"""Second station: take matched items, judge them against stored claims, raise and route alerts, commit."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar
from zoneinfo import ZoneInfo

import structlog

from claimwatch.core.alerting import Context, Verdict, raise_alert, raise_with_withdrawal
from claimwatch.core.carriers import carries, joined
from claimwatch.core.citing import publisher_keys
from claimwatch.core.hours import day_of
from claimwatch.core.ledger import ONE_DEVELOPMENT
from claimwatch.core.model import Alert, Assessment, Claim, Feed, Pair, Route, Stance, Topic
from claimwatch.core.muting import muted_by
from claimwatch.core.routing import UTC, route
from claimwatch.core.summary import summarise
from claimwatch.core.work import MUTED, Desk, Findings, Matched, NewDelivery
from claimwatch.errors import StorageError
from claimwatch.protocols import AssessStore, Judge, PatientJudge

log = structlog.get_logger("claimwatch.assess")
T = TypeVar("T")

AT_ONCE = 50
LOOK_AGAIN = 0.2  # seconds, whether a slow judge has answered
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
        zone: ZoneInfo = UTC,
    ) -> None:
        self._store = store
        self._judge = judge
        self._clock = clock
        self._follow(topics, claims, feeds, routes, addresses, zone)
        self._looked_back: set[str] = set()
        self.unit = asyncio.Lock()  # held while one item (or one summary) is in hand
        self._thinking: set[asyncio.Task[None]] = set()
        self._put_off: set[tuple[int, int]] = set()
        self._thought_about: set[tuple[int, int]] = set()  # items that a slow judge has not answered on yet
        self._topics_thought_about: set[str] = set()  # and topics with such items of first polls
        self._draining = False

    def use(
        self,
        *,
        judge: Judge,
        topics: Sequence[Topic],
        claims: Sequence[Claim],
        feeds: Sequence[Feed],
        routes: Sequence[Route],
        addresses: Mapping[str, Sequence[str]],
        zone: ZoneInfo,
    ) -> None:
        """Follow these from now on; call it holding `unit`."""
        self._judge = judge
        self._follow(topics, claims, feeds, routes, addresses, zone)

    def tell_looked_back(self, topics: Iterable[str]) -> None:
        """Have the next summary of these topics say that older items are matched with them."""
        self._looked_back.update(topics)

    def _follow(
        self,
        topics: Sequence[Topic],
        claims: Sequence[Claim],
        feeds: Sequence[Feed],
        routes: Sequence[Route],
        addresses: Mapping[str, Sequence[str]],
        zone: ZoneInfo,
    ) -> None:
        self._topics = {t.id: t for t in topics}
        self._claims: dict[str, list[Claim]] = {}
        for claim in claims:
            self._claims.setdefault(claim.topic, []).append(claim)
        self._feeds = {f.name: f for f in feeds}
        self._outlets = publisher_keys(f.publisher for f in feeds)
        self._wires = frozenset(f.publisher for f in feeds if f.wire)
        self._routes = routes
        self._addresses = addresses
        self._zone = zone

    async def run_live(
        self,
        *,
        topic: str | None = None,
        among: Collection[str] | None = None,
        sure: Callable[[], bool] = lambda: True,
    ) -> int:
        """Assess the items that wait, oldest first; return how many were assessed.

        With `topic` those on it, with `among` those on no topic beyond; no more is begun when not `sure`.
        """
        limit = AT_ONCE + len(self._put_off) + len(self._thought_about)
        waiting = await asyncio.to_thread(self._store.take_live, limit=limit, topic=topic)
        waiting = [m for m in waiting if (m.id, m.revision) not in self._put_off and _within(m, among)]
        thought_about: set[tuple[int, int]] = set()
        done = 0
        for matched in waiting:
            if self._draining or not sure():
                break
            if await self._is_thought_out([matched]):
                await self._in_hand(self.assess_item, matched)
                done += 1
            else:  # the items behind it do not wait
                thought_about.add((matched.id, matched.revision))
        self._thought_about = thought_about
        return done

    async def run_out(self) -> None:
        """Assess all that waits, also what the judge has to think about for a while."""
        while not self._draining:
            done = 0
            while found := await self.run_live():
                done += found
            done += await self.run_summaries(first_polls_done=True)
            if not done and not (self._thought_about or self._topics_thought_about):
                return
            if not done:
                await asyncio.sleep(LOOK_AGAIN)

    async def run_summaries(self, *, first_polls_done: bool) -> int:
        """Sum up what first polls brought, a topic at a time; return how many topics were summed up."""
        waiting = await asyncio.to_thread(self._store.young_topics)
        now = self._clock()
        ready = [t for t, since in waiting.items() if first_polls_done or now - since >= SUMMARY_WAITS]
        thought_about: set[str] = set()
        for topic in ready:
            if self._draining:
                break
            if await self._is_young_thought_out(topic):
                await self._in_hand(self.assess_first_polls, topic)
            else:
                thought_about.add(topic)
        self._topics_thought_about = thought_about
        return len(ready) - len(thought_about)

    async def _is_young_thought_out(self, topic: str) -> bool:
        if not isinstance(self._judge, PatientJudge):
            return True
        return await self._is_thought_out(await asyncio.to_thread(self._store.take_young, topic))

    async def _is_thought_out(self, items: Sequence[Matched]) -> bool:
        """Say whether the judge will answer about all of these at once; else it thinks about them from now on."""
        judge = self._judge
        if not isinstance(judge, PatientJudge):
            return True

        def begin() -> bool:
            answers = [judge.begin(self._pairs(matched)) for matched in items]  # of each, also after a "no"
            return all(answers)

        try:
            return await asyncio.to_thread(begin)
        except Exception:  # it will be told of when the item is assessed
            log.exception("judge fails")
            return True

    async def run_topic(
        self,
        topic: str,
        *,
        among: Collection[str],
        sure: Callable[[], bool],
        first_polls_done: Callable[[], Awaitable[bool]],
    ) -> None:
        """Assess what waits on a topic and on no topic beyond `among`, while it is `sure` to be ours."""
        while not self._draining and sure():
            if not await self.run_live(topic=topic, among=among, sure=sure):
                break
        since = (await asyncio.to_thread(self._store.young_topics)).get(topic)
        if since is None or self._draining or not sure():
            return
        if self._clock() - since < SUMMARY_WAITS and not await first_polls_done():
            return
        if await self._is_young_thought_out(topic):
            await self._in_hand(partial(self.assess_first_polls, among=among), topic)

    async def drain(self, limit: timedelta) -> None:
        """Start nothing new; let what is in hand be committed. The rest is assessed at the next start."""
        self._draining = True
        if self._thinking:
            await asyncio.wait(self._thinking, timeout=limit.total_seconds())

    async def _in_hand(self, assess: Callable[[T], None], work: T) -> None:
        """Run in a thread, and have `drain` wait for it even when we are cancelled meanwhile."""
        task = asyncio.create_task(self._alone(assess, work))
        self._thinking.add(task)
        task.add_done_callback(self._thinking.discard)
        await asyncio.shield(task)

    async def _alone(self, assess: Callable[[T], None], work: T) -> None:
        async with self.unit:
            await asyncio.to_thread(assess, work)

    def assess_item(self, matched: Matched) -> None:
        """Judge one item and commit what follows. Raises: StorageError.

        An item that cannot be assessed for a bug of ours is told as NEW; one that cannot even be told is put
        off to the next start: it holds up no other.
        """
        now = self._clock()
        try:
            desk = self._store.desk(now=now)
            verdict = self._verdict(matched, desk=desk, now=now)
            self._commit([verdict], [verdict.alert] if verdict.alert else [], desk, now=now)
        except StorageError:
            raise
        except Exception:
            log.exception("item cannot be assessed, it is put off to the next start", item=matched.id)
            self._put_off.add((matched.id, matched.revision))

    def assess_first_polls(self, topic: str, *, among: Collection[str] | None = None) -> None:
        """Judge what first polls brought on one topic; commit it with one summary. Raises: StorageError.

        Nothing is done when some of it is on a topic beyond `among`.
        """
        now = self._clock()
        desk = self._store.desk(now=now)
        verdicts: list[Verdict] = []
        young = self._store.take_young(topic)
        if not all(_within(matched, among) for matched in young):
            return
        for matched in young:
            if self._draining:
                return  # nothing is stored of a half summary
            if (matched.id, matched.revision) in self._put_off:
                continue
            try:
                verdicts.append(self._verdict(matched, desk=desk, now=now, before=verdicts))
            except StorageError:
                raise
            except Exception:  # it must not hold up the summary of the others
                log.exception("item cannot be assessed, it is put off to the next start", item=matched.id)
                self._put_off.add((matched.id, matched.revision))
        found = [v.alert for v in verdicts if v.alert]
        for carrier in (v.finding.carrier for v in verdicts):
            found = [joined(a, carrier) if carrier and carries(carrier, a) else a for a in found]
        raised = [alert for alert in found if muted_by(alert, desk.mutes) is None]
        reason = "new-topic" if topic in self._looked_back else "first-poll"
        summary = [summarise(raised, now=now, topic=self._topics.get(topic), reason=reason)] if raised else []
        self._commit(verdicts, [*summary, *(a for a in found if a not in raised)], desk, now=now)
        self._looked_back.discard(topic)

    def _pairs(self, matched: Matched) -> list[Pair]:
        item = matched.item
        feed = self._feeds.get(matched.feed)
        language = item.language or (feed.language if feed else None)
        claims = [c for m in matched.matches for c in self._claims.get(m.topic, ())]
        return [Pair(c, item.text, language, item.published_at) for c in claims]

    def judge_item(self, matched: Matched) -> list[tuple[Claim, Assessment]]:
        """Return what the judge says of every claim of the item's topics."""
        pairs = self._pairs(matched)
        claims = [pair.claim for pair in pairs]
        try:
            return list(zip(claims, self._judge.assess(pairs), strict=True))
        except Exception as error:  # a judge's bug must not lose the item
            log.exception("judge failed", item=matched.id)
            reason = f"the judge failed: {type(error).__name__}"
            return [(c, Assessment(Stance.NEUTRAL, 0.0, reasons=(reason,))) for c in claims]

    def _verdict(
        self, matched: Matched, *, desk: Desk, now: datetime, before: Sequence[Verdict] = ()
    ) -> Verdict:
        verdict = self._weigh(matched, desk, now, before)
        mute = muted_by(verdict.alert, desk.mutes) if verdict.alert else None
        if mute is None:
            return verdict
        # nobody is told: what others say of it once the mute has ended is news
        gate = f"{MUTED}, {mute.name}: {verdict.finding.gate}"
        told = replace(verdict.told, heard=frozenset())
        return replace(verdict, finding=replace(verdict.finding, gate=gate), told=told)

    def _weigh(self, matched: Matched, desk: Desk, now: datetime, before: Sequence[Verdict]) -> Verdict:
        assessed = self.judge_item(matched)
        told = self._store.told([m.topic for m in matched.matches], since=now - ONE_DEVELOPMENT)
        near = [matched.id, *(each.item for each in told)]
        evidence = self._store.evidence([c.id for c, _ in assessed], items=near)
        for verdict in before:  # assessed in this very round, not stored yet
            for piece, _ in verdict.finding.evidence:
                if piece.claim in evidence:
                    evidence[piece.claim].append(replace(piece, told=verdict.alert is not None))
            told.append(verdict.told)
        try:
            muted = frozenset(m.name for m in desk.mutes if m.kind == "claim")
            context = Context(
                self._topics, self._feeds, evidence, told, now,
                wires=self._wires, outlets=self._outlets, muted=muted,
                settled=desk.settled, same_origins=desk.same_origins,
            )  # fmt: skip
            return raise_with_withdrawal(matched, assessed, context)
        except Exception:
            log.exception("item is told without what was said before", item=matched.id)
            return raise_alert(matched, (), Context(self._topics, self._feeds, {}, (), now))

    def _route(self, alert: Alert, desk: Desk, now: datetime) -> tuple[NewDelivery, ...]:
        limited = any(rule.limit is not None for rule in self._routes)
        sent = self._store.sent_since(day_of(now, self._zone)[0]) if limited else {}
        found = route(
            alert,
            self._routes,
            self._addresses,
            zone=self._zone,
            sent_today=sent,
            demoted=desk.demoted,
            stories=desk.stories,
        )
        if muted_by(alert, desk.mutes) is None:
            return found
        return tuple(replace(each, held=MUTED) for each in found)

    def _commit(
        self, verdicts: Sequence[Verdict], raised: Sequence[Alert], desk: Desk, *, now: datetime
    ) -> None:
        alerts = tuple(
            (replace(a, record=desk.record.get(a.relation)), self._route(a, desk, now)) for a in raised
        )
        self._store.commit(
            Findings(tuple(v.finding for v in verdicts), alerts),
            now=now,
            withdrawals=[v.withdrawal for v in verdicts if v.withdrawal],
        )
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
                to=[d.receiver for d in deliveries if d.held != MUTED],
            )


def _within(matched: Matched, topics: Collection[str] | None) -> bool:
    return topics is None or all(match.topic in topics for match in matched.matches)
