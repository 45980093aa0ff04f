"""A correction in three blocks: what we said, what is so, where the claim stands now."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from claimwatch.core.model import Alert, Correction, Relation, Standing
from claimwatch.core.safety import clean
from claimwatch.core.times import MONTHS, local, when

_SAID = {
    Relation.CONTRADICTS: "a report contradicts",
    Relation.UPDATES: "a report updates",
    Relation.CORROBORATES: "a report corroborates",
}


def blocks(alert: Alert, correction: Correction, zone: ZoneInfo) -> tuple[tuple[str, str], ...]:
    """Return titles and sentences; NOW only where a claim has a standing."""
    day = local(correction.said_at, zone)[0]
    title = clean(alert.report.title, limit=200) or "(no title)"
    outlet = clean(alert.report.outlet, limit=80)
    if alert.claim:
        tally = f" ({_tally(correction.standing)})" if correction.standing else ""
        said = _SAID.get(correction.relation, f"{correction.relation.value} on")
        said = f'{said} "{clean(alert.claim.short, limit=55)}"{tally}: {title} ({outlet}).'
    else:
        said = f"{correction.relation.value}: {title} ({outlet})."
    found = [
        ("WE SAID", f"{day.day} {MONTHS[day.month - 1]}: {said}"),
        ("IN FACT", clean(correction.fact, limit=500)),
    ]
    if alert.claim and alert.standing:
        found.append(("NOW", f"{_tally(alert.standing)}; {_moved(alert, alert.standing)}"))
    if correction.by:  # a person; the publisher's own words say who it is
        found.append(("MARKED", f"by {clean(correction.by, limit=60)}, {when(alert.created_at, zone)}"))
    return tuple(found)


def _tally(standing: Standing) -> str:
    origins = "origin" if standing.origins_for == 1 else "origins"
    return f"{standing.origins_for} {origins} for, {standing.origins_against} against"


def _moved(alert: Alert, standing: Standing) -> str:
    now = clean(standing.status, limit=60)
    if alert.status_was and alert.status_was != standing.status:
        return f"{clean(alert.status_was, limit=60).upper()} -> {now}"
    return f"status unchanged: {now}"
