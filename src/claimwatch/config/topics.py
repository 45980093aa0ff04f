"""The section `topic:` -> topics."""

from __future__ import annotations

import re
from collections.abc import Iterable

from claimwatch.config.fields import Fields
from claimwatch.config.nodes import Mapping, Node, Scalar
from claimwatch.config.problems import Problems, nearest
from claimwatch.config.topic_names import NameCheck, hidden_by_not
from claimwatch.core.model import NameLine, Topic

KEYS = ("title", "not", "within", "at_least", "tlp")
WITHIN = ("sentence", "paragraph")
TLP = ("CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED")
LINE_KEYS = ("names", "within", "at_least")
LINE_NAMES = ("who", "what", "where")
ID = re.compile(r"\w[\w.-]{0,63}")


def read_topics(
    entries: Iterable[tuple[Scalar, Node]], names: NameCheck, places: dict[str, Node], problems: Problems
) -> dict[str, Topic]:
    """Return the topics that can be used, by id; `places` is filled with where their lines stand."""
    topics: dict[str, Topic] = {}
    for key, node in entries:
        topic = _read_topic(key, node, names, places, problems)
        if topic is not None:
            topics[topic.id] = topic
    return topics


def good_id(key: Scalar, kind: str, problems: Problems) -> bool:
    """Say whether a key can serve as an id that people type and addresses hold."""
    if ID.fullmatch(key.text):
        return True
    problems.error(
        1, key, f"{kind} {key.text}",
        f'"{key.text}" cannot be typed as one word. Use letters, digits and hyphens, at most 64.',
    )  # fmt: skip
    return False


def _read_topic(
    key: Scalar, node: Node, check: NameCheck, places: dict[str, Node], problems: Problems
) -> Topic | None:
    what = f"topic {key.text}"
    if not good_id(key, "topic", problems):
        return None
    if not isinstance(node, Mapping) or not node.entries:
        problems.error(14, key, what, f'Topic "{key.text}" has no names, so everything would be on topic.')
        return None
    fields = Fields(node, what, KEYS, problems, others=True)
    lines: list[NameLine] = []
    refused = False
    for line, (name, value) in fields.values.items():
        if line in KEYS:
            continue
        near = nearest(line, (*KEYS, *LINE_NAMES)) if line not in LINE_NAMES else None
        if near and (near in KEYS or not isinstance(value, Scalar)) and near not in fields.values:
            # A misspelt setting would silently become a line of names that every item must fill.
            problems.error(2, name, what, f'There is no setting "{line}". Did you mean "{near}"?')
            refused = True
            continue
        places[f"topic {key.text}.{line}"] = name
        read = _read_line(line, name, value, fields, check)
        if read is None:
            refused = True
        else:
            lines.append(read)
    if not lines and not refused:
        problems.error(14, key, what, f'Topic "{key.text}" has no names, so everything would be on topic.')
    title = fields.text("title") or key.text
    vetoes = dict(fields.placed_texts("not"))
    check.line(what, "not", [(text, place) for text, place in vetoes.items() if text[:1] == "@"])
    for veto, why in hidden_by_not(vetoes, [(line.name, line.names) for line in lines]):
        fields.error(18, vetoes[veto], "not", why)
    within = fields.one_of("within", WITHIN)
    tlp = fields.one_of("tlp", TLP) or "CLEAR"
    at_least = fields.whole("at_least", least=1, most=max(1, len(lines)))
    return Topic(
        id=key.text, title=title, lines=tuple(lines), vetoes=tuple(vetoes),
        at_least=at_least, within=within, tlp=tlp,
    )  # fmt: skip


def _read_line(line: str, name: Scalar, value: Node, topic: Fields, check: NameCheck) -> NameLine | None:
    """Return a line of names: a list, or settings with `names` where more is to be said of the line."""
    if not isinstance(value, Mapping):
        placed = topic.as_texts(value, name, line)
        check.line(topic.what, line, placed)
        return NameLine(line, tuple(dict.fromkeys(text for text, _ in placed))) if placed else None
    fields = Fields(value, f"{topic.what}, {line}", LINE_KEYS, topic.problems)
    placed = fields.placed_texts("names")
    check.line(topic.what, line, placed)
    if not fields.has("names"):
        fields.missing("names", "[...]", spoken=f'"{line}"')
    names = tuple(dict.fromkeys(text for text, _ in placed))
    within = fields.one_of("within", WITHIN)
    at_least = fields.whole("at_least", least=1, most=max(1, len(names)))
    return NameLine(line, names, within, at_least or 1) if names else None
