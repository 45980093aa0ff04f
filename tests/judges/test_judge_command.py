"""`claimwatch judge` and `claimwatch eval`, as people call them."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from claimwatch.cli.eval import command as eval_command
from claimwatch.cli.judge import command as judge_command

ROWS = [
    {"id": "a", "claim": "North Korea has sent soldiers to Russia.",
     "text": "The Kremlin denies that North Korea has sent soldiers to Russia", "language": "en"},
    {"claim": "North Korea has sent soldiers to Russia.", "text": "A volcano erupted in Iceland"},
]  # fmt: skip


def test_judge_answers_a_line_for_a_line_in_order() -> None:
    result = CliRunner().invoke(judge_command, ["-"], input="\n".join(map(json.dumps, ROWS)) + "\n")
    assert result.exit_code == 0, result.stdout
    first, second = map(json.loads, result.stdout.splitlines())
    assert first["id"] == "a"
    assert first["stance"] == "contradicts"
    assert first["evidence"] in ROWS[0]["text"]
    assert any("denial" in reason for reason in first["reasons"])
    assert first["speaker"] == "Kremlin"
    assert "id" not in second
    assert second["stance"] == "neutral"


def test_judge_says_which_line_it_could_not_read() -> None:
    result = CliRunner().invoke(judge_command, ["-"], input='{"claim": "x", "text": "y"}\nnonsense\n')
    assert result.exit_code == 1
    assert "line 2" in result.output


def test_eval_measures_a_file_of_labelled_pairs(tmp_path: Path) -> None:
    file = tmp_path / "dev.jsonl"
    labelled = [
        {**ROWS[0], "lang": "en", "label": "contradicts", "scheme": "4way"},
        {**ROWS[1], "lang": "en", "label": "unrelated", "scheme": "4way"},
    ]
    file.write_text("\n".join(map(json.dumps, labelled)), encoding="utf-8")
    result = CliRunner().invoke(eval_command, ["--json", str(file)])
    assert result.exit_code == 0, result.stdout
    found = json.loads(result.stdout)
    assert found["pairs"] == 2
    assert found["macro_f1"] == 1.0
    assert found["false_contradictions"]["count"] == 0
    words = CliRunner().invoke(eval_command, ["--errors", "3", str(file)])
    assert "macro-F1 1.000" in words.output


def test_eval_measures_items_against_claims(tmp_path: Path) -> None:
    claims, items = tmp_path / "claims.jsonl", tmp_path / "items.jsonl"
    claims.write_text(json.dumps({"id": "c1", "en": ROWS[0]["claim"]}), encoding="utf-8")
    item = {"id": "i", "lang": "en", "title": ROWS[0]["text"], "summary": "",
            "labels": [{"claim_id": "c1", "relation": "contradicts"}]}  # fmt: skip
    items.write_text(json.dumps(item), encoding="utf-8")
    result = CliRunner().invoke(eval_command, ["--json", "--claims", str(claims), str(items)])
    assert result.exit_code == 0, result.stdout
    assert json.loads(result.stdout)["news"]["alert_recall"] == 1.0
    assert CliRunner().invoke(eval_command, [str(items)]).exit_code == 2
