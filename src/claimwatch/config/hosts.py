"""The section `hosts:` of claimwatch.yaml -> how fast single hosts are asked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping as AnyMapping
from dataclasses import replace
from datetime import timedelta

from claimwatch.config.fields import Fields
from claimwatch.config.nodes import Mapping
from claimwatch.config.problems import Problems
from claimwatch.core.model import Feed, HostPace
from claimwatch.core.pacing import PUBLIC_HOST

KEYS = ("at_once", "spacing")
_HOST = re.compile(r"[^\s/:@]+(\.[^\s/:@]+)*")
_LONGEST = timedelta(minutes=10)


def read_hosts(node: Mapping | None, problems: Problems) -> dict[str, HostPace]:
    """Return the pace of each host that is named."""
    paces: dict[str, HostPace] = {}
    for key, value in node.entries if node is not None else ():
        host = key.text.strip().lower()
        if not _HOST.fullmatch(host):
            problems.error(
                7,
                key,
                "hosts",
                f'"{key.text}" is not the name of a host. Write:  example.org: {{at_once: 1}}',
            )
        elif not isinstance(value, Mapping):
            problems.error(
                1, key, f"hosts, {host}", f"Say how it is asked:  {host}: {{at_once: 1, spacing: 10s}}"
            )
        else:
            fields = Fields(value, f"hosts, {host}", KEYS, problems)
            at_once = fields.whole("at_once", least=1, most=64)
            spacing = fields.span("spacing")
            if spacing is not None and spacing > _LONGEST:
                fields.error(31, fields.value("spacing"), "spacing", "spacing takes 0s to 10m.")
                spacing = None
            paces[host] = HostPace(
                at_once or PUBLIC_HOST.at_once, PUBLIC_HOST.spacing if spacing is None else spacing
            )
    return paces


def with_paces(feeds: Iterable[Feed], paces: AnyMapping[str, HostPace]) -> tuple[Feed, ...]:
    """Return the feeds, each with the pace of its host, or of the domain that its host is part of."""
    if not paces:
        return tuple(feeds)
    return tuple(replace(feed, pace=_pace(feed.host, paces)) for feed in feeds)


def _pace(host: str, paces: AnyMapping[str, HostPace]) -> HostPace | None:
    while host:
        if (pace := paces.get(host)) is not None:
            return pace
        host = host.partition(".")[2]
    return None
