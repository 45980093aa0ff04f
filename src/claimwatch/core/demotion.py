"""When a route's alerts of one relation are wrong too often, they come once a day instead of at once.

Of 20 judged, 6 wrong: with a true error of 10 % that happens by mistake in 1.1 % of windows, with 40 % in 87 %
(binomial distribution).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from claimwatch.core.alert_codes import coded, fingerprint
from claimwatch.core.model import Alert, Relation, Report, Section

WINDOW = 20
TOO_MANY = 6
REASON = "demoted"


@dataclass(frozen=True, slots=True)
class Demotion:
    """A route and relation that come once a day since `at`: `wrong` of the last `judged` were."""

    route: str
    relation: Relation
    at: datetime
    wrong: int
    judged: int


def demotion(route: str, relation: Relation, words: Sequence[str], at: datetime) -> Demotion | None:
    """Return what follows from the last verdicts (right, wrong; the latest last), or None when all is well."""
    window = words[-WINDOW:]
    wrong = window.count("wrong")
    return Demotion(route, relation, at, wrong, len(window)) if wrong >= TOO_MANY else None


def notice(of: Demotion) -> Alert:
    """Return what the readers of the route are told, once."""
    relation = of.relation.value
    title = f"claimwatch: {relation} on route {of.route} now comes once a day"
    return coded(
        Alert(
            fingerprint=fingerprint(REASON, of.route, relation, of.at.isoformat()),
            code="",
            relation=of.relation,
            reason=REASON,
            topic="claimwatch",
            topic_title=title,
            report=Report(title=title, outlet="claimwatch"),
            created_at=of.at,
            sections=(
                Section("WHY", (f"{of.wrong} of the last {of.judged} judged were wrong.",)),
                Section(
                    "FROM NOW ON",
                    (
                        f"{relation} alerts of this route are held until the day ends and come in one message.",
                        f"At once again:  claimwatch alerts promote {of.route} {relation}",
                    ),
                ),
            ),
        )
    )
