"""The parts that explain a model's answer, worked out once for each subtree."""

from __future__ import annotations

import pytest

from claimwatch.judges.lexical import model
from claimwatch.judges.lexical.model import Linear, Question, tree_parts

TREE: model.Tree = ["cover", 0.5, ["denial", 0.5, -1.0, 3.0], ["denial", 0.5, 0.0, ["order", 0.2, 1.0, 2.0]]]
VALUES = [{"cover": c, "denial": d, "order": o} for c in (0.0, 1.0) for d in (0.0, 1.0) for o in (0.0, 1.0)]


def test_parts_are_those_of_the_trees_and_add_up() -> None:
    question = Question({"en": Linear(0.0, {})}, {}, [TREE])
    for values in VALUES * 2:
        parts = dict(question.parts(values, "en"))
        assert sum(parts.values()) == pytest.approx(sum(part for _, part in tree_parts(TREE, values)) / 2)


def test_the_mean_of_a_subtree_is_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    mean_of = model.mean_of

    def counted(tree: model.Tree) -> float:
        asked.append(tree)
        return mean_of(tree)

    question = Question({"en": Linear(0.0, {})}, {}, [TREE])
    question.parts(VALUES[0], "en")
    monkeypatch.setattr(model, "mean_of", counted)
    question.parts(VALUES[0], "en")
    assert asked == []
