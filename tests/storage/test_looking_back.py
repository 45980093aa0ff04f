from __future__ import annotations

from datetime import UTC, datetime, timedelta

from claimwatch.core.model import Band, Item, Match, PollState
from claimwatch.core.novelty import content_hash
from claimwatch.core.work import Finding, Findings, NewItem, PollOutcome
from claimwatch.storage.assessing import SqlAssessStore
from claimwatch.storage.database import Database
from claimwatch.storage.looking_back import SqlLookBack
from claimwatch.storage.polling import SqlPollStore

NOW = datetime(2026, 7, 14, 12, tzinfo=UTC)
WEEK = timedelta(days=7)


def store(
    database: Database, title: str, *matches: Match, ago: timedelta, published: timedelta | None
) -> None:
    item = Item(title, title=title, published_at=None if published is None else NOW - published)
    new = NewItem(item, title, content_hash(item), matches, "live")
    SqlPollStore(database).commit(PollOutcome(PollState("a", NOW), (new,)), now=NOW - ago)


def match(topic: str, band: Band) -> Match:
    return Match(topic, 0.9 if band is Band.STRONG else 0.6, band, ())


def test_it_gives_what_was_seen_and_published_in_the_span_in_order(database: Database) -> None:
    day = timedelta(days=1)
    store(database, "old", ago=8 * day, published=None)
    store(database, "published long ago", ago=day, published=20 * day)
    store(database, "undated", ago=2 * day, published=None)
    store(database, "fresh", ago=day, published=day)
    given = [item.title for _, _, item in SqlLookBack(database).items(since=NOW - WEEK)]
    assert given == ["undated", "fresh"]


def test_what_was_told_stays_and_what_was_too_weak_waits_for_the_summary(database: Database) -> None:
    hour = timedelta(hours=1)
    store(database, "told", match("dam", Band.STRONG), ago=hour, published=None)
    store(database, "weak", match("dam", Band.WEAK), ago=hour, published=None)
    store(database, "off", ago=hour, published=None)
    ledger = SqlAssessStore(database)
    ledger.commit(Findings((Finding(1, 1, 1, "alert NEW"), Finding(2, 1, 2, "match weak"))), now=NOW)
    back = SqlLookBack(database)
    found = [(n, 1, match("dam", Band.STRONG)) for n in (1, 2, 3)]
    assert back.commit(found, now=NOW) == 2
    assert [m.item.title for m in ledger.take_young("dam")] == ["weak", "off"]
    assert back.commit(found, now=NOW) == 0


def test_a_finding_on_one_topic_leaves_what_waits_on_another(database: Database) -> None:
    store(database, "both", match("dam", Band.STRONG), ago=timedelta(hours=1), published=None)
    ledger, back = SqlAssessStore(database), SqlLookBack(database)
    back.commit([(1, 1, match("lake", Band.STRONG))], now=NOW)
    ledger.commit(Findings((Finding(1, 1, 1, "alert NEW", topics=("dam",)),)), now=NOW)
    assert [m.matches[0].topic for m in ledger.take_young("lake")] == ["lake"]
    assert ledger.take_live(limit=5) == []
