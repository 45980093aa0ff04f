"""Outlets that carry the text of an alert: they join it, silently once it was sent, and never raise another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from claimwatch.core.model import Alert, Report, Standing

LISTED = 50  # carriers kept with an alert; the ledger counts all


@dataclass(frozen=True, slots=True)
class Carrier:
    """A report that prints again what `items` told. `wire` is the agency it comes from, where it says so.

    `standings` are those of the claims it says the same of, with it counted.
    """

    items: frozenset[int]
    report: Report
    standings: Mapping[str, Standing] = field(default_factory=dict)
    wire: str | None = None


def carries(carrier: Carrier, alert: Alert) -> bool:
    """Say whether a report carries what the alert tells: its item, and the same of its claim."""
    if alert.entries or alert.sections or alert.correction or alert.report.item not in carrier.items:
        return False
    return alert.claim is None or alert.claim.id in carrier.standings


def joined(alert: Alert, carrier: Carrier, *, waits: bool = True) -> Alert:
    """Return the alert with one more outlet; while it `waits` to be sent its standing counts that too."""
    known = (alert.report, *alert.carriers)
    if any(report.item == carrier.report.item for report in known):
        return alert
    if len(known) <= LISTED:
        alert = replace(alert, carriers=(*alert.carriers, carrier.report))
    if waits and alert.claim is not None:
        alert = replace(alert, standing=carrier.standings[alert.claim.id])
    return replace(alert, wire=alert.wire or carrier.wire)


def outlets(alert: Alert) -> list[Report]:
    """Return one report of each outlet that carries the alert's text, the first to print it first."""
    return list({report.outlet: report for report in (*alert.carriers[::-1], alert.report)}.values())[::-1]
