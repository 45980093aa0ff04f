"""The sections `name:` and `must_not_confuse:` -> the alias book: what things are called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from claimwatch.config.fields import Fields
from claimwatch.config.nodes import Mapping as MappingNode
from claimwatch.config.nodes import Node, Scalar, Sequence
from claimwatch.config.problems import Problems, did_you_mean
from claimwatch.core.aliases import AliasBook

KEYS = ("names", "also_as_actor", "signs")
APART = "must_not_confuse"


def read_names(
    entries: Mapping[str, tuple[Scalar, Node]], groups: Iterable[tuple[int, Node]], problems: Problems
) -> AliasBook:
    """Return the alias book of the entries that can be used, and the sets of ids not to be confused."""
    book: dict[str, dict[str, tuple[str, ...]]] = {}
    for name, (key, node) in entries.items():
        if not isinstance(node, MappingNode):
            problems.error(1, key, f"name {name}", f"A thing takes its names:\n  {name}: {{names: [...]}}")
            continue
        fields = Fields(node, f"name {name}", KEYS, problems)
        entry = {each: fields.texts(each) for each in KEYS if fields.has(each)}
        if entry.get("names") or entry.get("also_as_actor"):
            book[name] = entry
        elif not any(fields.has(each) for each in KEYS[:2]):
            fields.missing("names", "[...]", spoken=f'"{name}"')
    apart = [_group(node, entries, book, problems) for _, node in groups]
    return AliasBook.from_entries(book, [group for group in apart if len(group) > 1])


def _group(
    node: Node, entries: Mapping[str, object], book: Mapping[str, object], problems: Problems
) -> list[str]:
    if not isinstance(node, Sequence):
        problems.error(1, node, APART, f"{APART} takes lists of ids:  - [north-korea, south-korea]")
        return []
    group: list[str] = []
    for item in node.items:
        name = item.text if isinstance(item, Scalar) else ""
        if name in book:
            group.append(name)
        elif name not in entries and not problems.incomplete:
            problems.error(13, item, APART, f'There is no name "{name}".{did_you_mean(name, entries)}')
    return group
