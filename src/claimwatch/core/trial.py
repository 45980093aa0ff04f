"""What would this text do? The same decisions as the stations', for one text, with nothing stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from claimwatch.core.alerting import ALERTING, relation_of, strongest
from claimwatch.core.model import Alert, Assessment, Claim, Item, Match, Relation, Report, Route, Stance
from claimwatch.core.routing import misfit

OFF_TOPIC = "OFF-TOPIC"
_ANY_TIME = datetime.min.replace(tzinfo=UTC)  # a trial is not sent, so it has no time


@dataclass(frozen=True, slots=True)
class Trial:
    """A text's matches, what the judge says of each claim on these topics, and what would follow."""

    item: Item
    matches: tuple[Match, ...]
    assessed: tuple[tuple[Claim, Assessment], ...]
    relation: str  # the strongest relation, or OFF-TOPIC
    routes: tuple[str, ...]
    misfits: Mapping[str, str]  # route -> why it does not take the alert


def conclude(
    item: Item,
    matches: Sequence[Match],
    assessed: Sequence[tuple[Claim, Assessment]],
    routes: Sequence[Route],
    titles: Mapping[str, str],
) -> Trial:
    """Return the trial of a text that was matched and judged; only strong and good matches count."""
    good = [m for m in matches if m.band in ALERTING]
    if not good:
        return Trial(item, tuple(matches), tuple(assessed), OFF_TOPIC, (), {})
    topics = {m.topic for m in good}
    speaking = [(c, a) for c, a in assessed if c.topic in topics and a.stance is not Stance.NEUTRAL]
    best = strongest(speaking)
    relation = relation_of(best[1].stance) if best else Relation.NEW
    topic = best[0].topic if best else max(good, key=lambda m: (m.score, m.topic)).topic
    match = next(m for m in good if m.topic == topic)
    alert = Alert(
        fingerprint="",
        code="",
        relation=relation,
        reason="first",
        topic=topic,
        topic_title=titles.get(topic, topic),
        report=Report(item.title, item.source or ""),
        created_at=_ANY_TIME,
        claim=best[0] if best else None,
        match=match,
        also=tuple(topics - {topic}),
        also_relations=tuple({relation_of(a.stance) for _, a in speaking} - {relation}),
    )
    reasons = {route.name: misfit(route, alert) for route in routes}
    return Trial(
        item,
        tuple(matches),
        tuple(assessed),
        relation.value,
        tuple(name for name, why in reasons.items() if why is None),
        {name: why for name, why in reasons.items() if why is not None},
    )
