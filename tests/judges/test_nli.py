"""The NLI judge, with tiny real models: files, tokenizer, onnxruntime, calibration and what is believed."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from claimwatch.core.model import Claim, Pair, Stance, Wording
from claimwatch.errors import JudgeError
from claimwatch.judges.nli import Calibration, NliJudge
from claimwatch.judges.nli.calibration import probabilities
from claimwatch.judges.nli.hub import fetch
from claimwatch.judges.nli.model import NliModel, label_order
from tests.judges.tiny_nli import LABELS, TELLING, WORDS, write_model

CLAIM = Claim("c", "t", "Avaria sends soldiers", "c", "en")


@pytest.fixture
def judge(tmp_path: Path) -> NliJudge:
    return NliJudge(str(write_model(tmp_path / "tiny", TELLING)))


def said(judge: NliJudge, text: str, claim: Claim = CLAIM) -> tuple[Stance, str]:
    (found,) = judge.assess([Pair(claim, text, "en")])
    return found.stance, found.evidence


def test_the_sentence_that_decides_is_quoted(judge: NliJudge) -> None:
    text = "The weather is fine.\nAvaria denies that.\nThe weather holds."
    assert said(judge, text) == (Stance.CONTRADICTS, "Avaria denies that.")
    assert said(judge, "Weather.\nAvaria sends many.") == (Stance.SUPPORTS, "Avaria sends many.")
    assert said(judge, "weather weather") == (Stance.NEUTRAL, "")


def test_answers_come_in_order_whatever_the_batches(judge: NliJudge) -> None:
    texts = ["Avaria denies", "weather", "Avaria sends", ""] * 30
    found = judge.assess([Pair(CLAIM, text, "en") for text in texts])
    assert [answer.stance for answer in found] == [
        Stance.CONTRADICTS, Stance.NEUTRAL, Stance.SUPPORTS, Stance.NEUTRAL
    ] * 30  # fmt: skip
    assert {answer.judge for answer in found} == {"nli-1 (tiny)"}


def test_another_number_is_an_update_whatever_the_model_says(judge: NliJudge) -> None:
    claim = Claim("c", "t", "Avaria will send 5,000 soldiers.", "c", "en")
    (found,) = judge.assess([Pair(claim, "Avaria will send 8,000 soldiers", "en")])
    assert found.stance is Stance.UPDATES
    assert found.change is not None
    assert (found.change.old, found.change.new) == ("5,000 soldiers", "8,000 soldiers")
    assert said(judge, "Avaria denies that it will send 8,000 soldiers", claim)[0] is Stance.CONTRADICTS


def test_the_claims_wording_in_the_texts_language_is_what_the_model_reads(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "m", {"denies": (0, 0, 3)}, with_types=False)
    claim = Claim("c", "t", "weather", "c", "en", wordings=(Wording("fr", "denies denies"),))
    strict = NliJudge(str(folder), Calibration(temperature=1, contradicts=0.9))
    assert strict.assess([Pair(claim, "avaria", "fr")])[0].stance is Stance.CONTRADICTS
    assert strict.assess([Pair(claim, "avaria", "en")])[0].stance is Stance.NEUTRAL


def test_a_higher_temperature_and_a_higher_bar_make_it_less_sure(tmp_path: Path) -> None:
    folder = str(write_model(tmp_path / "m", {"denies": (0, 0, 3)}))
    pair = Pair(CLAIM, "avaria denies", "en")
    sure, unsure = (
        NliJudge(folder, Calibration(temperature=t, contradicts=0.8)).assess([pair])[0] for t in (1, 4)
    )
    assert (sure.stance, unsure.stance) == (Stance.CONTRADICTS, Stance.NEUTRAL)
    assert sum(probabilities((1.0, 900.0, -900.0), 1.5)) == pytest.approx(1)


def test_labels_may_stand_in_any_order_and_are_read_from_the_config(tmp_path: Path) -> None:
    turned = {word: (row[2], row[1], row[0]) for word, row in TELLING.items()}
    folder = write_model(tmp_path / "m", turned, labels=("CONTRADICTION", "Neutral", "ENTAILMENT"))
    assert said(NliJudge(str(folder)), "Avaria denies")[0] is Stance.CONTRADICTS


@pytest.mark.parametrize("labels", [("LABEL_0", "LABEL_1", "LABEL_2"), ("entailment", "not_entailment"), ()])
def test_a_model_of_other_labels_is_refused(labels: tuple[str, ...]) -> None:
    with pytest.raises(JudgeError, match="entailment, neutral and contradiction"):
        label_order({str(at): label for at, label in enumerate(labels)}, "some/model")


@pytest.mark.parametrize("network", ["model.onnx", "onnx/model.onnx", "onnx/model_quantized.onnx"])
def test_random_weights_run_and_give_three_logits_a_pair(tmp_path: Path, network: str) -> None:
    chance = random.Random(7)
    weights = {word: [chance.gauss(0, 1) for _ in range(3)] for word in WORDS[4:]}
    model = NliModel(
        write_model(tmp_path / "m", weights, network=network, with_types=network != "model.onnx")
    )
    logits = model.logits([("avaria sends soldiers", "the weather"), ("denies", "")] * 20)
    assert len(logits) == 40
    assert logits[0] == pytest.approx(logits[2], abs=1e-5)  # padding changes nothing


def test_a_text_of_any_length_is_cut_not_the_claim(judge: NliJudge) -> None:
    assert said(judge, "denies " + "weather " * 20)[0] is Stance.NEUTRAL
    assert said(judge, "denies " * 20_000)[0] is Stance.CONTRADICTS


def test_a_folder_that_is_no_model_says_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(JudgeError, match=r"tokenizer\.json and model\.onnx missing"):
        NliJudge(str(tmp_path)).assess([Pair(CLAIM, "x")])


def test_a_damaged_file_is_a_clear_error(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "m", TELLING)
    (folder / "model.onnx").write_bytes(b"no network")
    with pytest.raises(JudgeError, match="cannot be loaded"):
        NliModel(folder)


def test_without_its_libraries_it_names_the_extra_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_model(tmp_path / "m", TELLING)
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(JudgeError, match=r'pip install "claimwatch\[nli\]"'):
        NliModel(folder)


# ---------------------------------------------------------------- the hub


class Hub:
    """A loopback hub that serves one model's files."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.asked = folder, [""]
        self.url = ""


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    found = Hub(write_model(tmp_path / "served", TELLING, network="onnx/model.onnx"))
    commit = "a" * 40

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.do_GET()

        def do_GET(self) -> None:
            found.asked.append(self.path)
            path = self.path.split("?")[0]
            files = [str(p.relative_to(found.folder)) for p in found.folder.rglob("*") if p.is_file()]
            if path.startswith("/api/models/tiny/nli"):
                rows = [{"rfilename": name} for name in files]
                body = json.dumps({"id": "tiny/nli", "sha": commit, "siblings": rows}).encode()
                self._send(body, "application/json")
            elif path.startswith("/tiny/nli/resolve/") and path.split("/", 5)[5] in files:
                self._send((found.folder / path.split("/", 5)[5]).read_bytes(), "application/octet-stream")
            else:
                self.send_response(404)
                self.send_header("Content-Length", "0")
                self.end_headers()

        def _send(self, body: bytes, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("ETag", f'"{hash(body) & 0xFFFFFFFF:08x}"')
            self.send_header("X-Repo-Commit", commit)
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    found.url = f"http://127.0.0.1:{server.server_address[1]}"
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_model_of_the_hub_is_fetched_once_and_then_needs_no_network(hub: Hub, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    judge = NliJudge("tiny/nli", fetch=lambda name: fetch(name, endpoint=hub.url, cache=cache))
    assert said(judge, "Avaria denies")[0] is Stance.CONTRADICTS
    asked = len(hub.asked)
    again = fetch("tiny/nli", endpoint=hub.url, cache=cache)
    assert (again / "onnx/model.onnx").is_file()
    assert len(hub.asked) == asked


def test_a_model_of_the_hub_without_a_network_file_is_refused(hub: Hub, tmp_path: Path) -> None:
    (hub.folder / "onnx/model.onnx").unlink()
    with pytest.raises(JudgeError, match="has no ONNX file"):
        fetch("tiny/nli", endpoint=hub.url, cache=tmp_path / "cache")


@pytest.mark.parametrize("model", ["tiny/none", "tiny/nli"])
def test_offline_or_unknown_it_says_how_to_bring_a_model_here(hub: Hub, tmp_path: Path, model: str) -> None:
    endpoint = hub.url if model == "tiny/none" else "http://127.0.0.1:9"
    with pytest.raises(JudgeError, match=r"(?s)cannot fetch the model.*copy its folder here"):
        fetch(model, endpoint=endpoint, cache=tmp_path / "cache")


def test_the_usual_labels_are_in_the_usual_order() -> None:
    assert label_order({str(at): label for at, label in enumerate(LABELS)}, "m") == (0, 1, 2)
