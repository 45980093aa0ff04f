"""Examples and the tests in alerts/tests, tried out by the very parts that run; nothing is stored or sent."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from claimwatch.assess import AssessStation
from claimwatch.cli.logs import REHEARSED, drop_rehearsed
from claimwatch.config import Settings
from claimwatch.config.alert_tests import AlertTest, ExpectedAlert
from claimwatch.config.examples import OFF_TOPIC, ExampleOutcome, JudgeExample
from claimwatch.core.alerting import ALERTING, relation_of
from claimwatch.core.ledger import Evidence
from claimwatch.core.matching import TopicIndex
from claimwatch.core.model import Alert, Claim, Example, Feed, Item, Match, Pair
from claimwatch.core.publisher import Withdrawal
from claimwatch.core.work import ALERTED, Desk, Findings, Matched, NewDelivery, Told
from claimwatch.protocols import Judge

BETWEEN = timedelta(minutes=5)  # from one item of a test to the next


@contextmanager
def silence() -> Iterator[None]:
    """Keep the station's log of decisions out of the findings; errors are still logged.

    A daemon that rehearses a changed config goes on logging its own decisions meanwhile.
    """
    before = structlog.get_config()
    if drop_rehearsed in before["processors"]:
        with structlog.contextvars.bound_contextvars(**{REHEARSED: True}):
            yield
        return
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    try:
        yield
    finally:
        structlog.configure(**before)


def example_outcome(index: TopicIndex, judge: Judge) -> JudgeExample:
    """Return what says which relation an example gives for its own claim."""

    def outcome(claim: Claim, example: Example) -> ExampleOutcome:
        item = Item(id="example", title=example.headline, summary=example.summary, language=example.language)
        match = index.explain(item, claim.topic)
        if not isinstance(match, Match) or match.band not in ALERTING:
            return ExampleOutcome(OFF_TOPIC, match)
        text = "\n".join(part for part in (item.title, item.summary) if part)
        (said,) = judge.assess([Pair(claim, text, item.language)])
        return ExampleOutcome(relation_of(said.stance).value, match, said.reasons, said.evidence)

    return outcome


class _Memory:
    """What an AssessStore keeps, for the length of one test."""

    def __init__(self) -> None:
        self.alerts: list[tuple[Alert, tuple[NewDelivery, ...]]] = []
        self.in_hand: Matched | None = None
        self._evidence: list[Evidence] = []
        self._told: list[tuple[frozenset[str], Told]] = []

    def take_live(self, *, limit: int, topic: str | None = None) -> list[Matched]:
        return []

    def take_young(self, topic: str) -> list[Matched]:
        return []

    def young_topics(self) -> dict[str, datetime]:
        return {}

    def evidence(self, names: Collection[str], *, items: Collection[int] = ()) -> dict[str, list[Evidence]]:
        return {name: [piece for piece in self._evidence if piece.claim == name] for name in names}

    def told(self, topics: Collection[str], *, since: datetime) -> list[Told]:
        return [told for on, told in self._told if on & set(topics)]

    def sent_since(self, since: datetime) -> dict[str, int]:
        return {}

    def desk(self, *, now: datetime) -> Desk:
        return Desk()

    def commit(self, findings: Findings, *, now: datetime, withdrawals: Sequence[Withdrawal] = ()) -> None:
        for finding in findings.findings:
            told = finding.gate.startswith(f"{ALERTED} ")
            self._evidence += [replace(piece, told=told) for piece, _ in finding.evidence]
            matched = self.in_hand
            if matched is not None:
                topics = frozenset(match.topic for match in matched.matches)
                self._told.append((topics, Told(finding.item, matched.item.text, finding.story)))
        self.alerts += findings.alerts


class Rehearsal:
    """Says which alerts the items of a test give, one after the other, under the given settings."""

    def __init__(self, settings: Settings, index: TopicIndex, judge: Judge, *, now: datetime) -> None:
        self._settings = settings
        self._judge = judge
        self._now = now
        self._index = index

    def __call__(self, test: AlertTest) -> list[ExpectedAlert]:
        memory = _Memory()
        clock = self._now
        known = {feed.name for feed in self._settings.feeds}
        outlets = dict.fromkeys(outlet for outlet, _ in test.items if outlet not in known)
        station = AssessStation(
            store=memory,
            judge=self._judge,
            topics=self._settings.topics,
            claims=self._settings.claims,
            feeds=(*self._settings.feeds, *(Feed(outlet, "") for outlet in outlets)),
            routes=self._settings.routes,
            addresses={},
            clock=lambda: clock,
        )
        for number, (outlet, item) in enumerate(test.items, 1):
            clock += BETWEEN
            matches = tuple(self._index.match(item))
            if matches:
                dated = replace(item, published_at=clock)
                memory.in_hand = Matched(number, outlet, 1, dated, matches, "live", clock)
                with silence():
                    station.assess_item(memory.in_hand)
        return [
            ExpectedAlert(
                alert.report.title,
                alert.relation.value,
                alert.claim.id if alert.claim else None,
                frozenset(delivery.receiver for delivery in deliveries),
            )
            for alert, deliveries in memory.alerts
        ]
