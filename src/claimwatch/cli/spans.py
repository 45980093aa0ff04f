"""Spans of time as people type them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import click

_SPAN = re.compile(r"(\d{1,5})\s?([hdw])")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


class Span(click.ParamType[timedelta]):
    """30d, 12h, 2w."""

    name = "span"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        if isinstance(value, timedelta):
            return value
        found = _SPAN.fullmatch(str(value).strip())
        if not found or not int(found[1]):
            self.fail(f'"{value}" is not a span of time. Write 30d, 12h or 2w.', param, ctx)
        return int(found[1]) * _UNITS[found[2]]
