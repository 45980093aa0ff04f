"""An NLI cross-encoder: tokenizer and ONNX network from a folder, pairs of texts in, three logits out."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from claimwatch.errors import JudgeError
from claimwatch.judges.nli.hub import CONFIG, EXTRA, TOKENIZER, missing_in, network_in

LONGEST = 512  # tokens of premise and hypothesis; what these models were trained on
BATCH = 16
_KINDS = ("entail", "neutral", "contra")


class NliModel:
    """A loaded model. `logits` may be called from several threads, one after the other is quickest."""

    def __init__(self, folder: Path) -> None:
        """Raises: JudgeError, when libraries or files are missing, or are none of a model of this kind."""
        if lacking := missing_in(folder):
            raise JudgeError(f"{folder} is no NLI model: {' and '.join(lacking)} missing.")
        try:
            import onnxruntime
            from tokenizers import Tokenizer
        except ImportError as error:
            raise JudgeError(EXTRA) from error
        config = _config(folder)
        self._order = label_order(config.get("id2label"), str(folder))
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
            self._session = onnxruntime.InferenceSession(
                str(network_in(folder)), _options(onnxruntime), providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # both libraries raise their own, from compiled code
            raise JudgeError(f"{folder} cannot be loaded: {error}") from error
        longest = config.get("max_position_embeddings")
        self._tokenizer.enable_truncation(
            min(LONGEST, longest) if isinstance(longest, int) and longest > 8 else LONGEST,
            strategy="only_first",  # the premise, a text; the hypothesis is the claim
        )
        pad = config.get("pad_token_id")
        self._tokenizer.enable_padding(pad_id=pad if isinstance(pad, int) else 0)
        self._inputs = [each.name for each in self._session.get_inputs()]

    def logits(self, pairs: Sequence[tuple[str, str]]) -> list[tuple[float, float, float]]:
        """Return (entailment, neutral, contradiction) for each (premise, hypothesis), before any softmax.

        Raises: JudgeError.
        """
        found: list[tuple[float, float, float]] = []
        for start in range(0, len(pairs), BATCH):
            found += self._run(pairs[start : start + BATCH])
        return found

    def _run(self, pairs: Sequence[tuple[str, str]]) -> list[tuple[float, float, float]]:
        import numpy

        try:
            encoded = self._tokenizer.encode_batch(list(pairs))
            columns = {
                "input_ids": [each.ids for each in encoded],
                "attention_mask": [each.attention_mask for each in encoded],
                "token_type_ids": [each.type_ids for each in encoded],
            }
            fed = {name: numpy.array(columns[name], dtype=numpy.int64) for name in self._inputs}
            rows = self._session.run(None, fed)[0]
        except Exception as error:  # see above
            raise JudgeError(f"The model failed: {error}") from error
        first, second, third = self._order
        return [(float(row[first]), float(row[second]), float(row[third])) for row in rows]


def label_order(id2label: object, name: str) -> tuple[int, int, int]:
    """Return which outputs are entailment, neutral and contradiction, as a model's config.json tells.

    Raises: JudgeError, when it does not.
    """
    labels = id2label if isinstance(id2label, dict) else {}
    places: dict[str, int] = {}
    for place, label in labels.items():
        for kind in _KINDS:
            if str(label).lower().startswith(kind) and str(place).isdecimal():
                places.setdefault(kind, int(place))
    if len(places) != len(_KINDS) or len(set(places.values())) != len(_KINDS):
        told = ", ".join(map(str, labels.values())) or "none"
        raise JudgeError(
            f"{name} is no NLI model: its labels are {told}, not entailment, neutral and contradiction."
        )
    return places["entail"], places["neutral"], places["contra"]


def _config(folder: Path) -> dict[str, Any]:
    try:
        config = json.loads((folder / CONFIG).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise JudgeError(f"{folder / CONFIG} cannot be read: {error}") from error
    return config if isinstance(config, dict) else {}


def _options(onnxruntime: Any) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = max(1, (os.cpu_count() or 2) // 2)  # feeds are read meanwhile
    options.log_severity_level = 3
    return options
