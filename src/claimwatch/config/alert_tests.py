"""The section `test:` (alerts/tests/*.yaml): these items -> these alerts -> these receivers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from claimwatch.config.claims import unknown_relation
from claimwatch.config.feeds import language
from claimwatch.config.fields import Fields
from claimwatch.config.nodes import Mapping as MappingNode
from claimwatch.config.nodes import Node, Scalar, Sequence
from claimwatch.config.problems import Problem, Problems, did_you_mean
from claimwatch.core.model import Item, Relation

KEYS = ("name", "item", "alert")
ITEM_KEYS = ("outlet", "language", "title", "summary", "content")
ALERT_KEYS = ("from", "relation", "claim", "to")


@dataclass(frozen=True, slots=True)
class ExpectedAlert:
    """An alert: its title's beginning, relation, claim (None for NEW), receivers (None: not said)."""

    title: str
    relation: str
    claim: str | None = None
    to: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class AlertTest:
    """Items with the outlets that carry them, and the alerts they must give, in order and no others."""

    name: str
    items: tuple[tuple[str, Item], ...]
    alerts: tuple[ExpectedAlert, ...]


def read_alert_tests(
    nodes: Iterable[tuple[int, Node]],
    claims: Collection[str],
    receivers: Collection[str],
    places: dict[str, Node],
    problems: Problems,
) -> list[AlertTest]:
    """Return the tests; `places` is filled with where they stand."""
    tests: list[AlertTest] = []
    for number, node in nodes:
        if not isinstance(node, MappingNode):
            problems.error(1, node, f"test {number}", "A test takes settings: name, item and alert.")
            continue
        named = node.get("name")
        name = named.text if isinstance(named, Scalar) and named.text else f"test {number}"
        fields = Fields(node, f'test "{name}"', KEYS, problems)
        items = [_item(each, at) for at, each in _each(fields, "item", ITEM_KEYS)]
        alerts = [_alert(each, claims, receivers) for _, each in _each(fields, "alert", ALERT_KEYS)]
        if not items and not fields.has("item"):
            fields.missing("item", "[{title: ...}]", spoken="The test")
        if not fields.has("alert"):
            fields.missing("alert", "[]", spoken="The test")
        places[f"test {len(tests)}"] = fields.value("name")
        tests.append(AlertTest(name, tuple(items), tuple(each for each in alerts if each)))
    return tests


def _each(fields: Fields, key: str, known: Collection[str]) -> Iterable[tuple[int, Fields]]:
    if not fields.has(key):
        return
    node = fields.value(key)
    if not isinstance(node, Sequence):
        fields.error(1, fields.key(key), key, f"{key} takes a list; [] for none.")
        return
    for number, each in enumerate(node.items, 1):
        what = f"{fields.what}, {key} {number}"
        if isinstance(each, MappingNode):
            yield number, Fields(each, what, known, fields.problems)
        else:
            fields.problems.error(1, each, what, f"Each {key} takes settings: {', '.join(known)}.")


def _item(fields: Fields, number: int) -> tuple[str, Item]:
    title = fields.text("title")
    if not fields.has("title"):
        fields.missing("title", "...", spoken=f"Item {number}")
    item = Item(
        id=str(number),
        title=title or "",
        summary=fields.text("summary") or "",
        content=fields.text("content") or "",
        language=language(fields, "language"),
    )
    return fields.text("outlet") or "an outlet", item


def _alert(fields: Fields, claims: Collection[str], receivers: Collection[str]) -> ExpectedAlert | None:
    title, written, claim = fields.text("from") or "", fields.text("relation"), fields.text("claim")
    if written is None:
        if not fields.has("relation"):
            fields.missing("relation", "NEW", spoken="The alert")
        return None
    if written.upper() not in Relation.__members__:
        fields.error(25, fields.value("relation"), "relation", unknown_relation(written, list(Relation)))
        return None
    if claim is not None and claim not in claims and not fields.problems.incomplete:
        hint = did_you_mean(claim, claims)
        fields.error(13, fields.value("claim"), "claim", f'There is no claim "{claim}".{hint}')
    to = fields.placed_texts("to")
    for receiver, place in to:
        if receiver not in receivers and not fields.problems.incomplete:
            hint = did_you_mean(receiver, receivers)
            fields.error(13, place, "to", f'There is no channel "{receiver}".{hint}')
    told = frozenset(receiver for receiver, _ in to) if fields.has("to") else None
    return ExpectedAlert(title, written.upper(), claim, told)


# ---------------------------------------------------------------- run


def check_alert_tests(
    tests: Iterable[AlertTest],
    places: Mapping[str, Node],
    rehearse: Callable[[AlertTest], list[ExpectedAlert]],
    *,
    tick: Callable[[], None] = lambda: None,
) -> list[Problem]:
    """Return an error for each test whose items give other alerts; `rehearse` says which they give."""
    problems = Problems()
    for number, test in enumerate(tests):
        raised = rehearse(test)
        tick()
        if len(raised) != len(test.alerts) or not all(map(_fits, test.alerts, raised)):
            told = ["Expected:", *_listed(test.alerts), "Got:", *_listed(raised)]
            problems.error(23, places.get(f"test {number}"), f'test "{test.name}"', "\n".join(told))
    return list(problems.all())


def _fits(expected: ExpectedAlert, raised: ExpectedAlert) -> bool:
    return (
        raised.title.startswith(expected.title)
        and raised.relation == expected.relation
        and (expected.claim is None or expected.claim == raised.claim)
        and (expected.to is None or expected.to == raised.to)
    )


def _listed(alerts: Iterable[ExpectedAlert]) -> list[str]:
    lines = []
    for alert in alerts:
        claim = f" {alert.claim}" if alert.claim else ""
        to = f" -> {', '.join(sorted(alert.to)) or 'nobody'}" if alert.to is not None else ""
        title = alert.title if len(alert.title) <= 60 else alert.title[:59] + "…"
        lines += [f"   {alert.relation}{claim}{to}", f'     "{title}"']
    return lines or ["   silence"]
