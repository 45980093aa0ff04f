from __future__ import annotations

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from claimwatch.core.ledger import Evidence
from claimwatch.core.model import Assessment, Band, Item, Match, PollState, Stance
from claimwatch.core.novelty import NoveltyKind, content_hash, select_new
from claimwatch.core.work import Finding, Findings, NewItem, PollOutcome
from claimwatch.storage.assessing import SqlAssessStore
from claimwatch.storage.database import Database
from claimwatch.storage.forgetting import A_BATCH, forget_items
from claimwatch.storage.polling import SqlPollStore
from claimwatch.storage.schema import items, matches

NOW = datetime(2026, 7, 14, 8, tzinfo=UTC)
YEAR = timedelta(days=365)
ON_TOPIC = Match("troops", 0.9, Band.STRONG, ())


def poll(database: Database, *titles: str, at: datetime = NOW, matched: bool = False) -> SqlPollStore:
    store = SqlPollStore(database)
    store.register([PollState("a", NOW)])
    found = (ON_TOPIC,) if matched else ()
    new = [NewItem(i, i.id, content_hash(i), found, "live") for i in (Item(t, title=t) for t in titles)]
    store.commit(PollOutcome(PollState("a", NOW), tuple(new)), now=at)
    return store


def titles(database: Database) -> list[str]:
    with database.read() as c:
        return list(c.execute(sa.select(items.c.title).order_by(items.c.id)).scalars())


def test_what_is_old_goes_and_does_not_come_back_even_edited(database: Database) -> None:
    store = poll(database, "old")
    poll(database, "young", at=NOW + YEAR)
    assert forget_items(database, seen_before=NOW + timedelta(days=1)) == 1
    assert titles(database) == ["young"]
    shown = [Item("old", title="old"), Item("old", title="old, edited"), Item("new", title="new")]
    for item in shown[:2]:
        assert select_new([item], store.known("a", [item.id], [content_hash(item)])) == []
    assert len(select_new([shown[2]], store.known("a", ["new"], [content_hash(shown[2])]))) == 1


def test_an_id_that_is_used_for_another_story_is_news_also_after_its_first_was_deleted(
    database: Database,
) -> None:
    store = poll(database, "The minister visits the old harbour")
    forget_items(database, seen_before=NOW + YEAR)
    other = Item("The minister visits the old harbour", title="Rain floods a southern town tonight")
    (novelty,) = select_new([other], store.known("a", [other.id], [content_hash(other)]))
    assert novelty.kind is NoveltyKind.NEW
    assert novelty.key != other.id


def test_a_page_that_was_edited_lately_stays_however_old_it_is(database: Database) -> None:
    store = poll(database, "situation report")
    later = Item("situation report", title="situation report", summary="A new day.")
    new = NewItem(later, later.id, content_hash(later), (), "live", edited=True)
    store.commit(PollOutcome(PollState("a", NOW), (new,)), now=NOW + YEAR)
    assert forget_items(database, seen_before=NOW + timedelta(days=1)) == 0
    assert forget_items(database, seen_before=NOW + 2 * YEAR) == 1


def test_what_was_quoted_or_waits_stays(database: Database) -> None:
    poll(database, "quoted", "only matched", "waits", matched=True)
    ledger = SqlAssessStore(database)
    piece = Evidence("t-5k", 1, 1, Stance.SUPPORTS, "Seoul", "Alpha", NOW)
    quoted = Finding(1, 1, 1, "counted", ((piece, Assessment(Stance.SUPPORTS, 0.8)),))
    ledger.commit(Findings((quoted, Finding(2, 1, 2, "says nothing of a claim"))), now=NOW)
    assert forget_items(database, seen_before=NOW + YEAR) == 1
    assert titles(database) == ["quoted", "waits"]
    with database.read() as c:
        assert c.execute(sa.select(sa.func.count()).select_from(matches)).scalar_one() == 2


def test_much_goes_in_bounded_pieces(database: Database) -> None:
    poll(database, *(f"item {n}" for n in range(A_BATCH + 10)))
    assert forget_items(database, seen_before=NOW + YEAR, most=1) == A_BATCH
    assert len(titles(database)) == 10
    assert forget_items(database, seen_before=NOW + YEAR) == 10
