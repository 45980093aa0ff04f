"""Small invented stories for the tests of the decisions: a claim, items on its topic, what was said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from claimwatch.core.alerting import Context, Verdict, raise_alert
from claimwatch.core.ledger import Evidence
from claimwatch.core.model import (
    Alert,
    Assessment,
    Band,
    Change,
    Claim,
    Feed,
    Item,
    Match,
    NameLine,
    Relation,
    Report,
    Stance,
    Topic,
)
from claimwatch.core.work import Matched, Told

NOW = datetime(2026, 7, 14, 8, tzinfo=UTC)
DAY = timedelta(days=1)
TOPIC = Topic("troops", "Border troops", (NameLine("who", ("Avaria",)),))
ARMS = Topic("arms", "Arms", (NameLine("what", ("guns",)),), tlp="AMBER")
CLAIM = Claim(
    "t-5k", "troops", "Up to 5,000 soldiers may be sent.", "5,000 soldiers", said_by=("Norland GUR",)
)
GUNS = Claim("a-guns", "arms", "Avaria sent guns.", "guns sent")
FEEDS = {
    name: Feed(
        name, f"https://{name}.example/rss", language="en", reliability="B", source=f"{name.title()} Times"
    )
    for name in ("alpha", "beta", "gamma")
}


def match(topic: str = "troops", band: Band = Band.STRONG, score: float = 0.9) -> Match:
    return Match(topic, score, band, ())


def matched(
    id: int = 1,
    title: str = "Avaria denies a plan to send soldiers to Norland in autumn",
    *,
    summary: str = "",
    feed: str = "alpha",
    matches: Sequence[Match] = (match(),),
    mode: str = "live",
    revision: int = 1,
    known_on: frozenset[str] = frozenset(),
) -> Matched:
    item = Item(str(id), title=title, summary=summary, url=f"https://x.example/{id}")
    return Matched(id, feed, revision, item, tuple(matches), mode, NOW, known_on)


def says(
    stance: Stance,
    *,
    speaker: str | None = None,
    figure: str | None = None,
    confidence: float = 0.8,
    relevance: float = 0.85,
) -> Assessment:
    change = Change("up to 5,000", figure) if figure else None
    return Assessment(
        stance, confidence, "a sentence", ("rule",), "lexical-1",
        change=change, speaker=speaker, relevance=relevance,
    )  # fmt: skip


SUPPORTS = says(Stance.SUPPORTS)
CONTRADICTS = says(Stance.CONTRADICTS)
UPDATES = says(Stance.UPDATES, figure="6,000")
NEUTRAL = says(Stance.NEUTRAL, relevance=0.1)


class Desk:
    """Assesses items one after the other and remembers, as the station and the store do."""

    def __init__(self) -> None:
        self.now = NOW
        self.evidence: dict[str, list[Evidence]] = {}
        self.told: list[Told] = []
        self.alerts: list[Alert] = []

    def sees(self, item: Matched, *assessed: tuple[Claim, Assessment]) -> Verdict:
        context = Context({"troops": TOPIC, "arms": ARMS}, FEEDS, self.evidence, self.told, self.now)
        verdict = raise_alert(item, assessed, context)
        for piece, _ in verdict.finding.evidence:
            told = replace(piece, told=verdict.alert is not None)
            self.evidence.setdefault(piece.claim, []).append(told)
        self.told.append(verdict.told)
        if verdict.alert:
            self.alerts.append(verdict.alert)
        return verdict


def alert(
    relation: Relation = Relation.NEW,
    topic: str = "troops",
    *,
    band: Band = Band.STRONG,
    score: float = 0.9,
    fingerprint: str = "f" * 20,
    also: tuple[str, ...] = (),
    also_relations: tuple[Relation, ...] = (),
    tlp: str = "CLEAR",
    title: str = "A headline",
) -> Alert:
    return Alert(
        fingerprint=fingerprint, code="CODE22", relation=relation, reason="first", topic=topic,
        topic_title=topic.title(), report=Report(title, "Alpha Times"), created_at=NOW,
        match=match(topic, band, score), also=also, also_relations=also_relations, tlp=tlp,
    )  # fmt: skip
