"""Judges in a row: the cheap one decides the clear pairs, the dear ones see the rest and hold up nobody."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import structlog

from claimwatch.core.model import Assessment, Pair, Stance
from claimwatch.errors import JudgeError
from claimwatch.protocols import Judge

log = structlog.get_logger("claimwatch.judge")

SURE = 0.75  # an answer as confident as this is clear
ALIGNED = 0.65  # relevance: a neutral answer on a text nearer to the claim than this is worth a second one
WAIT = timedelta(seconds=20)
REST = timedelta(minutes=1)  # after a failure or a late answer nobody is asked so long
MOST_AT_ONCE = 16  # items with the dear judges; beyond these the first answer stands
FORGOTTEN = 600.0  # seconds after which a question that nobody came back for is dropped


def is_open(answer: Assessment) -> bool:
    """Say whether a pair is left open: the judge is not sure, and the text is not about something else."""
    near = answer.stance is not Stance.NEUTRAL or answer.relevance >= ALIGNED
    return near and answer.confidence < SURE


@dataclass(slots=True)
class _Question:
    """Open pairs of one item with the dear judges. `answers` are final once `done` is set."""

    asked_at: float
    first: list[Assessment]
    answers: list[Assessment] | None = None
    why: str = ""  # none came
    done: threading.Event = field(default_factory=threading.Event)


class Cascade:
    """Asks the first judge, and the others one after the other about what is left open.

    A dear judge that fails, is late or has no budget left costs nothing but its opinion: the first answer
    stands, and its reasons say so. The others' names are in an answer only where they had a part in it.
    """

    def __init__(
        self,
        first: Judge,
        others: Sequence[Judge],
        *,
        wait: timedelta = WAIT,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = "+".join(judge.name for judge in (first, *others))
        self._first, self._others = first, others
        self._wait = wait.total_seconds()
        self._clock = clock
        self._lock = threading.Lock()
        self._asked: dict[tuple[Pair, ...], _Question] = {}
        self._rests_until: float | None = None

    def begin(self, pairs: Sequence[Pair]) -> bool:
        """Ask about what the first judge leaves open; return whether `assess` answers these at once.

        That is so when nothing is open, when the answer has come, and when the wait for it is over.
        """
        _, _, question = self._ask(pairs)
        return question is None or question.done.is_set() or self._left(question) <= 0

    def assess(self, pairs: Sequence[Pair]) -> list[Assessment]:
        """Return one assessment a pair, in order, after the time of `wait` at the latest."""
        found, places, question = self._ask(pairs)
        if question is None:
            return found
        if not question.done.wait(max(0.0, self._left(question))):
            self._rest()
            question.why = question.why or f"no answer within {self._wait:g} s"
        with self._lock:
            self._asked.pop(tuple(pairs[place] for place in places), None)
        if question.answers is None:
            others = " and ".join(judge.name for judge in self._others)
            answers = [_unheard(each, others, question.why) for each in question.first]
        else:
            answers = question.answers
        for place, answer in zip(places, answers, strict=True):
            found[place] = answer
        return found

    def _ask(self, pairs: Sequence[Pair]) -> tuple[list[Assessment], list[int], _Question | None]:
        """Return the first answers, the places of the open ones, and the question that was put about them."""
        found = list(self._first.assess(pairs))
        places = [place for place, answer in enumerate(found) if is_open(answer)]
        if not places:
            return found, [], None
        key = tuple(pairs[place] for place in places)
        now = self._clock()
        with self._lock:
            question = self._asked.get(key)
            if question is None:
                question = self._asked[key] = _Question(now, [found[place] for place in places])
                self._put(question, key, now)
        return found, places, question

    def _put(self, question: _Question, pairs: tuple[Pair, ...], now: float) -> None:
        for key in [k for k, each in self._asked.items() if now - each.asked_at > FORGOTTEN]:
            del self._asked[key]
        under_way = sum(not each.done.is_set() for each in self._asked.values())
        if self._rests_until is not None and now < self._rests_until:
            question.why = "it failed a moment ago"
        elif under_way > MOST_AT_ONCE:
            question.why = "too many questions at once"
        if question.why:
            question.done.set()
            return
        # not of a pool: nobody waits at the program's end for one that hangs
        threading.Thread(target=self._think, args=(question, pairs), name="second-judge", daemon=True).start()

    def _think(self, question: _Question, pairs: tuple[Pair, ...]) -> None:
        answers = list(question.first)
        for judge in self._others:
            still = [place for place, answer in enumerate(answers) if is_open(answer)]
            if not still:
                break
            try:
                said = judge.assess([pairs[place] for place in still])
                for place, answer in zip(still, said, strict=True):
                    answers[place] = _joined(answers[place], answer, judge.name)
            except JudgeError as error:
                log.warning("second judge fails, the first answer stands", judge=judge.name, error=str(error))
                failed = str(error)
            except Exception as error:  # a bug of its library must not cost the first answer
                log.exception("second judge fails, the first answer stands", judge=judge.name)
                failed = type(error).__name__
            else:
                continue
            self._rest()
            for place in still:
                answers[place] = _unheard(answers[place], judge.name, failed)
        question.answers = answers
        question.done.set()

    def _left(self, question: _Question) -> float:
        return question.asked_at + self._wait - self._clock()

    def _rest(self) -> None:
        self._rests_until = self._clock() + REST.total_seconds()


def _unheard(first: Assessment, judge: str, why: str) -> Assessment:
    return replace(first, reasons=(*first.reasons, f"{judge} not heard: {why}"))


def _joined(first: Assessment, second: Assessment, judge: str) -> Assessment:
    """Return what two answers to one question come to: the second decides, unless it is none."""
    if second.confidence == 0:
        return _unheard(first, judge, "; ".join(second.reasons) or "no answer")
    names = f"{first.judge}+{judge}"
    relevance = max(first.relevance, second.relevance)
    if first.stance is second.stance and first.stance is not Stance.NEUTRAL:  # the first names its words
        agrees = f"{judge} says so too, {second.confidence:.2f}"
        return replace(
            first,
            confidence=max(first.confidence, second.confidence),
            reasons=(*first.reasons, agrees),
            judge=names,
            relevance=relevance,
        )
    before = f"{first.judge} said: {first.stance} {first.confidence:.2f}"
    if first.reasons:
        before += f" ({first.reasons[0]})"
    return replace(second, reasons=(*second.reasons, before), judge=names, relevance=relevance)
