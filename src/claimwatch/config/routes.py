"""The section `route:` -> routes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import timedelta
from fnmatch import fnmatchcase

from claimwatch.config.claims import unknown_relation
from claimwatch.config.feeds import twice
from claimwatch.config.fields import Fields, sexagesimal
from claimwatch.config.nodes import Mapping, Node, Scalar, Sequence
from claimwatch.config.problems import Problems, did_you_mean
from claimwatch.core.model import Band, Relation, Route

KEYS = ("name", "when", "to", "gather", "limit", "storm", "quiet", "wake", "remind", "digest")
WHEN_KEYS = ("topic", "relation", "match")
_CLOCK = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)")
_QUIET = re.compile(r"((?:[01]?\d|2[0-4]):[0-5]\d)\s*[-–]\s*((?:[01]?\d|2[0-4]):[0-5]\d)")
_DIGEST = re.compile(r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\s)?(?:[01]?\d|2[0-3]):[0-5]\d")


def read_routes(
    nodes: Iterable[tuple[int, Node]],
    topics: Collection[str],
    receivers: Collection[str],
    places: dict[str, Node],
    problems: Problems,
) -> list[Route]:
    """Return the routes that can be used; `places` is filled with where they stand."""
    routes: list[Route] = []
    names: dict[str, Node] = {}
    for number, node in nodes:
        if not isinstance(node, Mapping):
            problems.error(
                1, node, f"route {number}", "A route takes settings:  - {name: desk, to: [desk-mail]}"
            )
            continue
        named = node.get("name")
        what = f"route {named.text}" if isinstance(named, Scalar) and named.text else f"route {number}"
        fields = Fields(node, what, KEYS, problems)
        name = fields.text("name")
        if not fields.has("name"):
            fields.missing("name", "desk-now")
        route = _read_route(name or f"route {number}", fields, topics, receivers)
        if name is not None and name in names:
            twice(name, names[name], fields.value("name"), what, problems)
        elif name is not None:
            names[name] = places[f"route {name}"] = fields.value("name")
            routes.append(route)
    return routes


def _read_route(name: str, fields: Fields, topics: Collection[str], receivers: Collection[str]) -> Route:
    to: list[str] = []
    for receiver, place in fields.placed_texts("to"):
        if receiver in receivers:
            to.append(receiver)
        elif not fields.problems.incomplete:
            hint = did_you_mean(receiver, receivers)
            fields.error(13, place, "to", f'There is no channel "{receiver}".{hint}')
    if isinstance(nobody := fields.value("to"), Sequence) and not nobody.items:
        fields.error(27, nobody, "to", f'Route "{_name(fields)}" names nobody, so it can never fire.')
    if not fields.has("to"):
        fields.missing("to", f"[{next(iter(receivers), 'desk-mail')}]")
    patterns, relations, band = _when(fields, topics)
    gather = fields.span("gather")
    if gather is not None and gather > timedelta(hours=1):
        fields.problems.warn(
            31, fields.value("gather"), f"{fields.what}, gather",
            f"gather: {fields.text('gather')} would hold every alert that long before it is sent.",
        )  # fmt: skip
    limit = fields.whole("limit", most=1000)
    if limit == 0:
        fields.problems.warn(
            31,
            fields.value("limit"),
            f"{fields.what}, limit",
            "limit: 0 would hold everything until the digest.",
        )
    storm = fields.whole("storm", least=1, most=1000)
    quiet, digest = _quiet(fields), _digest(fields)
    wake = _relations(fields, "wake")
    for relation, place in wake:
        if relation not in relations:
            fields.error(26, place, "wake", f"wake names {relation}, but the route never takes {relation}.")
    reminds = fields.flag("remind")
    if reminds and Relation.CONTRADICTS not in relations:
        fields.error(
            26, fields.value("remind"), "remind",
            "remind is for CONTRADICTS, but the route never takes CONTRADICTS.",
        )  # fmt: skip
    return Route(
        name=name, to=tuple(dict.fromkeys(to)), topics=patterns, relations=relations, band=band,
        gather=gather or timedelta(0), limit=limit, storm=storm, quiet=quiet,
        wake=tuple(relation for relation, _ in wake), remind=reminds, digest=digest,
    )  # fmt: skip


def _when(fields: Fields, topics: Collection[str]) -> tuple[tuple[str, ...], tuple[Relation, ...], Band]:
    patterns: tuple[str, ...] = ("*",)
    relations = tuple(Relation)
    band = Band.GOOD
    node = fields.mapping("when")
    if node is None:
        return patterns, relations, band
    when = Fields(node, f"{fields.what}, when", WHEN_KEYS, fields.problems)
    named = when.placed_texts("topic")
    for pattern, place in named:
        if any(fnmatchcase(topic, pattern) for topic in topics) or fields.problems.incomplete:
            continue
        if any(sign in pattern for sign in "*?["):
            when.error(27, place, "topic", f'Route "{_name(fields)}": no topic is called "{pattern}".')
        else:
            when.error(13, place, "topic", f'There is no topic "{pattern}".{did_you_mean(pattern, topics)}')
    if named:
        patterns = tuple(dict.fromkeys(pattern for pattern, _ in named))
    listed = _relations(when, "relation")
    if isinstance(never := when.value("relation"), Sequence) and not never.items:
        when.error(27, never, "relation", f'Route "{_name(fields)}" takes no relation, so it can never fire.')
    elif when.has("relation"):
        relations = tuple(dict.fromkeys(relation for relation, _ in listed))
    written = when.text("match")
    if written is not None:
        try:
            band = Band(written.lower())
        except ValueError:
            bands = [each.value for each in Band]
            hint = did_you_mean(written, bands).lstrip() or f"One of: {', '.join(bands)}."
            when.error(25, when.value("match"), "match", f'match "{written}": {hint[:1].lower()}{hint[1:]}')
    return patterns, relations, band


def _name(fields: Fields) -> str:
    return fields.what.removeprefix("route ")


def _relations(fields: Fields, key: str) -> list[tuple[Relation, Scalar]]:
    found: list[tuple[Relation, Scalar]] = []
    for written, place in fields.placed_texts(key):
        try:
            found.append((Relation(written.upper()), place))
        except ValueError:
            fields.error(25, place, key, unknown_relation(written, (relation.value for relation in Relation)))
    return found


def _quiet(fields: Fields) -> str | None:
    """Return the hours in which a route holds back, `22:00-06:30`."""
    written = fields.text("quiet")
    if written is None:
        return None
    place = fields.value("quiet")
    span = _QUIET.fullmatch(written)
    if span:
        begin, end = (clock.zfill(5) for clock in (span[1], span[2]))
        if begin == end:
            fields.error(
                31, place, "quiet",
                f'quiet: "{written}" ends when it starts, so it would hold nothing. '
                f'Write when it ends:  quiet: "{begin}-06:30"',
            )  # fmt: skip
            return None
        if (begin, end) == ("00:00", "24:00"):
            fields.problems.warn(
                31, place, f"{fields.what}, quiet",
                f'quiet: "{written}" would hold everything until the digest.',
            )  # fmt: skip
        return f"{begin}-{end}"
    if _CLOCK.fullmatch(written) and isinstance(place, Scalar) and place.plain:
        fields.error(
            4, place, "quiet",
            f"YAML reads {written} without quotes as the number {sexagesimal(written)}.\n"
            f'Write a span in quotes:  quiet: "{written}-06:30"',
        )  # fmt: skip
    else:
        fields.error(4, place, "quiet", 'A span looks like 22:30-06:30. Write:  quiet: "22:30-06:30"')
    return None


def _digest(fields: Fields) -> str | None:
    """Return the time of day at which a route sums up, `07:00`."""
    written = fields.text("digest")
    if written is None:
        return None
    place = fields.value("digest")
    if not _DIGEST.fullmatch(written):
        fields.error(
            4, place, "digest", f'I cannot read "{written}". Write a time in quotes:  digest: "07:00"'
        )
        return None
    return written
