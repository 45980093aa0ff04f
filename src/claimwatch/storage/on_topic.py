"""What was stored on topics, as people look through it for claims."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from itertools import groupby

import sqlalchemy as sa

from claimwatch.core.alerting import ALERTING
from claimwatch.core.suggesting import OnTopic
from claimwatch.storage.database import Database
from claimwatch.storage.rows import ITEM_COLUMNS, MATCH_COLUMNS, to_item, to_match
from claimwatch.storage.schema import items, matches


def texts_on_topic(
    database: Database,
    *,
    topics: Collection[str],
    since: datetime,
    publishers: Mapping[str, str],
    languages: Mapping[str, str | None],
) -> Iterator[OnTopic]:
    """Give the latest text of each item that came since then and is well on one of the topics.

    `publishers` and `languages` are those of the feeds, for items that name none. Raises: StorageError.
    """
    query = (
        sa.select(items.c.id, items.c.feed, items.c.first_seen_at, *ITEM_COLUMNS, *MATCH_COLUMNS)
        .join_from(
            items,
            matches,
            sa.and_(matches.c.item == items.c.id, matches.c.revision == items.c.revision),
        )
        .where(
            items.c.first_seen_at >= since,
            matches.c.band.in_([band.value for band in ALERTING]),
            matches.c.topic.in_(list(topics)),
        )
        .order_by(items.c.id, matches.c.score.desc(), matches.c.topic)
    )
    with database.read() as c:
        rows = c.execute(query).all()
    for _, group in groupby(rows, key=lambda row: row.id):
        first, *more = group
        item = to_item(first)
        found = [to_match(row) for row in (first, *more)]
        yield OnTopic(
            item=first.id,
            topics=tuple(match.topic for match in found),
            text=item.text,
            language=item.language or languages.get(first.feed),
            publisher=item.source or publishers.get(first.feed, first.feed),
            at=item.published_at or first.first_seen_at,
            found=tuple(each for match in found for each in match.found),
        )
