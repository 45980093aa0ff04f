from __future__ import annotations

import gc
import json

from click.testing import CliRunner

from claimwatch.cli.bench_reload import command
from claimwatch.core.collecting import MANY, uncollected


def test_bench_reload_measures_each_kind_of_change() -> None:
    result = CliRunner().invoke(command, ["--topics", "60", "--json"], catch_exceptions=False)
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["change"] for row in rows] == [
        "one topic edited", "one topic added", "all topics edited", "all names new"
    ]  # fmt: skip
    assert all(row["seconds"] > 0 and row["longest_stall_ms"] > 0 for row in rows)


def test_very_many_new_values_are_never_looked_through_for_cycles() -> None:
    frozen = gc.get_freeze_count()
    with uncollected():
        assert not gc.isenabled()
        few = [[n] for n in range(100)]
    assert gc.isenabled()
    assert gc.get_freeze_count() == frozen
    with uncollected():
        many = [[n] for n in range(2 * MANY)]
    assert gc.get_freeze_count() >= frozen + len(many) > len(few)
