"""Who is told: every route that fits an alert applies, and nobody gets an alert twice."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from fnmatch import fnmatchcase
from types import MappingProxyType
from zoneinfo import ZoneInfo

from claimwatch.core.hours import day_of, next_hour, quiet_until
from claimwatch.core.model import Alert, Band, Relation, Route
from claimwatch.core.work import NewDelivery

UTC = ZoneInfo("UTC")
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
    alert: Alert,
    routes: Sequence[Route],
    addresses: Mapping[str, Sequence[str]],
    *,
    zone: ZoneInfo = UTC,
    sent_today: Mapping[str, int] = MappingProxyType({}),
    demoted: Collection[tuple[str, Relation]] = (),
    stories: Mapping[str, int] = MappingProxyType({}),
) -> tuple[NewDelivery, ...]:
    """Return one delivery for each receiver address that some route brings the alert to.

    `addresses` expands a receiver's name to what is delivered separately (one for each mail address). Where
    several routes reach one address, the earliest due time counts and all are named. `sent_today` is how many
    alerts each route has sent in the zone's day. Routes with a digest send nothing at once; what is `demoted`
    comes when the day ends, also what wakes. `stories` is how many alerts each topic had in the last hour.
    """
    due: dict[str, NewDelivery] = {}
    for rule in routes:
        if rule.digest or misfit(rule, alert) is not None:
            continue
        due_at, held = hold(
            rule,
            alert,
            zone=zone,
            sent_today=sent_today.get(rule.name, 0),
            stories=stories.get(alert.topic, 0),
        )
        if (rule.name, alert.relation) in demoted:
            due_at, held = max(due_at, day_of(alert.created_at, zone)[1]), "demoted"
        for name in rule.to:
            for address in addresses.get(name, (name,)):
                before = due.get(address)
                names = tuple(dict.fromkeys((*before.routes, rule.name))) if before else (rule.name,)
                if before and before.due_at <= due_at:
                    due[address] = replace(before, routes=names)
                else:
                    due[address] = NewDelivery(address, due_at, names, held)
    return tuple(due.values())


def hold(
    rule: Route, alert: Alert, *, zone: ZoneInfo, sent_today: int = 0, stories: int = 0
) -> tuple[datetime, str | None]:
    """Return when a route lets an alert go and, if that is later than its gathering, why: "limit", "quiet".

    A limit holds until the next day begins, quiet hours until they end, a storm until the next full hour;
    nothing is dropped. What wakes is never held.
    """
    due_at = alert.created_at + rule.gather
    if alert.relation in rule.wake:
        return due_at, None
    held = None
    if rule.storm is not None and stories >= rule.storm:
        due_at, held = next_hour(due_at), "storm"
    if rule.limit is not None and sent_today >= rule.limit:
        due_at, held = day_of(due_at, zone)[1], "limit"
    if rule.quiet and (end := quiet_until(due_at, rule.quiet, zone)):
        due_at, held = end, held or "quiet"
    return due_at, held
