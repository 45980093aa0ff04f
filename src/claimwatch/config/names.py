"""names.yaml -> the alias book: what things are called, and what must not be confused."""

from __future__ import annotations

from claimwatch.config.fields import Fields
from claimwatch.config.nodes import Mapping, Sequence
from claimwatch.config.problems import Problems
from claimwatch.core.aliases import AliasBook

KEYS = ("names", "also_as_actor", "signs")
APART = "must_not_confuse"


def read_names(node: Mapping | None, problems: Problems) -> AliasBook:
    """Return the alias book: one entry a thing, and under `must_not_confuse` lists of their ids."""
    if node is None:
        return AliasBook()
    fields = Fields(node, "names", (), problems, others=True)
    entries: dict[str, dict[str, tuple[str, ...]]] = {}
    for name, (key, value) in fields.values.items():
        if name == APART:
            continue
        if not isinstance(value, Mapping):
            problems.error(1, key, f"name {name}", f"A thing takes its names:  {name}: {{names: [...]}}")
            continue
        inner = Fields(value, f"name {name}", KEYS, problems)
        entry = {each: inner.texts(each) for each in KEYS if inner.has(each)}
        if any(entry.get(each) for each in ("names", "also_as_actor")):
            entries[name] = entry
        else:
            inner.missing("names", "[...]", spoken=f'"{name}"')
    apart = _groups(fields, entries, problems)
    return AliasBook() if problems.failed else AliasBook.from_entries(entries, apart)


def _groups(
    fields: Fields, entries: dict[str, dict[str, tuple[str, ...]]], problems: Problems
) -> list[list[str]]:
    if not fields.has(APART):
        return []
    node = fields.value(APART)
    groups: list[list[str]] = []
    if not isinstance(node, Sequence):
        problems.error(1, fields.key(APART), APART, f"{APART} takes lists:  - [north-korea, south-korea]")
        return []
    for item in node.items:
        named = fields.as_texts(item, item, APART)
        for name, place in named:
            if name not in entries and not problems.failed:
                problems.error(13, place, APART, f'There is no entry "{name}" in this file.')
        groups.append([name for name, _ in named if name in entries])
    return groups
