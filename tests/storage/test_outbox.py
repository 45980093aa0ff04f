from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from claimwatch.core.model import Alert, Receipt, Relation, Report
from claimwatch.core.work import Findings, NewDelivery
from claimwatch.storage.assessing import SqlAssessStore
from claimwatch.storage.database import Database
from claimwatch.storage.delivering import SqlDispatchStore
from claimwatch.storage.reading import SqlReader

NOW = datetime(2026, 7, 14, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def an_alert(n: int) -> Alert:
    return Alert(f"f{n}", f"CODE{n:02}", Relation.NEW, "first", "troops", "T", Report(f"title {n}", "A"), NOW)


@pytest.fixture
def outbox(database: Database) -> SqlDispatchStore:
    """Three alerts: all to the desk, the third also, gathering for ten minutes, to the boss."""
    desk, boss = NewDelivery("desk", NOW, ("all",)), NewDelivery("boss", NOW + 10 * MINUTE, ("all",))
    alerts = tuple((an_alert(n), (desk, boss) if n == 3 else (desk,)) for n in (1, 2, 3))
    SqlAssessStore(database).commit(Findings((), alerts), now=NOW)
    return SqlDispatchStore(database)


def take(
    outbox: SqlDispatchStore,
    now: datetime = NOW,
    *,
    each: int = 9,
    busy: tuple[str, ...] = (),
    hurry: bool = False,
) -> list[tuple[str, str]]:
    due = outbox.take_due(now=now, lease=5 * MINUTE, each=each, busy=busy, hurry=hurry)
    return [(d.delivery.receiver, d.alert.fingerprint) for d in due]


def test_what_is_due_is_taken_in_order_and_held(outbox: SqlDispatchStore) -> None:
    assert take(outbox) == [("desk", "f1"), ("desk", "f2"), ("desk", "f3")]
    assert take(outbox) == []
    assert len(take(outbox, NOW + 5 * MINUTE)) == 3


def test_no_receiver_takes_more_than_its_share(outbox: SqlDispatchStore) -> None:
    assert take(outbox, NOW + 10 * MINUTE, each=1) == [("desk", "f1"), ("boss", "f3")]


def test_a_busy_receiver_is_left_alone(outbox: SqlDispatchStore) -> None:
    assert take(outbox, NOW + 10 * MINUTE, busy=("desk",)) == [("boss", "f3")]


def test_in_a_hurry_nothing_waits_for_company_but_retries_wait(outbox: SqlDispatchStore) -> None:
    outbox.commit_retry(1, "451 later", due_at=NOW + MINUTE)
    assert take(outbox, hurry=True) == [("desk", "f2"), ("desk", "f3"), ("boss", "f3")]


def test_a_failed_delivery_is_due_again_at_its_time_with_its_bytes(outbox: SqlDispatchStore) -> None:
    outbox.store_message(1, b"the very bytes")
    outbox.commit_retry(1, "451 later", due_at=NOW + MINUTE)
    assert ("desk", "f1") not in take(outbox)
    (due,) = outbox.take_due(now=NOW + MINUTE, lease=MINUTE, each=9)
    assert (due.delivery.message, due.delivery.attempts) == (b"the very bytes", 1)


def test_a_retry_ends_the_lease(outbox: SqlDispatchStore) -> None:
    take(outbox)
    outbox.commit_retry(1, "451 later", due_at=NOW)
    assert take(outbox) == [("desk", "f1")]


def test_what_was_sent_or_refused_for_good_is_never_taken_again(
    outbox: SqlDispatchStore, database: Database
) -> None:
    outbox.commit_sent(1, Receipt("250 Ok", "remote-7"), now=NOW)
    outbox.commit_dead(2, "550 no such user", now=NOW)
    outbox.release_leases()
    assert take(outbox, NOW + 99 * MINUTE) == [("desk", "f3"), ("boss", "f3")]
    queues = SqlReader(database).queues()
    assert (queues.sent, queues.dead, queues.due) == (1, 1, 2)
    assert [s.error for s in SqlReader(database).failing_deliveries()] == ["550 no such user"]


def test_what_a_killed_daemon_held_is_due_again(outbox: SqlDispatchStore) -> None:
    take(outbox)
    outbox.release_leases()
    assert len(take(outbox)) == 3


def test_the_sent_log_tells_what_became_of_each_delivery(
    outbox: SqlDispatchStore, database: Database
) -> None:
    outbox.commit_retry(1, "451 later", due_at=NOW)
    outbox.commit_sent(1, Receipt("250 Ok"), now=NOW + MINUTE)
    (stored,) = SqlReader(database).alerts(limit=1, code="code01")
    (sent,) = stored.deliveries
    assert (sent.state, sent.attempts, sent.answer, sent.error, sent.settled_at) == (
        "sent", 2, "250 Ok", None, NOW + MINUTE,
    )  # fmt: skip
