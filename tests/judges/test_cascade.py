"""The cascade: the dear judge sees only what the cheap one leaves open, and holds up nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest

from claimwatch.core.model import Assessment, Claim, Pair, Stance
from claimwatch.errors import JudgeError
from claimwatch.judges.cascade import MOST_AT_ONCE, Cascade, is_open
from claimwatch.judges.lexical import LexicalJudge
from claimwatch.protocols import Judge, PatientJudge

CLAIM = Claim("c", "t", "The dam is safe.", "c")
FIRST = {
    "clear": Assessment(Stance.CONTRADICTS, 0.9, "clear", ("denial",), "cheap-1", relevance=1.0),
    "unsure": Assessment(
        Stance.SUPPORTS, 0.5, "unsure", ("told",), "cheap-1", relevance=0.9, form="happened"
    ),
    "near": Assessment(Stance.NEUTRAL, 0.5, judge="cheap-1", relevance=0.8),
    "far": Assessment(Stance.NEUTRAL, 0.5, judge="cheap-1", relevance=0.2),
}


class Scripted:
    """Answers by the text's first word; keeps what it was asked."""

    def __init__(self, name: str, answer: Callable[[str], Assessment]) -> None:
        self.name, self._answer = name, answer
        self.asked: list[list[str]] = []

    def assess(self, pairs: Sequence[Pair]) -> list[Assessment]:
        self.asked.append([pair.text for pair in pairs])
        return [self._answer(pair.text) for pair in pairs]


class Clock:
    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def cheap() -> Scripted:
    return Scripted("cheap-1", lambda text: FIRST[text.split()[0]])


def dear(stance: Stance = Stance.CONTRADICTS, confidence: float = 0.95) -> Scripted:
    return Scripted("dear-1", lambda text: Assessment(stance, confidence, text, ("dear says so",), "dear-1"))


def failing(error: Exception) -> Scripted:
    def answer(_: str) -> Assessment:
        raise error

    return Scripted("dear-1", answer)


def pairs(*texts: str) -> list[Pair]:
    return [Pair(CLAIM, text) for text in texts]


def test_clear_pairs_are_decided_by_the_cheap_judge_alone() -> None:
    second = dear()
    found = Cascade(cheap(), [second]).assess(pairs("clear", "near", "far", "unsure"))
    assert second.asked == [["near", "unsure"]]
    assert [(each.stance, each.judge) for each in found] == [
        (Stance.CONTRADICTS, "cheap-1"),
        (Stance.CONTRADICTS, "cheap-1+dear-1"),
        (Stance.NEUTRAL, "cheap-1"),
        (Stance.CONTRADICTS, "cheap-1+dear-1"),
    ]
    assert found[3].reasons == ("dear says so", "cheap-1 said: supports 0.50 (told)")
    assert found[3].relevance == 0.9


def test_without_an_open_pair_nobody_else_is_asked() -> None:
    second = dear()
    Cascade(cheap(), [second]).assess(pairs("clear", "far"))
    assert second.asked == []


def test_the_dear_judge_may_say_that_it_is_nothing() -> None:
    (found,) = Cascade(cheap(), [dear(Stance.NEUTRAL, 0.9)]).assess(pairs("unsure"))
    assert (found.stance, found.judge) == (Stance.NEUTRAL, "cheap-1+dear-1")


def test_where_both_say_the_same_the_cheap_judges_words_stay() -> None:
    (found,) = Cascade(cheap(), [dear(Stance.SUPPORTS)]).assess(pairs("unsure"))
    assert (found.confidence, found.evidence, found.form) == (0.95, "unsure", "happened")
    assert found.reasons == ("told", "dear-1 says so too, 0.95")


@pytest.mark.parametrize("error", [JudgeError("no budget left"), RuntimeError("a bug")])
def test_when_the_dear_judge_fails_the_first_answer_stands_and_says_so(error: Exception) -> None:
    (found,) = Cascade(cheap(), [failing(error)]).assess(pairs("unsure"))
    said = str(error) if isinstance(error, JudgeError) else "RuntimeError"
    assert found.reasons == ("told", f"dear-1 not heard: {said}")
    assert (found.stance, found.confidence, found.judge) == (Stance.SUPPORTS, 0.5, "cheap-1")


def test_an_answer_that_is_none_leaves_the_first_one() -> None:
    none = Scripted("dear-1", lambda _: Assessment(Stance.NEUTRAL, 0.0, reasons=("its words do not occur",)))
    (found,) = Cascade(cheap(), [none]).assess(pairs("unsure"))
    assert found.stance is Stance.SUPPORTS
    assert found.reasons[-1] == "dear-1 not heard: its words do not occur"


def test_the_third_judge_sees_only_what_the_second_leaves_open() -> None:
    second = Scripted(
        "nli", lambda text: Assessment(Stance.SUPPORTS, 0.9 if "sure" in text else 0.6, text, ("nli",), "nli")
    )
    third = dear()
    found = Cascade(cheap(), [second, third]).assess(pairs("near sure", "near open"))
    assert third.asked == [["near open"]]
    assert [each.judge for each in found] == ["cheap-1+nli", "cheap-1+nli+dear-1"]


def test_when_the_second_fails_the_third_is_asked() -> None:
    third = Scripted("third", lambda text: FIRST["clear"])
    (found,) = Cascade(cheap(), [failing(JudgeError("away")), third]).assess(pairs("near"))
    assert found.stance is Stance.CONTRADICTS
    assert "dear-1 not heard: away" in found.reasons[-1]


class Hanging(Scripted):
    """Answers once its gate is opened."""

    def __init__(self) -> None:
        super().__init__("dear-1", lambda _: FIRST["clear"])
        self.gate, self.begun = threading.Event(), threading.Event()

    def assess(self, pairs: Sequence[Pair]) -> list[Assessment]:
        self.begun.set()
        self.gate.wait(30)
        return super().assess(pairs)


def test_a_hanging_judge_costs_the_wait_and_then_nobody_waits_for_a_while() -> None:
    hanging, clock = Hanging(), Clock()
    cascade = Cascade(cheap(), [hanging], wait=timedelta(seconds=0.05), clock=clock)
    (found,) = cascade.assess(pairs("unsure"))
    assert found.reasons[-1] == "dear-1 not heard: no answer within 0.05 s"
    (found,) = cascade.assess(pairs("unsure again"))
    assert found.reasons[-1] == "dear-1 not heard: it failed a moment ago"
    clock.at = 61.0
    hanging.gate.set()
    assert cascade.assess(pairs("unsure at last"))[0].judge == "cheap-1+dear-1"


def test_begun_questions_are_answered_meanwhile_and_clear_ones_are_ready_at_once() -> None:
    hanging, clock = Hanging(), Clock()
    cascade = Cascade(cheap(), [hanging], wait=timedelta(seconds=20), clock=clock)
    assert cascade.begin(pairs("clear", "far"))
    assert not cascade.begin(pairs("clear", "unsure"))
    assert not cascade.begin(pairs("clear", "unsure"))  # the same question: put once
    assert hanging.begun.wait(5)
    hanging.gate.set()
    while not cascade.begin(pairs("clear", "unsure")):
        pass
    assert cascade.assess(pairs("clear", "unsure"))[1].judge == "cheap-1+dear-1"
    assert hanging.asked == [["unsure"]]


def test_what_was_begun_is_ready_when_the_wait_is_over_answered_or_not() -> None:
    hanging, clock = Hanging(), Clock()
    cascade = Cascade(cheap(), [hanging], wait=timedelta(seconds=20), clock=clock)
    assert not cascade.begin(pairs("unsure"))
    clock.at = 20.0
    assert cascade.begin(pairs("unsure"))
    assert "not heard" in cascade.assess(pairs("unsure"))[0].reasons[-1]
    hanging.gate.set()


def test_a_flood_of_open_items_is_bounded() -> None:
    hanging, clock = Hanging(), Clock()
    cascade = Cascade(cheap(), [hanging], clock=clock)
    ready = [cascade.begin(pairs(f"unsure {number}")) for number in range(MOST_AT_ONCE + 5)]
    assert ready == [False] * MOST_AT_ONCE + [True] * 5
    found = cascade.assess(pairs(f"unsure {MOST_AT_ONCE}"))
    assert found[0].reasons[-1] == "dear-1 not heard: too many questions at once"
    hanging.gate.set()


def test_questions_nobody_came_back_for_are_forgotten() -> None:
    second, clock = dear(), Clock()
    cascade = Cascade(cheap(), [second], clock=clock)
    for number in range(40):
        cascade.begin(pairs(f"unsure {number}"))
        clock.at += 60.0
    assert len(cascade._asked) <= 12


def test_it_is_a_judge_whose_name_tells_its_parts() -> None:
    cascade = Cascade(LexicalJudge(), [dear()])
    judge: Judge = cascade
    assert judge.name == "lexical-1+dear-1"
    assert isinstance(cascade, PatientJudge)
    assert not isinstance(LexicalJudge(), PatientJudge)


def test_what_the_embedded_judge_leaves_open() -> None:
    (denied,) = LexicalJudge().assess([Pair(CLAIM, "Engineers deny that the dam is safe", "en")])
    (other,) = LexicalJudge().assess([Pair(CLAIM, "The bakery opens at nine", "en")])
    assert not is_open(denied)
    assert not is_open(other)
    assert is_open(FIRST["near"])
