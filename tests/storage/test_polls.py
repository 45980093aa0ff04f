from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from claimwatch.core.model import Band, Found, Item, Match, PollState
from claimwatch.core.novelty import content_hash, entry_key
from claimwatch.core.work import NewItem, PollOutcome
from claimwatch.errors import StorageError
from claimwatch.storage.assessing import SqlAssessStore
from claimwatch.storage.database import Database
from claimwatch.storage.life import SqlLives
from claimwatch.storage.place import Place
from claimwatch.storage.polling import EDITS_KEPT, SqlPollStore
from claimwatch.storage.reading import SqlReader
from tests.storage.refusing import refuse

NOW = datetime(2026, 7, 14, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ON_TOPIC = Match("troops", 0.9, Band.STRONG, (Found("who", "Avaria", "Avarian", "title", "inflected", 0.9),))


def new(title: str, id: str | None = None, *matches: Match, mode: str = "live") -> NewItem:
    item = Item(id or title, title=title, url="https://x.example/1", authors=("A. Writer",), published_at=NOW)
    return NewItem(item, entry_key(item), content_hash(item), matches, mode)


@pytest.fixture
def store(database: Database) -> SqlPollStore:
    polls = SqlPollStore(database)
    polls.register([PollState("a", NOW)])
    return polls


def take(store: SqlPollStore, *names: str, now: datetime = NOW, early: bool = False) -> list[str]:
    return [s.feed for s in store.take_due(names, now=now, lease=10 * MINUTE, limit=10, early=early)]


def test_a_feed_that_was_taken_is_not_taken_again_before_its_lease_ends(store: SqlPollStore) -> None:
    assert take(store, "a") == ["a"]
    assert take(store, "a", now=NOW + 9 * MINUTE) == []
    assert take(store, "a", now=NOW + 10 * MINUTE) == ["a"]


def test_a_commit_ends_the_lease_and_sets_the_next_time(store: SqlPollStore) -> None:
    take(store, "a")
    store.commit(PollOutcome(PollState("a", NOW + MINUTE, last_poll_at=NOW)), now=NOW)
    assert take(store, "a", now=NOW + MINUTE / 2) == []
    assert take(store, "a", now=NOW + MINUTE) == ["a"]


def test_what_a_killed_daemon_held_is_due_again(store: SqlPollStore) -> None:
    take(store, "a")
    store.release_leases()
    assert take(store, "a") == ["a"]


def test_the_longest_due_come_first_and_only_those_asked_for(store: SqlPollStore) -> None:
    store.register(
        [PollState("b", NOW - MINUTE), PollState("c", NOW - 2 * MINUTE), PollState("d", NOW + MINUTE)]
    )
    assert take(store, "a", "b", "d") == ["b", "a"]


def test_early_takes_what_is_not_due_but_not_where_a_server_asked_to_wait(store: SqlPollStore) -> None:
    later = NOW + 60 * MINUTE
    store.register([PollState("b", later), PollState("c", later, outcome="asked to wait 60 min")])
    assert sorted(take(store, "a", "b", "c", early=True)) == ["a", "b"]


def test_a_person_may_have_a_feed_polled_whose_server_asked_to_wait(store: SqlPollStore) -> None:
    store.register([PollState("c", NOW + 60 * MINUTE, outcome="asked to wait 60 min")])
    store.hasten(["c"], now=NOW)
    assert take(store, "c") == []
    store.hasten(["c"], now=NOW, override=True)
    assert take(store, "c") == ["c"]


def test_registering_again_forgets_nothing(store: SqlPollStore) -> None:
    known = PollState("a", NOW, last_poll_at=NOW, etag='"e"', items=3, url="https://a.example/rss")
    store.commit(PollOutcome(known), now=NOW)
    store.register([PollState("a", NOW + MINUTE)])
    (state,) = store.take_due({"a"}, now=NOW, lease=MINUTE, limit=1)
    assert state == known


def test_a_state_comes_back_as_it_was_stored(store: SqlPollStore) -> None:
    full = PollState(
        "a", NOW, NOW, NOW, NOW, "ok", "error", NOW, 1.5, '"e"', "Mon", "hash", 7, 12, "https://a.example"
    )
    store.commit(PollOutcome(full), now=NOW)
    assert store.take_due({"a"}, now=NOW, lease=MINUTE, limit=1) == [full]


def test_an_item_is_known_by_its_key_and_by_its_words(store: SqlPollStore) -> None:
    told = new("Avarian soldiers reach the coast of Norland", "id-1")
    store.commit(PollOutcome(PollState("a", NOW), (told,)), now=NOW)
    under_another_id = new("Avarian soldiers reach the coast of Norland", "id-2")
    assert store.known("a", ["id-1"], []) == {"id-1": told.hash}
    assert store.known("a", ["id-2"], [under_another_id.hash]) == {"id-1": told.hash}
    assert store.known("a", ["id-3"], [new("Something else").hash]) == {}
    assert store.known("b", ["id-1"], [told.hash]) == {}


def test_thousands_of_keys_are_looked_up(store: SqlPollStore) -> None:
    store.commit(PollOutcome(PollState("a", NOW), (new("One", "k-4999"),)), now=NOW)
    assert list(store.known("a", [f"k-{n}" for n in range(5000)], [])) == ["k-4999"]


def test_a_later_text_under_the_same_key_is_a_revision_and_live(
    store: SqlPollStore, database: Database
) -> None:
    first = new("Avaria sends soldiers", "id", ON_TOPIC, mode="old")
    store.commit(PollOutcome(PollState("a", NOW), (first,)), now=NOW)
    edited = new("Avaria sends no soldiers", "id", ON_TOPIC, mode="live")
    store.commit(PollOutcome(PollState("a", NOW), (edited,)), now=NOW + MINUTE)
    one, two = SqlAssessStore(database).take_live(limit=9)
    assert (one.id, one.revision, one.mode, one.known_on) == (two.id, 1, "old", frozenset())
    assert (two.revision, two.mode, two.known_on) == (2, "live", frozenset({"troops"}))
    assert two.item.title == "Avaria sends no soldiers"
    assert two.first_seen_at == NOW


def test_what_a_later_text_changed_is_kept_with_the_item_and_bounded(
    store: SqlPollStore, database: Database
) -> None:
    store.commit(PollOutcome(PollState("a", NOW), (new("Flood kills 0 people", "id"),)), now=NOW)
    for number in range(1, EDITS_KEPT + 6):
        edited = replace(new(f"Flood kills {number} people", "id"), edited=True)
        store.commit(PollOutcome(PollState("a", NOW), (edited,)), now=NOW + number * MINUTE)
    life = SqlLives(database).life(1)
    assert life is not None
    assert len(life.edits) == EDITS_KEPT
    last = life.edits[-1]
    assert (last.changed, last.revision, last.at) == ('title: "54" -> "55"', 56, NOW + 55 * MINUTE)


def test_an_item_and_its_match_come_back_as_they_were_stored(store: SqlPollStore, database: Database) -> None:
    stored = new("A title", "id", ON_TOPIC)
    store.commit(PollOutcome(PollState("a", NOW), (stored,)), now=NOW)
    (taken,) = SqlAssessStore(database).take_live(limit=9)
    assert taken.item == stored.item
    assert taken.matches == (ON_TOPIC,)


@pytest.mark.parametrize("step", ["items", "matches", "feeds"])
def test_a_poll_is_committed_whole_or_not_at_all(store: SqlPollStore, database: Database, step: str) -> None:
    """A trigger stands for whatever may stop a transaction at its first, second or last write."""
    with database.write() as c:
        refuse(c, step, "UPDATE" if step == "feeds" else "INSERT")
    outcome = PollOutcome(PollState("a", NOW + MINUTE, etag='"new"'), (new("x", "id", ON_TOPIC),))
    with pytest.raises(StorageError, match="stop"):
        store.commit(outcome, now=NOW)
    queues = SqlReader(database).queues()
    assert (queues.items, queues.matched) == (0, 0)
    (state,) = SqlReader(database).feeds()
    assert state.etag is None


def test_a_poll_that_was_committed_twice_is_stored_once(store: SqlPollStore, database: Database) -> None:
    outcome = PollOutcome(PollState("a", NOW + MINUTE), (new("x", "id", ON_TOPIC),))
    store.commit(outcome, now=NOW)
    store.commit(outcome, now=NOW + MINUTE)
    (taken,) = SqlAssessStore(database).take_live(limit=9)
    assert taken.revision == 1


def test_two_threads_write_at_once_and_nothing_is_lost(store: SqlPollStore, place: Place) -> None:
    other = Database(place)  # as a second program would, with a connection and a lock of its own
    stores = [store, store, SqlPollStore(other)]
    failed: list[BaseException] = []

    def poll(number: int) -> None:
        try:
            for n in range(20):
                outcome = PollOutcome(PollState("a", NOW), (new(f"item {number} {n}", None, ON_TOPIC),))
                stores[number].commit(outcome, now=NOW)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=poll, args=(n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    queues = SqlReader(other).queues()
    other.close()
    assert failed == []
    assert (queues.items, queues.matched) == (60, 60)


def test_a_reader_sees_the_state_before_a_commit_that_is_still_under_way(
    store: SqlPollStore, database: Database
) -> None:
    with database.write() as c:
        c.exec_driver_sql("UPDATE feeds SET outcome = 'half way'")
        assert [s.outcome for s in SqlReader(database).feeds()] == ["never polled"]
    assert [s.outcome for s in SqlReader(database).feeds()] == ["half way"]


def test_unpolled_counts_feeds_that_were_never_tried(store: SqlPollStore) -> None:
    store.register([PollState("b", NOW), PollState("c", NOW)])
    store.commit(PollOutcome(replace(PollState("b", NOW), last_poll_at=NOW)), now=NOW)
    assert store.unpolled({"a", "b"}) == 1
