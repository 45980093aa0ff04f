"""Stored items of the last days, for topics that came later."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import sqlalchemy as sa

from claimwatch.core.alerting import ALERTING
from claimwatch.core.model import Item, Match
from claimwatch.storage.database import Database
from claimwatch.storage.rows import ITEM_COLUMNS, match_row, to_item
from claimwatch.storage.schema import items, matches
from claimwatch.storage.upsert import insert

_A_READ = 500


class SqlLookBack:
    """Reads what is stored and adds matches to it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def items(self, *, since: datetime) -> Iterator[tuple[int, int, Item]]:
        """Give id, revision and text of what was seen and published since then, oldest first.

        Read in pieces, so that no view of the database is held for long.
        """
        last = 0
        while True:
            query = (
                sa.select(items.c.id, items.c.revision, *ITEM_COLUMNS)
                .where(
                    items.c.id > last,
                    items.c.first_seen_at >= since,
                    sa.func.coalesce(items.c.published_at, items.c.first_seen_at) >= since,
                )
                .order_by(items.c.id)
                .limit(_A_READ)
            )
            with self._database.read() as c:
                rows = c.execute(query).all()
            if not rows:
                return
            for row in rows:
                yield row.id, row.revision, to_item(row)
            last = rows[-1].id

    def commit(self, found: Sequence[tuple[int, int, Match]], *, now: datetime) -> int:
        """Store matches that wait for their topic's summary; return how many.

        A match that was known stays as it is, but for one that was too weak to be told and is not any more.
        """
        added = 0
        with self._database.write() as c:
            for item, revision, match in found:
                place = {"item": item, "revision": revision, "mode": "young", "matched_at": now}
                row = {**match_row(match), **place}
                statement = insert(c, matches).values(**row)
                if match.band in ALERTING:
                    statement = statement.on_conflict_do_update(
                        index_elements=[matches.c.item, matches.c.revision, matches.c.topic],
                        set_={**row, "assessed_at": None, "gate": None, "story": None},
                        where=matches.c.band.not_in([band.value for band in ALERTING]),
                    )
                else:
                    statement = statement.on_conflict_do_nothing()
                added += len(c.execute(statement.returning(matches.c.id)).all())
        return added
