"""A table that refuses to be written: stands for whatever may stop a transaction half way."""

from __future__ import annotations

import sqlalchemy as sa


def refuse(c: sa.Connection, table: str, event: str = "INSERT") -> None:
    """Have every such write fail with "stop"."""
    if c.dialect.name == "postgresql":
        c.exec_driver_sql(
            "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql "
            "AS $$ BEGIN RAISE EXCEPTION 'stop'; END $$"
        )
        c.exec_driver_sql(
            f"CREATE TRIGGER refuse BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse()"
        )
    else:
        c.exec_driver_sql(
            f"CREATE TRIGGER refuse BEFORE {event} ON {table} BEGIN SELECT RAISE(ABORT, 'stop'); END"
        )


def relent(c: sa.Connection) -> None:
    """Let it be written again."""
    postgresql = c.dialect.name == "postgresql"
    c.exec_driver_sql("DROP FUNCTION refuse CASCADE" if postgresql else "DROP TRIGGER refuse")
