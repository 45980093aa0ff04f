from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from claimwatch.cli import bench_match


def test_bench_match_prints_a_row_of_ratios_for_each_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_match, "NAIVE_SECONDS", 0.1)
    arguments = ["--topics", "20,10", "--items", "20", "--planted", "35", "--json"]
    result = CliRunner().invoke(bench_match.command, arguments, catch_exceptions=False)
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["topics"] for row in rows] == [10, 20]
    for row in rows:
        assert row["times_naive"] > 0
        assert row["planted_recall"] == row["exhaustive_recall"]
        assert row["planted_recall"] >= 0.9
        assert row["cut_words"] == 0


def test_bench_match_says_what_sizes_are() -> None:
    result = CliRunner().invoke(bench_match.command, ["--topics", "many"])
    assert result.exit_code == 2
    assert "numbers with commas" in result.output
