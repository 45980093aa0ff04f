"""Tiny NLI models with real files: a word-level tokenizer and an ONNX network of one table of weights."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

WORDS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "avaria", "denies", "sends", "soldiers", "says", "weather",
         "5,000", "8,000", "not", "the", "will", "send")  # fmt: skip
LABELS = ("entailment", "neutral", "contradiction")


def write_model(
    folder: Path,
    weights: Mapping[str, Sequence[float]],
    *,
    labels: Sequence[str] = LABELS,
    network: str = "model.onnx",
    with_types: bool = True,
) -> Path:
    """Write a model whose logits are the sums of the weights of the premise's words."""
    import numpy
    import onnx
    from onnx import TensorProto, helper, numpy_helper
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.normalizers import Lowercase
    from tokenizers.pre_tokenizers import WhitespaceSplit
    from tokenizers.processors import TemplateProcessing

    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer(WordLevel({word: at for at, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.normalizer = Lowercase()
    tokenizer.pre_tokenizer = WhitespaceSplit()
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {"id2label": {str(at): label for at, label in enumerate(labels)}, "pad_token_id": 0}
    (folder / "config.json").write_text(json.dumps(config), "utf-8")

    table = numpy.zeros((len(WORDS), 3), dtype=numpy.float32)
    for word, row in weights.items():
        table[WORDS.index(word)] = row
    names = ["input_ids", "attention_mask", *(["token_type_ids"] if with_types else [])]
    nodes = [helper.make_node("Gather", ["table", "input_ids"], ["rows"])]
    kept = "rows"
    if with_types:  # only the premise, of type 0, counts
        nodes += [
            helper.make_node("Sub", ["one", "token_type_ids"], ["premise"]),
            helper.make_node("Cast", ["premise"], ["share"], to=TensorProto.FLOAT),
            helper.make_node("Unsqueeze", ["share", "last"], ["column"]),
            helper.make_node("Mul", ["rows", "column"], ["kept"]),
        ]
        kept = "kept"
    nodes.append(helper.make_node("ReduceSum", [kept, "middle"], ["logits"], keepdims=0))
    tensors = {
        "table": table,
        "one": numpy.array(1, dtype=numpy.int64),
        "last": numpy.array([2], dtype=numpy.int64),
        "middle": numpy.array([1], dtype=numpy.int64),
    }
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(name, TensorProto.INT64, ["b", "s"]) for name in names],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["b", 3])],
        [numpy_helper.from_array(values, name) for name, values in tensors.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    (folder / network).parent.mkdir(parents=True, exist_ok=True)
    onnx.save(model, str(folder / network))
    return folder


TELLING = {"denies": (0, 0, 8), "sends": (8, 0, 0), "weather": (0, 8, 0), "8,000": (0, 0, 9)}
