"""The example headlines of claims, run: which give another relation than expected, and what would mend it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from claimwatch.config.problems import WIDTH, Problem, Problems
from claimwatch.config.settings import Settings
from claimwatch.config.topic_names import common_words
from claimwatch.core.model import Band, Claim, Example, Match, NearMiss, Topic

OFF_TOPIC = "OFF-TOPIC"
_SHOWN = 4  # names of a line that are told before "and 12 more"
_WORD = re.compile(r"[^\W\d_]{3,}(?:-[^\W_]+)*")


@dataclass(frozen=True, slots=True)
class ExampleOutcome:
    """What the program makes of an example: the relation, why it is (not) on topic, and the judge's words."""

    relation: str
    topic: Match | NearMiss | None = None
    reasons: tuple[str, ...] = ()
    evidence: str = ""


JudgeExample = Callable[[Claim, Example], ExampleOutcome]


def check_examples(
    settings: Settings, judge_example: JudgeExample, *, tick: Callable[[], None] = lambda: None
) -> list[Problem]:
    """Return an error for each example that gives another relation than expected; calls `tick` for each."""
    topics = {topic.id: topic for topic in settings.topics}
    problems = Problems()
    for claim in settings.claims:
        for number, example in enumerate(claim.examples):
            outcome = judge_example(claim, example)
            tick()
            if outcome.relation != example.expect:
                problems.error(
                    23,
                    settings.places.get(f"{claim.id}/{number}"),
                    f"claim {claim.id}, example {number + 1}",
                    _told(example, outcome, topics[claim.topic]),
                )
    return list(problems.all())


def _told(example: Example, outcome: ExampleOutcome, topic: Topic) -> str:
    lines = [f"Expected {example.expect}, got {outcome.relation}."]
    if outcome.relation == OFF_TOPIC:
        lines += _off_topic(example, outcome, topic)
    elif example.expect == OFF_TOPIC:
        lines += _table(outcome, topic)
        word = _unfound(example, outcome)
        lines.append(
            'If such a headline should stay silent, add a name to "not"'
            + (f", for example {word}." if word else ".")
        )
    else:
        lines += [f"   judge  {reason}" for reason in outcome.reasons[:4]]
        if outcome.evidence and outcome.evidence not in example.headline:
            lines.append(f'   words  "{outcome.evidence}"')
        lines.append(_mend(example, outcome))
    return "\n".join(lines)


def _mend(example: Example, outcome: ExampleOutcome) -> str:
    if outcome.relation == "NEW":
        return (
            "Nothing in it speaks for or against the claim. If it should, word the claim as such "
            "reports do (text, or wordings in their language); else write  expect: NEW"
        )
    return f"If the program is right, write  expect: {outcome.relation}  else word the claim more sharply."


def _off_topic(example: Example, outcome: ExampleOutcome, topic: Topic) -> list[str]:
    lines = _table(outcome, topic)
    miss = outcome.topic
    if isinstance(miss, NearMiss) and miss.vetoed_by:
        lines.append(f'"not" takes it off the topic because of "{miss.vetoed_by}".')
        lines.append(f'If such a headline should count, take "{miss.vetoed_by}" out of "not".')
        return lines
    if isinstance(miss, Match):
        lines.append(f"The match is only {miss.band} ({miss.score:.2f}); alerts need {Band.GOOD}.")
        lines.append("Names in the headline weigh most: add the words it uses to the lines of names.")
        return lines
    if isinstance(miss, NearMiss) and miss.empty:
        if miss.nearest:
            lines.append(f"Nearest: {miss.nearest}.")
        named = " and ".join(f'"{line}"' for line in miss.empty)
        word = _unfound(example, outcome)
        lines.append(
            f"If such a headline should count, add a name to {named}"
            + (f", for example {word}." if word else ".")
        )
    return lines


def _table(outcome: ExampleOutcome, topic: Topic) -> list[str]:
    """Return a row for each line of names: what was found, or what would have counted."""
    if outcome.topic is None:
        return []
    found = {each.line: each.name for each in outcome.topic.found}
    empty = outcome.topic.empty if isinstance(outcome.topic, NearMiss) else ()
    rows: list[tuple[str, str, tuple[str, ...]]] = []
    for line in topic.lines:
        if line.name in found and line.name not in empty:
            rows.append((line.name, found[line.name], ()))
        else:
            rows.append((line.name, "nothing found", line.names))
    first = max((len(row[0]) for row in rows), default=0)
    second = max((len(row[1]) for row in rows), default=0)
    told: list[str] = []
    for label, name, wanted in rows:
        begin = f"   {label:<{first}}  {name:<{second}}  "
        told.append(begin + (f"one of: {_some(wanted, WIDTH - len(begin) - 10)}" if wanted else "found"))
    return told


def _some(names: tuple[str, ...], room: int) -> str:
    """Return the first few names, as many as fit."""
    for count in range(min(_SHOWN, len(names)), 0, -1):
        shown = ", ".join(names[:count])
        if count < len(names):
            shown += f" and {len(names) - count} more"
        if len(shown) <= room:
            return shown
    return f"{len(names)} names"


def _unfound(example: Example, outcome: ExampleOutcome) -> str | None:
    """Return a word of the headline that no name accounts for: a proper name rather than any other."""
    taken = " ".join(each.text for each in outcome.topic.found).casefold() if outcome.topic else ""
    words = [
        word
        for word in _WORD.findall(example.headline)
        if word.casefold() not in taken and word.lower() not in common_words()
    ]
    proper = [word for word in words if word[0].isupper()]
    return next(iter(proper or sorted(words, key=len, reverse=True)), None)
