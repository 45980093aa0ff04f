"""What holds on a PostgreSQL server only: many processes, and a server that can be away."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from claimwatch.core.model import PollState
from claimwatch.errors import StorageError
from claimwatch.storage.database import Database
from claimwatch.storage.place import Server
from claimwatch.storage.polling import SqlPollStore
from claimwatch.storage.schema import feeds
from tests.postgres import Cluster, server_of

NOW = datetime(2026, 7, 14, 8, tzinfo=UTC)
HOLD = NOW - NOW


def test_several_processes_that_start_at_once_build_one_schema(cluster: Cluster, tmp_path: Path) -> None:
    cluster.create("several")
    server, failed = server_of(cluster, "several", tmp_path), []

    def start() -> None:
        try:
            Database(server).close()
        except StorageError as error:
            failed.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert server.exists()
    cluster.drop("several")


def test_a_database_of_another_program_is_refused_and_left_as_it_is(cluster: Cluster, tmp_path: Path) -> None:
    cluster.create("recipes")
    cluster.execute("CREATE TABLE items (name text)", "recipes")
    server = server_of(cluster, "recipes", tmp_path)
    with pytest.raises(StorageError, match=r"holds tables of another program \(items\)"):
        Database(server)
    assert not server.exists()
    cluster.drop("recipes")


def test_what_is_read_before_a_write_still_holds_when_it_is_committed(server: Server) -> None:
    databases = [Database(server), Database(server)]
    SqlPollStore(databases[0]).register([PollState("a", NOW)])

    def count(database: Database) -> None:
        for _ in range(20):
            with database.write() as c:
                polls = c.execute(sa.select(feeds.c.polls)).scalar_one()
                c.execute(sa.update(feeds).values(polls=polls + 1))

    threads = [threading.Thread(target=count, args=(database,)) for database in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with databases[0].read() as c:
        assert c.execute(sa.select(feeds.c.polls)).scalar_one() == 40
    for database in databases:
        database.close()


def test_what_another_takes_at_this_moment_is_left_to_it(server: Server) -> None:
    database = Database(server)
    store = SqlPollStore(database)
    store.register([PollState("a", NOW), PollState("b", NOW)])
    with database.write(alone=False) as c:
        c.execute(sa.select(feeds).where(feeds.c.feed == "a").with_for_update())
        taken = store.take_due({"a", "b"}, now=NOW, lease=HOLD, limit=9)
    assert [state.feed for state in taken] == ["b"]
    database.close()


def test_nul_and_half_characters_are_taken_out_of_text_and_json(server: Server) -> None:
    database = Database(server)
    with database.write() as c:
        kept = c.execute(
            sa.text("SELECT cast(:text AS json) -> 'a' ->> 0").bindparams(
                sa.bindparam("text", {"a": ["x\x00\ud83dy \\u0000"]}, type_=sa.JSON)
            )
        ).scalar()
    assert kept == "x?y \\u0000"
    SqlPollStore(database).register([PollState("a\x00b", NOW)])
    assert SqlPollStore(database).unpolled({"ab"}) == 1
    database.close()


@pytest.mark.parametrize(
    ("database", "says"),
    [
        ("nowhere", "is not there .* Make it:  createdb claimwatch"),
        ("postgres?user=nobody", "refuses the user or password"),
    ],
)
def test_a_server_that_refuses_is_told_with_the_remedy(
    cluster: Cluster, tmp_path: Path, database: str, says: str
) -> None:
    with pytest.raises(StorageError, match=says):
        Database(server_of(cluster, database, tmp_path))


def test_a_server_that_is_away_is_named_and_no_password_is(tmp_path: Path) -> None:
    server = Server("postgresql://desk:s3cret@127.0.0.1:1/news", tmp_path / "claimwatch.db")
    with pytest.raises(StorageError, match="cannot be reached") as away:
        Database(server)
    assert str(away.value).startswith("postgresql://desk@127.0.0.1:1/news: ")
    assert "s3cret" not in str(away.value) + repr(server) + str(server)


def test_work_goes_on_after_the_server_cut_all_connections(cluster: Cluster, server: Server) -> None:
    database = Database(server)
    store = SqlPollStore(database)
    store.register([PollState("a", NOW)])
    cluster.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        f"WHERE datname = '{sa.make_url(server.url).database}'"
    )
    assert store.unpolled({"a"}) == 1
    database.close()
