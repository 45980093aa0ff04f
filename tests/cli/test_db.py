from __future__ import annotations

import json
from pathlib import Path

import pytest

from claimwatch.config import load
from claimwatch.core.model import PollState
from claimwatch.storage.checkup import TableSize, advise
from claimwatch.storage.database import Database
from claimwatch.storage.migrate import HEAD
from claimwatch.storage.place import Server
from tests.cli.conftest import NOW, Claimwatch, Past


def test_check_tells_that_a_database_is_sound_and_what_lies_in_it(
    claimwatch: Claimwatch, config: Path, past: Past
) -> None:
    past.polled("Alpha")
    said = claimwatch("db", "check", "--config", config)
    assert said.code == 0
    assert f"schema {HEAD}" in said.out
    assert said.out.endswith("all well\n")
    (seen,) = map(json.loads, claimwatch("db", "check", "--config", config, "--json").out.splitlines())
    assert seen["tables"]["items"]["rows"] == 1
    assert seen["problems"] == []


def test_check_finds_what_is_broken_and_changes_nothing(
    claimwatch: Claimwatch, config: Path, past: Past
) -> None:
    with past.database.write() as c:
        c.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    past.database.close()
    said = claimwatch("db", "check", "--config", config)
    assert said.code == 1
    assert f"its schema is 0001, this program's is {HEAD}: claimwatch db upgrade" in said.out


def test_before_the_first_start_there_is_nothing_to_check(claimwatch: Claimwatch, config: Path) -> None:
    said = claimwatch("db", "check", "--config", config)
    assert (said.code, "Nothing is stored yet" in said.err) == (1, True)


def test_upgrade_makes_the_tables(claimwatch: Claimwatch, config: Path) -> None:
    assert claimwatch("db", "upgrade", "--config", config).code == 0
    assert claimwatch("db", "check", "--config", config).code == 0


@pytest.fixture
def on_server(config: Path, server: Server) -> Past:
    """The same past, on PostgreSQL."""
    (config / "claimwatch.yaml").write_text(f"storage: {server.url}\n")
    settings = load(config, environ={})
    past = Past(Database(settings.storage))
    past.ledger.register(settings.claims, now=NOW)
    return past


def test_people_see_and_judge_what_is_stored_on_a_server(
    claimwatch: Claimwatch, config: Path, on_server: Past
) -> None:
    on_server.polls.register(PollState(name, next_poll_at=NOW) for name in ("Alpha", "Beta"))
    for command in (
        ["status"],
        ["alerts", "list"],
        ["claims", "list"],
        ["topics", "list"],
        ["feeds", "list"],
    ):
        assert "postgres:" not in claimwatch(*command, "--config", config).err
    on_server.polled("Alpha")
    on_server.alerted("k7m2qd")
    on_server.sent(1)
    assert "1 stored, 1 on topic" in claimwatch("status", "--config", config).out
    assert "k7m2qd" in claimwatch("alerts", "list", "--config", config).out
    assert "k7m2qd" in claimwatch("explain", "k7m2qd", "--config", config).out
    assert claimwatch("alerts", "wrong", "k7m2qd", "--why", "topic", "--config", config).code == 0
    assert claimwatch("mute", "harbour", "3d", "drill", "--config", config).code == 0
    assert "harbour" in claimwatch("mutes", "--config", config).out
    on_server.database.close()


def test_a_server_that_is_away_is_told_in_one_line(
    claimwatch: Claimwatch, config: Path, tmp_path: Path
) -> None:
    (config / "claimwatch.yaml").write_text("storage: postgresql://desk@127.0.0.1:1/news\n")
    said = claimwatch("status", "--config", config)
    assert said.code == 1
    assert " ".join(said.err.split()).startswith(
        "claimwatch: postgresql://desk@127.0.0.1:1/news: cannot be reached"
    )
    assert "Traceback" not in said.err


def test_large_tables_get_advice_that_can_be_typed() -> None:
    small, large, tuned = (
        TableSize("feeds", 100_000, None), TableSize("matches", 6_000_000, 1), TableSize("items", 6_000_000, 1, 0, True)
    )  # fmt: skip
    (said,) = advise([small, large, tuned], server=True)
    assert said.endswith("ALTER TABLE matches SET (autovacuum_vacuum_scale_factor = 0.01)")
    (said,) = advise([small, TableSize("items", 10_000_000, None)], server=False)
    assert said.startswith("items is large: keep less of it")
