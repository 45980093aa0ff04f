from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from claimwatch.storage.database import Database
from claimwatch.storage.leasing import SqlLeases, forget_old_leases
from claimwatch.storage.place import Server
from claimwatch.storage.schema import leases

SPAN = timedelta(minutes=5)
NONE = timedelta(0)


@pytest.fixture
def pair(server: Server) -> Iterator[tuple[SqlLeases, SqlLeases]]:
    """The leases of two processes."""
    database = Database(server)
    yield SqlLeases(database, "one"), SqlLeases(database, "two")
    database.close()


def test_what_one_holds_another_cannot_take_before_it_lets_go(pair: tuple[SqlLeases, SqlLeases]) -> None:
    one, two = pair
    assert one.take(["a"], span=SPAN)
    assert not two.take(["a"], span=SPAN)
    assert one.take(["a"], span=SPAN)
    two.release(["a"], rest=NONE)
    assert not two.take(["a"], span=SPAN)
    one.release(["a"], rest=NONE)
    assert two.take(["a"], span=SPAN)
    assert one.held() == {"a": "two"}


def test_all_are_taken_or_none(pair: tuple[SqlLeases, SqlLeases]) -> None:
    one, two = pair
    assert one.take(["b"], span=SPAN)
    assert not two.take(["a", "b", "c"], span=SPAN)
    assert one.held() == {"b": "one"}


def test_a_dead_holders_lease_ends_and_it_cannot_be_renewed_then(pair: tuple[SqlLeases, SqlLeases]) -> None:
    one, two = pair
    assert one.take(["a", "b"], span=NONE)
    assert two.take(["a"], span=SPAN)
    assert one.renew(["a", "b"], span=SPAN) == set()
    assert two.renew(["a", "b"], span=SPAN) == {"a"}


def test_what_rests_is_nobodys(pair: tuple[SqlLeases, SqlLeases]) -> None:
    one, two = pair
    assert one.take(["host x"], span=SPAN)
    one.release(["host x"], rest=SPAN)
    assert not two.take(["host x"], span=SPAN)


def test_of_many_that_want_the_same_at_once_one_gets_it(server: Server) -> None:
    database, got = Database(server), []

    def want(number: int) -> None:
        names = ["a", "b", "c"] if number % 2 else ["c", "b", "a"]
        if SqlLeases(database, str(number)).take(names, span=SPAN):
            got.append(number)

    threads = [threading.Thread(target=want, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 1
    database.close()


def test_leases_that_ended_long_ago_are_dropped(pair: tuple[SqlLeases, SqlLeases], server: Server) -> None:
    one, _ = pair
    assert one.take(["old"], span=-timedelta(days=2))
    assert one.take(["held"], span=SPAN)
    database = Database(server)
    forget_old_leases(database)
    with database.read() as c:
        assert list(c.execute(sa.select(leases.c.name)).scalars()) == ["held"]
    database.close()
