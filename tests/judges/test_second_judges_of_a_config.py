"""The section `judge:` at work in the commands: judge, eval, test, check."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from claimwatch import app
from claimwatch.cli.check import command as check_command
from claimwatch.cli.eval import command as eval_command
from claimwatch.cli.judge import command as judge_command
from claimwatch.config import load
from claimwatch.core.model import Item, Stance
from claimwatch.errors import ConfigError
from claimwatch.judges.cascade import Cascade
from tests.judges.endpoint import Endpoint, Refusal, written
from tests.judges.tiny_nli import TELLING, write_model

TOPIC = """
topic:
  dam: {title: The dam, who: [Orsa], what: [dam]}
claim:
  safe: {short: Safe, text: The dam at Lake Orsa is safe., language: en}
"""
OPEN = "Engineers look at the dam of Lake Orsa"  # near to the claim, and nothing that decides

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(judge: str) -> Path:
        (tmp_path / "config").mkdir(exist_ok=True)
        (tmp_path / "config" / "topic.yaml").write_text(TOPIC)
        (tmp_path / "config" / "claimwatch.yaml").write_text(judge)
        return tmp_path / "config"

    return write


def run(command: Any, *words: str, typed: str = "") -> Result:
    return CliRunner().invoke(command, list(words), input=typed, standalone_mode=False)


def test_without_the_section_the_embedded_judge_judges_alone(write: Write) -> None:
    assert app.open_judge(load(write("timezone: UTC\n"), environ={})).name == "lexical-1"


def test_the_order_is_from_cheap_to_dear(write: Write, tmp_path: Path) -> None:
    write_model(tmp_path / "models/tiny", TELLING)
    path = write("judge: {llm: {url: 'http://127.0.0.1:9/v1', model: chat}, nli: {model: models/tiny}}\n")
    judge = app.open_judge(load(path, environ={}))
    assert isinstance(judge, Cascade)
    assert judge.name == "lexical-1+nli-1 (tiny)+llm-1 (chat)"


def test_a_text_of_the_test_command_is_judged_by_all_of_them(write: Write) -> None:
    with Endpoint(lambda asked: written("contradicts", asked["text"])).running() as endpoint:
        path = write(f"judge: {{llm: {{url: '{endpoint.url}', model: chat, key_env: KEY}}}}\n")
        trier = app.Trier(load(path, environ={"KEY": "swordfish"}))
        ((_, found),) = trier.try_item(Item("i", title=OPEN, language="en")).assessed
    assert (found.stance, found.judge) == (Stance.CONTRADICTS, "lexical-1+llm-1 (chat)")
    assert endpoint.headers[0]["authorization"] == "Bearer swordfish"


@pytest.mark.parametrize(("name", "stance"), [("nli", "contradicts"), ("lexical", "neutral")])
def test_judge_and_eval_take_one_judge_alone(write: Write, tmp_path: Path, name: str, stance: str) -> None:
    write_model(tmp_path / "tiny", TELLING)
    path = write("judge: {nli: {model: tiny, contradicts: 0.9, temperature: 1}}\n")
    row = {"claim": "Soldiers sends", "text": "denies", "label": "contradicts", "language": "en"}
    options = ["--config", str(path), "--judge", name]
    said = run(judge_command, *options, typed=json.dumps(row))
    assert json.loads(said.stdout)["stance"] == stance
    (tmp_path / "rows.jsonl").write_text(json.dumps(row) + "\n")
    measured = run(eval_command, str(tmp_path / "rows.jsonl"), "--json", *options)
    assert json.loads(measured.stdout)["accuracy"] == float(stance == "contradicts")


def test_the_judge_llm_needs_an_endpoint(write: Write) -> None:
    said = run(judge_command, "--config", str(write("timezone: UTC\n")), "--judge", "llm", typed="")
    assert isinstance(said.exception, ConfigError)
    assert "needs an endpoint" in str(said.exception)


def test_check_asks_no_endpoint_unless_told_to(write: Write) -> None:
    refusal = Refusal(404, b'{"error": {"message": "no model chat"}}')
    with Endpoint(lambda _: refusal).running() as endpoint:
        path = write(f"judge: {{llm: {{url: '{endpoint.url}', model: chat}}}}\n")
        assert run(check_command, "--config", str(path)).return_value == 0
        assert endpoint.asked == []
        said = run(check_command, "--config", str(path), "--online")
    assert "the endpoint of the judge llm does not answer" in said.output
    assert "answered 404: no model chat" in " ".join(said.output.split())


def test_check_online_says_that_the_endpoint_answers(write: Write) -> None:
    with Endpoint(lambda _: '{"ok": true}').running() as endpoint:
        path = write(f"judge: {{llm: {{url: '{endpoint.url}', model: chat}}}}\n")
        assert (
            "the endpoint of the judge llm answers"
            in run(check_command, "--config", str(path), "--online").output
        )


def test_missing_libraries_are_told_with_their_line_and_what_to_type(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("claimwatch.config.judge.find_spec", lambda name: None)
    assert importlib.util.find_spec("onnxruntime") is not None
    with pytest.raises(ConfigError, match=r'pip install "claimwatch\[nli\]"') as caught:
        load(write("judge:\n  nli: {}\n"), environ={})
    assert "claimwatch.yaml:2" in str(caught.value)


def test_a_key_never_shows_in_the_settings(write: Write) -> None:
    path = write("judge: {llm: {url: 'http://127.0.0.1:9/v1', model: chat, key_env: KEY}}\n")
    assert "swordfish" not in repr(load(path, environ={"KEY": "swordfish"}))
