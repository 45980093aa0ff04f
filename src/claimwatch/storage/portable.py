"""Text and JSON as both SQLite and PostgreSQL take it, and look into it."""

from __future__ import annotations

import json
import re
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


class json_length(GenericFunction[int]):
    """The number of elements under a key of a JSON column: `json_length(column, "key")`; 0 without any."""

    type = sa.Integer()
    inherit_cache = True


@compiles(json_length, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    column, key = (compiler.process(clause, **options) for clause in element.clauses)
    return f"coalesce(json_array_length({column}, '$.' || {key}), 0)"


@compiles(json_length, "postgresql")
def _on_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    column, key = (compiler.process(clause, **options) for clause in element.clauses)
    return f"coalesce(json_array_length({column} -> {key}), 0)"


def clean(text: str) -> str:
    """Return text as both databases take it: no NUL, and half characters replaced."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def dumps(value: object) -> str:
    """Return JSON as both databases take it and can look into."""
    return clean(_NUL.sub(r"\1", json.dumps(value, ensure_ascii=False)))
