"""The benchmark of size, in its shortest form: what it counts is so, how fast is not asserted."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from claimwatch.cli.bench_scale import command
from claimwatch.cli.bench_scale_plans import plan_of
from claimwatch.cli.bench_scale_rows import begin, fill
from claimwatch.cli.bench_scale_workers import measure
from claimwatch.storage.database import Database
from claimwatch.storage.place import Server
from claimwatch.storage.schema import items
from tests.postgres import Cluster

needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc: Linux only")


def test_both_databases_are_asked_the_same_and_their_plans_are_named(server: Server) -> None:
    given = ["--feeds", "200", "--items", "1000", "--on", server.url]
    result = CliRunner().invoke(command, given, catch_exceptions=False)
    assert "extrapolated to 10,000,000 items" in result.stdout
    assert "SQLite, tick: take due feeds: by ix_feeds_next_poll_at" in result.stdout
    assert "PostgreSQL, recall: evidence on a claim: by " in result.stdout
    assert "no question reads a table of 10,000 rows or more whole" in result.stdout


def test_a_database_with_anything_in_it_is_left_alone(server: Server) -> None:
    database = Database(server)
    begin(database, 3)
    database.close()
    result = CliRunner().invoke(command, ["--feeds", "2", "--items", "100", "--on", server.url])
    assert "is not empty: nothing was written there" in str(result.exception)


@pytest.mark.parametrize("kind", ["file", "server"])
def test_a_question_that_reads_a_big_table_whole_is_found_out(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    database = Database(tmp_path / "x.db" if kind == "file" else request.getfixturevalue("server"))
    begin(database, 10)
    fill(database, 10, 0, 400)

    def ask(where: sa.ColumnElement[bool]) -> None:
        with database.read() as c:
            c.execute(sa.select(items.c.id).where(where)).all()

    by_title = plan_of(database, lambda: ask(items.c.title == "Title 7"), {"items": 10_000})
    by_id = plan_of(database, lambda: ask(items.c.id == 7), {"items": 10_000})
    database.close()
    assert by_title.read_whole == ("items",)
    assert by_id.read_whole == ()
    assert by_id.indexes


@needs_proc
def test_real_workers_poll_match_and_tell(cluster: Cluster) -> None:
    (work,) = measure(cluster.url("postgres"), [1], 24)
    assert work.workers == 1
    assert min(work.feeds_per_s, work.items_per_s, work.alerts_per_s, work.cpu_ms) > 0
