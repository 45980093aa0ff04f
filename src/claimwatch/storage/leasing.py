"""Who works on what, among the processes that share a PostgreSQL server; its clock decides."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

import sqlalchemy as sa

from claimwatch.storage.database import Database
from claimwatch.storage.schema import leases
from claimwatch.storage.upsert import insert


class SqlLeases:
    """Leases of one process. All raise StorageError."""

    def __init__(self, database: Database, holder: str) -> None:
        self._database = database
        self._holder = holder

    def take(self, names: Collection[str], *, span: timedelta) -> bool:
        """Hold all of these for `span`, or, when another holds one of them, none; return which."""
        try:
            with self._database.write(alone=False) as c:
                for name in sorted(names):  # in one order: two that want the same never wait for each other
                    values = {"holder": self._holder, "until_at": sa.func.clock_timestamp() + span}
                    statement = insert(c, leases).values(name=name, **values)
                    statement = statement.on_conflict_do_update(
                        index_elements=[leases.c.name],
                        set_=values,
                        where=(leases.c.until_at <= sa.func.clock_timestamp())
                        | (leases.c.holder == self._holder),
                    )
                    if c.execute(statement.returning(leases.c.name)).first() is None:
                        raise _Taken
        except _Taken:
            return False
        return True

    def renew(self, names: Collection[str], *, span: timedelta) -> set[str]:
        """Hold these for `span` from now on; return those that are still ours."""
        with self._database.write(alone=False) as c:
            ours = self._ours(c, names)
            query = sa.update(leases).where(leases.c.name.in_(ours))
            c.execute(query.values(until_at=sa.func.clock_timestamp() + span))
        return ours

    def release(self, names: Collection[str], *, rest: timedelta) -> None:
        """Let go of these; others may have them after `rest`."""
        with self._database.write(alone=False) as c:
            mine = leases.c.name.in_(self._ours(c, names))
            if rest:
                c.execute(sa.update(leases).where(mine).values(until_at=sa.func.clock_timestamp() + rest))
            else:
                c.execute(sa.delete(leases).where(mine))

    def _ours(self, c: sa.Connection, names: Collection[str]) -> set[str]:
        ours = leases.c.name.in_(names) & (leases.c.holder == self._holder)
        ours &= leases.c.until_at > sa.func.clock_timestamp()
        query = sa.select(leases.c.name).where(ours).order_by(leases.c.name).with_for_update()
        return set(c.execute(query).scalars())

    def held(self) -> dict[str, str]:
        """Return what is held or rests now, with its holder."""
        query = sa.select(leases.c.name, leases.c.holder).where(leases.c.until_at > sa.func.clock_timestamp())
        with self._database.read() as c:
            return {row.name: row.holder for row in c.execute(query)}


def forget_old_leases(database: Database) -> None:
    """Drop what ended long ago: hosts, topics and processes come and go. Raises: StorageError."""
    day = timedelta(days=1)
    with database.write(alone=False) as c:
        c.execute(sa.delete(leases).where(leases.c.until_at < sa.func.clock_timestamp() - day))


class _Taken(Exception):
    """Another holds it: what was taken with it is let go by the end of the transaction."""
