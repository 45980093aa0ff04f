from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.cli.conftest import Claimwatch

ON_TOPIC = "Avarian troops hold a parade on the coast"


def ask(claimwatch: Claimwatch, config: Path, *rows: dict[str, object]) -> list[dict[str, object]]:
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    said = claimwatch("test", "--json", "-", "--config", config, stdin=lines)
    assert said.code == 0
    return [json.loads(line) for line in said.out.splitlines()]


def test_thousands_of_lines_are_answered_in_order_with_their_ids_in_one_start(
    claimwatch: Claimwatch, config: Path
) -> None:
    rows = [{"id": f"id-{n}", "title": f"{ON_TOPIC} {n}" if n % 2 else f"Weather {n}"} for n in range(2000)]
    answers = ask(claimwatch, config, *rows)
    assert [a["id"] for a in answers] == [r["id"] for r in rows]
    assert [a["relation"] for a in answers] == ["OFF-TOPIC", "NEW"] * 1000


def test_an_answer_has_the_fields_of_the_contract(claimwatch: Claimwatch, config: Path) -> None:
    (answer,) = ask(claimwatch, config, {"id": 7, "title": "A new harbour for the navy"})
    assert list(answer) == ["id", "topics", "claims", "relation", "routes"]
    (topic,) = answer["topics"]  # type: ignore[misc]
    assert set(topic) == {"topic", "score", "band", "found"}
    (claim,) = answer["claims"]  # type: ignore[misc]
    assert set(claim) == {"claim", "topic", "relation", "stance", "confidence", "evidence", "reasons"}
    assert (answer["id"], answer["routes"]) == (7, ["all"])


def test_odd_rows_are_answered_like_others(claimwatch: Claimwatch, config: Path) -> None:
    answers = ask(
        claimwatch,
        config,
        {},
        {"id": None, "title": None, "summary": ["a list"], "language": 7, "published_at": "yesterday"},
        {"id": "half", "title": f"{ON_TOPIC} \ud83d"},
        {"id": "zone", "title": ON_TOPIC, "published_at": "2026-07-14T08:00:00", "source": {"x": 1}},
        {"id": "long", "title": "x" * 100_000},
    )
    assert [a["relation"] for a in answers] == ["OFF-TOPIC", "OFF-TOPIC", "NEW", "NEW", "OFF-TOPIC"]


def test_a_line_that_is_no_object_is_named_and_answers_before_it_stand(
    claimwatch: Claimwatch, config: Path
) -> None:
    said = claimwatch("test", "--json", "-", "-c", config, stdin='{"id": 1, "title": "x"}\n\n[1, 2]\n')
    assert said.code == 2
    assert json.loads(said.out)["id"] == 1
    assert "standard input, line 3" in said.err


def test_a_headline_is_explained(claimwatch: Claimwatch, config: Path) -> None:
    said = claimwatch("test", ON_TOPIC, "--config", config)
    assert said.code == 0
    assert "topic   border-troops" in said.out
    assert "result  NEW" in said.out
    assert "route   all" in said.out


def test_a_headline_off_topic_names_what_was_missing(claimwatch: Claimwatch, config: Path) -> None:
    said = claimwatch("test", "Avarian weather", "--config", config)
    assert "nothing found for what" in said.out
    assert "result  OFF-TOPIC" in said.out


def test_an_expected_relation_decides_the_exit_code(claimwatch: Claimwatch, config: Path) -> None:
    assert claimwatch("test", ON_TOPIC, "-c", config, "--expect", "new").code == 0
    said = claimwatch("test", ON_TOPIC, "-c", config, "--expect", "UPDATES")
    assert (said.code, said.err) == (1, "expected UPDATES\n")


def test_many_headlines_are_read_one_a_line(claimwatch: Claimwatch, config: Path) -> None:
    said = claimwatch("test", "-", "-c", config, stdin=f"{ON_TOPIC}\n\nWeather\n")
    assert said.out.count("headline  ") == 2


def test_bytes_that_are_no_text_cost_nothing_in_any_locale(config: Path) -> None:
    lines = (
        b'{"id": "a", "title": "caf\xe9 \xff"}\n{"id": "b", "title": "' + ON_TOPIC.encode() + b' \xc3\xa9"}\n'
    )
    done = subprocess.run(
        [sys.executable, "-m", "claimwatch", "test", "--json", "-", "-c", str(config)],
        input=lines,
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    )
    assert done.returncode == 0, done.stderr
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["a", "b"]


def test_nothing_is_stored_by_a_test(claimwatch: Claimwatch, config: Path) -> None:
    claimwatch("test", ON_TOPIC, "-c", config)
    assert not (config.parent / "var").exists()


def test_why_names_the_features_that_the_judge_weighed(claimwatch: Claimwatch, config: Path) -> None:
    said = claimwatch("test", "A new harbour for the navy", "--why", "--config", config)
    assert "why     " in said.out
    assert "contradicts 0." in said.out
