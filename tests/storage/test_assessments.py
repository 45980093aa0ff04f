from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from claimwatch.core.ledger import Evidence
from claimwatch.core.model import (
    Alert,
    Assessment,
    Band,
    Claim,
    Item,
    Match,
    PollState,
    Relation,
    Report,
    Stance,
)
from claimwatch.core.novelty import content_hash
from claimwatch.core.work import ALERTED, Finding, Findings, NewDelivery, NewItem, PollOutcome
from claimwatch.errors import StorageError
from claimwatch.storage.assessing import SqlAssessStore
from claimwatch.storage.database import Database
from claimwatch.storage.polling import SqlPollStore
from claimwatch.storage.reading import SqlReader
from tests.storage.refusing import refuse

NOW = datetime(2026, 7, 14, 8, tzinfo=UTC)
WEEK = timedelta(days=7)
CLAIM = Claim("t-5k", "troops", "Up to 5,000 soldiers may be sent.", "5,000 soldiers")


def on(topic: str, score: float = 0.9, band: Band = Band.STRONG) -> Match:
    return Match(topic, score, band, ())


def poll(database: Database, *items: tuple[str, tuple[Match, ...], str], now: datetime = NOW) -> None:
    polls = SqlPollStore(database)
    polls.register([PollState("a", NOW)])
    new = []
    for title, matches, mode in items:
        item = Item(title, title=title)
        new.append(NewItem(item, title, content_hash(item), matches, mode))
    polls.commit(PollOutcome(PollState("a", NOW), tuple(new)), now=now)


def says(item: int, stance: Stance = Stance.SUPPORTS, revision: int = 1) -> tuple[Evidence, Assessment]:
    piece = Evidence("t-5k", item, revision, stance, "Seoul", "Alpha", NOW, figure="6,000")
    return piece, Assessment(stance, 0.8, "words")


def finding(
    item: int, *evidence: tuple[Evidence, Assessment], gate: str = "counted", revision: int = 1
) -> Finding:
    return Finding(item, revision, item, gate, evidence)


def an_alert(fingerprint: str = "f1", code: str = "CODE22") -> Alert:
    return Alert(
        fingerprint, code, Relation.UPDATES, "first", "troops", "Troops", Report("T", "Alpha", item=1), NOW,
        claim=CLAIM, match=on("troops"),
    )  # fmt: skip


DESK = NewDelivery("desk", NOW, ("all",))


@pytest.fixture
def store(database: Database) -> SqlAssessStore:
    assess = SqlAssessStore(database)
    assess.register([CLAIM], now=NOW)
    return assess


def test_items_are_taken_oldest_first_with_all_their_matches(
    store: SqlAssessStore, database: Database
) -> None:
    poll(
        database,
        ("one", (on("troops"), on("arms")), "live"),
        ("two", (on("arms"),), "old"),
        ("off", (), "live"),
    )
    one, two = store.take_live(limit=10)
    assert [m.topic for m in one.matches] == ["troops", "arms"]
    assert (two.item.title, two.mode) == ("two", "old")
    assert store.waiting() == 3


def test_an_item_on_very_many_topics_is_taken_whole(store: SqlAssessStore, database: Database) -> None:
    wide = tuple(on(f"topic-{n}") for n in range(30))
    poll(database, ("one", wide, "live"), ("two", wide, "live"))
    assert [len(m.matches) for m in store.take_live(limit=2)] == [30]


def test_what_was_assessed_is_not_taken_again(store: SqlAssessStore, database: Database) -> None:
    poll(database, ("one", (on("troops"),), "live"))
    store.commit(Findings((finding(1, says(1)),)), now=NOW)
    assert store.take_live(limit=10) == []
    assert store.waiting() == 0


def test_what_a_first_poll_brought_waits_on_the_topic_it_fits_best(
    store: SqlAssessStore, database: Database
) -> None:
    poll(database, ("one", (on("troops", 0.7), on("arms", 0.9)), "young"), ("two", (on("troops"),), "young"))
    poll(database, ("three", (on("troops"),), "young"), now=NOW + timedelta(minutes=1))
    assert store.young_topics() == {"arms": NOW, "troops": NOW}
    assert [m.item.title for m in store.take_young("troops")] == ["two", "three"]
    (one,) = store.take_young("arms")
    assert [m.topic for m in one.matches] == ["troops", "arms"]
    assert store.take_live(limit=10) == []


def test_evidence_comes_back_with_whether_its_item_was_told(
    store: SqlAssessStore, database: Database
) -> None:
    poll(database, ("one", (on("troops"),), "live"), ("two", (on("troops"),), "old"))
    told = finding(1, says(1), gate=f"{ALERTED} UPDATES on t-5k (first)")
    store.commit(Findings((told, finding(2, says(2), gate="first poll: counted only"))), now=NOW)
    (first, second) = store.evidence(["t-5k"])["t-5k"]
    assert first == replace(says(1)[0], told=True)
    assert second == replace(says(2)[0], told=False)
    assert store.evidence(["unknown"]) == {"unknown": []}


def test_an_edited_claim_begins_anew_and_a_removed_one_is_archived(
    store: SqlAssessStore, database: Database
) -> None:
    poll(database, ("one", (on("troops"),), "live"))
    store.commit(Findings((finding(1, says(1)),)), now=NOW)
    store.register([replace(CLAIM, text="Up to 9,000 soldiers may be sent.")], now=NOW)
    assert store.evidence(["t-5k"]) == {"t-5k": []}
    assert SqlReader(database).claims()["t-5k"].revision == 2
    store.register([], now=NOW)
    assert SqlReader(database).claims() == {}
    store.register([CLAIM], now=NOW)
    assert SqlReader(database).claims()["t-5k"].revision == 3


def test_what_was_told_on_a_topic_lately_comes_back_oldest_first(
    store: SqlAssessStore, database: Database
) -> None:
    poll(database, ("long ago", (on("troops"),), "live"), now=NOW - 2 * WEEK)
    poll(database, ("one", (on("troops"), on("arms")), "live"), ("two", (on("troops"),), "live"))
    poll(database, ("waits", (on("troops"),), "live"), ("elsewhere", (on("ports"),), "live"))
    store.commit(Findings(tuple(finding(n) for n in (1, 2, 3, 5))), now=NOW)
    assert [t.text for t in store.told(["troops", "arms"], since=NOW - WEEK)] == ["one", "two"]


def test_an_alert_stored_twice_is_stored_once(store: SqlAssessStore, database: Database) -> None:
    poll(database, ("one", (on("troops"),), "live"))
    findings = Findings((finding(1),), ((an_alert(), (DESK,)),))
    store.commit(findings, now=NOW)
    store.commit(findings, now=NOW)
    (stored,) = SqlReader(database).alerts(limit=9)
    assert [d.receiver for d in stored.deliveries] == ["desk"]
    assert stored.alert == an_alert()


def test_two_alerts_that_draw_one_code_get_two(store: SqlAssessStore, database: Database) -> None:
    for fingerprint in ("f1", "f2", "f3"):
        store.commit(Findings((), ((an_alert(fingerprint), (DESK,)),)), now=NOW)
    codes = [s.alert.code for s in SqlReader(database).alerts(limit=9)]
    assert len(set(codes)) == 3
    assert all(SqlReader(database).alerts(limit=9, code=code.lower())[0].alert.code == code for code in codes)


def test_the_status_moves_also_where_nobody_is_alerted(store: SqlAssessStore, database: Database) -> None:
    store.commit(Findings((replace(finding(1), statuses=(("t-5k", "disputed"),)),)), now=NOW)
    row = SqlReader(database).claims()["t-5k"]
    assert (row.status, row.status_at) == ("disputed", NOW)
    store.commit(Findings((replace(finding(1), statuses=(("t-5k", "disputed"),)),)), now=NOW + WEEK)
    assert SqlReader(database).claims()["t-5k"].status_at == NOW


@pytest.mark.parametrize("step", ["evidence", "alerts", "deliveries"])
def test_findings_are_committed_whole_or_not_at_all(
    store: SqlAssessStore, database: Database, step: str
) -> None:
    poll(database, ("one", (on("troops"),), "live"))
    with database.write() as c:
        refuse(c, step)
    with pytest.raises(StorageError, match="stop"):
        store.commit(Findings((finding(1, says(1)),), ((an_alert(), (DESK,)),)), now=NOW)
    assert len(store.take_live(limit=9)) == 1
    assert store.evidence(["t-5k"]) == {"t-5k": []}
    assert SqlReader(database).alerts(limit=9) == []


def test_long_texts_that_matched_nothing_are_dropped_after_a_while_and_stay_known(
    store: SqlAssessStore, database: Database
) -> None:
    polls = SqlPollStore(database)
    polls.register([PollState("a", NOW)])
    item = Item("id", title="Off topic", content="long " * 100)
    new = NewItem(item, "id", content_hash(item), (), "live")
    polls.commit(PollOutcome(PollState("a", NOW), (new,)), now=NOW)
    store.forget_leftovers(before=NOW + 2 * WEEK, keep=WEEK)
    with database.read() as c:
        assert c.exec_driver_sql("SELECT content FROM items").scalar() == ""
    assert polls.known("a", ["id"], []) == {"id": new.hash}
