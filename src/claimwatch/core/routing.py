"""Who is told: every route that fits an alert applies, and nobody gets an alert twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase

from claimwatch.core.model import Alert, Band, Route
from claimwatch.core.work import NewDelivery

_BANDS = (Band.STRONG, Band.GOOD, Band.WEAK, Band.GUESS)


def misfit(route: Route, alert: Alert) -> str | None:
    """Return why a route does not take an alert, or None when it does."""
    relations = {alert.relation, *alert.also_relations, *(entry.relation for entry in alert.entries)}
    if not relations & set(route.relations):
        return f"relation {alert.relation} is not one of {', '.join(route.relations)}"
    if _takes(route, alert.topic):
        if alert.match and _BANDS.index(alert.match.band) > _BANDS.index(route.band):
            return f"match {alert.match.band} is below {route.band}"
    elif not any(_takes(route, topic) for topic in alert.also):  # these are at least good
        return f"topic {alert.topic} does not fit {', '.join(route.topics)}"
    return None


def _takes(route: Route, topic: str) -> bool:
    return any(fnmatchcase(topic, pattern) for pattern in route.topics)


def route(
    alert: Alert, routes: Sequence[Route], addresses: Mapping[str, Sequence[str]]
) -> tuple[NewDelivery, ...]:
    """Return one delivery for each receiver address that some route brings the alert to.

    `addresses` expands a receiver's name to what is delivered separately (one for each mail address). Where
    several routes reach one address, the earliest due time counts and all are named.
    """
    due: dict[str, NewDelivery] = {}
    for rule in routes:
        if misfit(rule, alert) is not None:
            continue
        due_at = alert.created_at + rule.gather
        for name in rule.to:
            for address in addresses.get(name, (name,)):
                before = due.get(address)
                due[address] = NewDelivery(
                    receiver=address,
                    due_at=min(due_at, before.due_at) if before else due_at,
                    routes=tuple(dict.fromkeys((*before.routes, rule.name))) if before else (rule.name,),
                )
    return tuple(due.values())
