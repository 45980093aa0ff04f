"""People's own words for alerts, tried out on an alert of every kind: what is broken, with file and line."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from claimwatch.channels.templates import templates_in
from claimwatch.cli.check_send import alert_of_test
from claimwatch.config.nodes import Node, Source
from claimwatch.config.problems import Problem, Problems, did_you_mean
from claimwatch.core.model import Alert, Change, Claim, Entry, Relation, Section, Standing
from claimwatch.core.wording import read

LIMIT = 100_000


def look_at_templates(folder: Path, *, now: datetime) -> list[Problem]:
    """Return a warning for each template that would not be used: alerts go out all the same."""
    from claimwatch.channels.templates import NAMES

    problems = Problems()
    readings = [read(alert, ZoneInfo("UTC")) for alert in _kinds(now)]
    for path, template in templates_in(folder):
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        source = Source(str(path), lines)
        if template is None:
            hint = did_you_mean(path.stem, NAMES)
            problems.warn(2, source, "", f'No channel takes its words from "{path.name}".{hint}')
            continue
        for reading in readings:
            template.attempt(reading, "desk", limit=LIMIT)
            if not template.problem:
                continue
            at = template.line
            place = Node(source, at, 1, len(source.line(at)) + 1) if at else source
            why = template.problem.removeprefix(f"line {at}: ")
            problems.warn(
                1, place, "", f"This template is not used, alerts go out in the built-in words: {why}"
            )
            break
    return list(problems.all())


def _kinds(now: datetime) -> list[Alert]:
    """Return an alert of each kind that a template has to word: full, of little, a summary, a digest."""
    bare = alert_of_test(now)
    claim = Claim("test", "test", "This is a claim.", short="A claim")
    full = replace(
        bare,
        relation=Relation.CONTRADICTS,
        claim=claim,
        change=Change("1 ship", "2 ships", 100.0),
        evidence="This is no claim.",
        marks=("no claim",),
        standing=Standing(1, 1, 1, 2, "disputed"),
        status_was="unverified",
    )
    entry = Entry(Relation.NEW, bare.report)
    return [
        full,
        bare,
        replace(bare, entries=(entry, entry)),
        replace(bare, reason="digest", sections=(Section("COUNTS", ("1 feed",)),)),
    ]
