"""Several developments of one topic told in one alert: what a feed's first poll brings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from claimwatch.core.alert_codes import coded, fingerprint
from claimwatch.core.carriers import outlets
from claimwatch.core.model import Alert, Entry, Relation, Topic

_ORDER = tuple(Relation)
_TLP = ("CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED")


def summarise(
    alerts: Sequence[Alert], *, now: datetime, topic: Topic | None = None, reason: str = "first-poll"
) -> Alert:
    """Return one alert that tells several; a single one is returned as it is.

    The strongest relation comes first and gives the summary its own; the best match and the strictest
    handling label among them are the summary's. `topic` is what it is titled with, else the first one's.
    Summaries among the alerts are told with all their entries.
    """
    ordered = sorted(
        alerts, key=lambda a: (_ORDER.index(a.relation), -(a.match.score if a.match else 0), a.fingerprint)
    )
    if len(ordered) == 1:
        return ordered[0]
    head = ordered[0]
    name, title = (topic.id, topic.title) if topic else (head.topic, head.topic_title)
    if len({a.topic for a in ordered}) > 1 and topic is None:
        title = "several topics"
    entries = tuple(entry for a in ordered for entry in a.entries or (_entry(a),))
    return coded(
        Alert(
            fingerprint=fingerprint(*(a.fingerprint for a in ordered)),
            code="",
            relation=head.relation,
            reason=reason,
            topic=name,
            topic_title=title,
            report=head.report,
            created_at=now,
            match=max((a.match for a in ordered if a.match), key=lambda m: m.score, default=None),
            entries=entries,
            also=tuple(sorted({t for a in ordered for t in (a.topic, *a.also)} - {name})),
            also_relations=tuple(dict.fromkeys(r for a in ordered for r in a.also_relations)),
            tlp=max((topic.tlp if topic else head.tlp, *(a.tlp for a in ordered)), key=_strictness),
        )
    )


def in_order(entries: Sequence[Entry]) -> list[Entry]:
    """Return what a summary tells as it numbers it: the strongest relation first."""
    return sorted(entries, key=lambda entry: _ORDER.index(entry.relation))


def _entry(alert: Alert) -> Entry:
    return Entry(
        relation=alert.relation,
        report=alert.report,
        claim=alert.claim.short if alert.claim else None,
        change=alert.change,
        evidence=alert.evidence,
        outlets=len(outlets(alert)),
    )


def _strictness(label: str) -> int:
    return _TLP.index(label) if label in _TLP else len(_TLP)
