"""The section `keep:` of claimwatch.yaml -> how long what comes in is kept."""

from __future__ import annotations

from datetime import timedelta

from claimwatch.config.fields import Fields
from claimwatch.config.nodes import Mapping
from claimwatch.config.problems import Problems
from claimwatch.config.settings import Keep

KEYS = ("items", "texts")
_LEAST = timedelta(days=7)  # reprints and topics that come later look back so far


def read_keep(node: Mapping | None, problems: Problems) -> Keep:
    """Return how long items and their long texts are kept."""
    keep = Keep()
    if node is None:
        return keep
    fields = Fields(node, "keep", KEYS, problems)
    found = {name: fields.span(name) for name in KEYS}
    for name, span in found.items():
        if span is not None and span < _LEAST:
            fields.error(
                31,
                fields.value(name),
                name,
                f"{name} takes 7d or more: later reports are compared with them.",
            )
    return Keep(items=found["items"] or keep.items, texts=found["texts"] or keep.texts)
