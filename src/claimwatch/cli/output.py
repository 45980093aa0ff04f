"""What commands print: sentences and tables that fit the terminal, and JSON Lines."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import zip_longest
from typing import Any

import click

from claimwatch.core.columns import GLUE, width, wrap

COLUMNS = 80  # of the narrowest terminal that people still use
_PIPED = 200  # without a terminal nobody measures the width, and lines are better whole
_NARROWEST = 8  # columns that a cell keeps when a table is squeezed
_GAP = 2


def say(text: str, *, first: str = "", indent: str = "", err: bool = False) -> None:
    """Print a text, broken so that it fits; the lines after the first are indented.

    A path or address that is longer than a line stays whole, and two blanks set a command off.
    """
    for line in fitted(text, first=first, indent=indent):
        click.echo(line, err=err)


def fitted(text: str, *, first: str = "", indent: str = "") -> list[str]:
    """Return a text as lines that fit, as `say` prints it."""
    sentence, *set_off = text.split("  ")
    room = COLUMNS - len(indent)
    for part in set_off:  # a command is read, and copied, in one piece
        sentence += f" {GLUE}{part.replace(' ', GLUE) if width(part) < room else part}"
    words = sentence.split(" ")
    if max(map(width, words)) <= room:
        lines = wrap(sentence, first=first, indent=indent, columns=COLUMNS)
        return [f" {line}" if n and line.startswith(f"{indent} ") else line for n, line in enumerate(lines)]
    lines, begun = [first], False
    for word in words:
        size = width(word)
        if begun and size <= room and width(lines[-1]) + 1 + size > COLUMNS:
            lines.append(indent + word)
        else:
            lines[-1] += f" {word}" if begun else word
        begun = True
    return [line.replace(GLUE, " ").rstrip() for line in lines]


def echo_json(rows: Iterable[Mapping[str, Any]]) -> None:
    """Print one JSON object a line."""
    for row in rows:
        click.echo(json.dumps(row, ensure_ascii=False, default=_json_value))


def _json_value(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def echo_table(
    columns: Sequence[str], rows: Iterable[Sequence[str]], *, below: Iterable[str] | None = None
) -> None:
    """Print a plain aligned table; `below` has a text for each row that stands under it, indented.

    Too wide for the terminal, the widest columns are folded.
    """
    most = shutil.get_terminal_size((_PIPED, 24)).columns
    cells = [tuple(row) for row in rows]
    widths = _widths([tuple(columns), *cells], most)
    click.secho(_lines(columns, widths)[0], bold=True)
    click.echo("─" * min(most, sum(widths) + _GAP * (len(widths) - 1)))
    for row, under in zip(cells, below if below is not None else ("",) * len(cells), strict=True):
        for line in _lines(row, widths):
            click.echo(line)
        if under:
            for line in wrap(under, first="  ", indent="  ", columns=min(most, COLUMNS)):
                click.echo(line)


def _widths(rows: Sequence[Sequence[str]], most: int) -> list[int]:
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    least = [min(size, max(_NARROWEST, width(name))) for size, name in zip(widths, rows[0], strict=True)]
    while sum(widths) + _GAP * (len(widths) - 1) > most:
        spare = [size - low for size, low in zip(widths, least, strict=True)]
        widest = max(range(len(widths)), key=lambda i: (spare[i] > 0, widths[i]))
        if spare[widest] <= 0:
            break
        widths[widest] -= 1
    return widths


def _lines(cells: Sequence[str], widths: Sequence[int]) -> list[str]:
    folded = [wrap(cell, columns=size) for cell, size in zip(cells, widths, strict=True)]
    return [
        (" " * _GAP)
        .join(part + " " * (size - width(part)) for part, size in zip(parts, widths, strict=True))
        .rstrip()
        for parts in zip_longest(*folded, fillvalue="")
    ]
