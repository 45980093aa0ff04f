"""Does a question go by an index? The plans of the statements that it sends, as its database explains them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from claimwatch.storage.database import Database

BIG = 10_000  # rows; a smaller table is read whole as fast as through an index
_NAMED = re.compile(r"\b(\w+) AS (\w+)\b")
_SCAN = re.compile(r"^SCAN (\w+)(?! USING)(?! VIRTUAL)")
_BY = re.compile(r"USING (?:COVERING )?(?:INDEX (\w+)|(INTEGER PRIMARY KEY))")


@dataclass(frozen=True, slots=True)
class Plan:
    """By which indexes a question goes, and which big tables it reads whole."""

    indexes: tuple[str, ...]
    read_whole: tuple[str, ...]


def plan_of(database: Database, ask: Callable[[], object], rows: Mapping[str, int]) -> Plan:
    """Ask, and return how the database goes about it; `rows` is the size of each table."""
    with _statements() as sent:
        ask()
    indexes: dict[str, None] = {}
    whole: dict[str, None] = {}
    with database.write(alone=False) as c:
        explain = _explain_server if c.dialect.name == "postgresql" else _explain_file
        for statement, values in dict.fromkeys(sent):
            for table, index in explain(c, statement, sent[statement, values]):
                if index:
                    indexes[index] = None
                elif rows.get(table, 0) >= BIG:
                    whole[table] = None
    return Plan(tuple(indexes), tuple(whole))


@contextmanager
def _statements() -> Iterator[dict[tuple[str, str], Any]]:
    """Note what is sent meanwhile, by any engine."""
    sent: dict[tuple[str, str], Any] = {}

    def note(_: object, __: object, statement: str, values: Any, ___: object, many: bool) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "UPDATE", "INSERT", "DELETE", "WITH")):
            sent[statement, repr(values)] = values[0] if many else values

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)


def _explain_file(c: sa.Connection, statement: str, values: Any) -> Iterator[tuple[str, str]]:
    """Yield table and index ("" for none) of each step."""
    named = {alias: table for table, alias in _NAMED.findall(statement)}
    for row in c.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values):
        if found := _SCAN.match(row.detail):
            table = str(found[1])
            yield named.get(table, table), ""
        elif found := _BY.search(row.detail):
            yield "", str(found[1] or "primary key")


def _explain_server(c: sa.Connection, statement: str, values: Any) -> Iterator[tuple[str, str]]:
    (plan,) = c.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", values).scalar_one()
    steps = [plan["Plan"]]
    for step in steps:
        steps += step.get("Plans", [])
        if step["Node Type"] == "Seq Scan":
            yield step["Relation Name"], ""
        elif name := step.get("Index Name"):
            yield "", name
