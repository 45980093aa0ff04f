"""A config read back in words, as `check` prints it: what is followed, and how figures were understood."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from pathlib import Path

from claimwatch.config.claim_advice import written_day
from claimwatch.config.fields import spoken
from claimwatch.config.problems import WIDTH, Problem
from claimwatch.config.settings import Settings
from claimwatch.core.figures import figure_of
from claimwatch.core.model import Claim, Feed, Topic
from claimwatch.language.quantity import describe

_LABEL = 11  # columns before what is said of feeds, topics ...
MOST = 200  # findings printed; who has more mends these first
_MANY = 12  # claims with a figure that are read back one a line


def summary(
    settings: Settings, *, name: str, lines: int, examples: int | None, tests: int | None = None
) -> str:
    """Return the summary; `examples` and `tests` are how many gave what they expect."""
    files = len(settings.files)
    told = [f"{name}, {_count(files, 'file') + ', ' if files != 1 else ''}{_count(lines, 'line')}"]
    told += _row(_count(len(settings.feeds), "feed"), [_feed(feed) for feed in settings.feeds], shown=6)
    told += _row(
        _count(len(settings.topics), "topic"), [_topic(topic) for topic in settings.topics], shown=20
    )
    told += _claims(settings.claims)
    if examples:
        told.append(f"  {_count(examples, 'example')} as expected")
    if tests:
        told.append(f"  {_count(tests, 'test')} of alerts as expected")
    told += _routes(settings)
    return "\n".join(told)


def report(findings: Sequence[Problem], *, strict: bool = False) -> str:
    """Return errors in full and warnings in a line each, with how many there are; "" without any."""
    errors = [finding for finding in findings if finding.severity == "error"]
    warnings = [finding for finding in findings if finding.severity == "warning"]
    told = [f"{error.render()}\n" for error in errors[:MOST]]
    if len(errors) > MOST:
        told.append(f"and {len(errors) - MOST:,} more errors (--json lists them all)\n")
    if warnings:
        told.append(
            _count(len(warnings), "warning") + (" (--strict counts them as errors)" if strict else "")
        )
        told += [warning.indented() for warning in warnings[:MOST]]
        if len(warnings) > MOST:
            told.append(f"  and {len(warnings) - MOST:,} more (--json lists them all)")
    if errors:
        told.append(_count(len(errors), "error"))
    return "\n".join(told)


def count_lines(files: Sequence[Path]) -> int:
    """Return how many lines the files have."""
    return sum(len(file.read_bytes().splitlines()) for file in files)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _row(label: str, parts: Sequence[str], *, shown: int) -> list[str]:
    kept = list(parts[:shown])
    if len(parts) > shown:
        kept.append(f"and {len(parts) - shown:,} more")
    return _flowed(f"  {label}".ljust(_LABEL) + "  ", kept, " | ")


def _flowed(label: str, parts: Sequence[str], between: str) -> list[str]:
    """Return parts in lines of at most 80 columns; the next line begins where the first part did."""
    lines = [label + (parts[0] if parts else "")]
    for part in parts[1:]:
        longer = lines[-1] + between + part
        if len(longer) <= WIDTH:
            lines[-1] = longer
        else:
            lines[-1] = (lines[-1] + between).rstrip()
            lines.append(" " * len(label) + part)
    return [line.rstrip() for line in lines]


def _feed(feed: Feed) -> str:
    every = f" {spoken(feed.every)}" if feed.every else ""
    marks = [feed.reliability]
    if feed.wire:
        marks.append("wire")
    if feed.near:
        marks.append(f"near {feed.near}")
    return f"{feed.name}{every} [{', '.join(marks)}]"


def _topic(topic: Topic) -> str:
    names = sum(len(line.names) for line in topic.lines)
    return f"{topic.id}: {_count(names, 'name')} in {_count(len(topic.lines), 'line')}"


def _claims(claims: Sequence[Claim]) -> list[str]:
    label = f"  {_count(len(claims), 'claim')}".ljust(_LABEL) + "  "
    read: list[tuple[str, str]] = []
    bare: list[str] = []
    for claim in claims:
        figure = figure_of(claim)
        until = f", until {written_day(claim.until)}" if claim.until else ""
        if figure is not None:
            read.append((claim.id, f"reads as: {describe(figure)}{until}"))
        elif until:
            read.append((claim.id, f"no figure{until}"))
        else:
            bare.append(claim.id)
    width = max((len(name) for name, _ in read[:_MANY]), default=0)
    lines: list[str] = []
    for name, words in read[:_MANY]:
        hang = " " * min(width + 2, 40)
        # A date is not torn apart.
        whole = re.sub(r"(\d+) (\w{3}) (\d{4})$", "\\1\u00a0\\2\u00a0\\3", f"{name.ljust(width)}  {words}")
        wrapped = textwrap.wrap(whole, WIDTH - len(label), subsequent_indent=hang, break_on_hyphens=False)
        lines += [line.replace("\u00a0", " ") for line in wrapped]
    if len(read) > _MANY:
        lines.append(f"and {len(read) - _MANY:,} more with a figure")
    if bare:
        kept = bare[:_MANY] + ([f"and {len(bare) - _MANY:,} more"] if len(bare) > _MANY else [])
        kept[-1] += ": no figure"
        lines += [line[len(label) :] for line in _flowed(" " * len(label), kept, ", ")]
    if not lines:
        return [label.rstrip()]
    return [label + lines[0], *(" " * len(label) + line for line in lines[1:])]


def _routes(settings: Settings) -> list[str]:
    written = any(key.startswith("route ") for key in settings.places)
    if written:
        label = f"  {_count(len(settings.routes), 'route')}".ljust(_LABEL)
        return [f"{label}  every alert reaches someone"]
    if any(key.startswith("channel ") for key in settings.places):
        return [f"  no route   every alert goes to {', '.join(settings.receivers)}"]
    return ["  no route   every alert goes to the terminal and to var/alerts.jsonl"]
