"""What several origins report of a topic and no claim covers: sentences with an actor, an action and a number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from claimwatch.core.alerting import speaks
from claimwatch.core.figures import figure_of
from claimwatch.core.model import Assessment, Claim, Found
from claimwatch.core.origins import origin_of, same_origin
from claimwatch.core.reprints import first_told
from claimwatch.language.concepts import is_action
from claimwatch.language.quantities import read_quantity
from claimwatch.language.quantity import Quantity, comparable
from claimwatch.language.reading import Sentence, read

LEAST_ORIGINS = 2
LONGEST = 300  # characters of a sentence that still makes a claim
_NEAR = 0.1  # share by which two reports of one figure may differ
_TIMES = frozenset({"years", "months", "weeks", "days", "hours", "minutes"})
_FATES = {  # a deed and a measure in one
    "killed": "killed", "wounded": "wounded", "casualties": "killed or wounded",
    "captured": "captured", "missing": "missing",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class OnTopic:
    """A stored text with its topics, best match first, and the names that show them.

    `at` is when it was published or, without a date, seen.
    """

    item: int
    topics: tuple[str, ...]
    text: str
    language: str | None
    publisher: str
    at: datetime
    found: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence that says who does what, and how many."""

    said: OnTopic
    sentence: str
    language: str
    quantity: Quantity
    actors: frozenset[str]
    actions: frozenset[str]
    origin: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A statement that nobody follows yet, and all who make it; the first of `statements` words it best."""

    topic: str
    statements: tuple[Statement, ...]
    origins: tuple[str, ...]

    @property
    def wording(self) -> Statement:
        return self.statements[0]

    @property
    def quantity(self) -> str | None:
        """The figure as a claim takes it, or None when it would be read otherwise alone than in its sentence."""
        figure, language = self.wording.quantity, self.wording.language
        said = [figure.text]
        if figure.measure in _FATES and language == "en":  # "40 people" in "40 people were killed"
            said.append(f"{figure.text} {_FATES[figure.measure]}")
        return next((phrase for phrase in said if _reads_as(phrase, language, figure)), None)


def statements_of(said: OnTopic) -> list[Statement]:
    """Return the sentences of a text that name an actor, an action and a number that is no time."""
    reading = read(said.text, said.language)
    found = []
    for sentence in reading.sentences:
        figure = next((q for q in sentence.quantities if q.measure and q.measure not in _TIMES), None)
        if figure is None or len(sentence.text) > LONGEST:
            continue
        actors = frozenset(sentence.names) | _named(said.found, sentence)
        actions = frozenset(c for c in sentence.concepts if is_action(c))
        if figure.measure in _FATES:
            actions |= {"losses"}
        if actors and actions:
            origin = origin_of(speaker=None, text=said.text, publisher=said.publisher).name
            words = " ".join(sentence.text.split())
            found.append(Statement(said, words, reading.language, figure, actors, actions, origin))
    return found


def covers(claim: Claim, assessment: Assessment, statement: Statement) -> bool:
    """Say whether a claim covers a statement: readers would be told of it, and both count the same thing."""
    figure = figure_of(claim)
    return speaks(assessment) and (figure is None or comparable(figure, statement.quantity))


def suggest(
    texts: Iterable[OnTopic],
    covered: Callable[[Statement], bool],
    *,
    languages: Sequence[str] = (),
    least_origins: int = LEAST_ORIGINS,
) -> list[Suggestion]:
    """Return what enough origins say and no claim covers, most origins first.

    Reprints count once, as they do in a claim's standing. `covered` says whether a claim covers a statement.
    Of one statement's wordings the earliest in the readers' `languages` (best first) is taken.
    """
    groups: list[list[Statement]] = []
    for said in sorted(texts, key=lambda text: (text.at, text.item)):
        for statement in statements_of(said):
            group = next((g for g in groups if any(_alike(statement, other) for other in g)), None)
            if group is None:
                groups.append([statement])
            elif all(other.said.item != said.item for other in group):
                group.append(statement)
    suggestions = []
    for group in groups:
        origins = _origins(group)
        if len(origins) >= least_origins and not any(map(covered, group)):
            topic = Counter(statement.said.topics[0] for statement in group).most_common(1)[0][0]
            ordered = sorted(group, key=lambda s: _rank(s.language, languages))
            suggestions.append(Suggestion(topic, tuple(ordered), tuple(origins)))
    return sorted(suggestions, key=lambda s: (-len(s.origins), s.wording.said.at, s.wording.sentence))


def _named(found: Iterable[Found], sentence: Sentence) -> frozenset[str]:
    """Return the lines of names that are met in a sentence: a topic's names are actors too."""
    folded = sentence.text.casefold()
    who = [each for each in found if each.line == "who"] or list(found)
    return frozenset(f"line {each.line}" for each in who if each.text.casefold() in folded)


def _alike(one: Statement, other: Statement) -> bool:
    topics, a, b = set(one.said.topics), one.quantity, other.quantity
    return (
        not topics.isdisjoint(other.said.topics)
        and comparable(a, b)
        and abs(a.value - b.value) <= _NEAR * max(abs(a.value), abs(b.value))
        and bool(one.actions & other.actions)
        and bool(one.actors & other.actors)
    )


def _origins(group: Sequence[Statement]) -> list[str]:
    """Return who is behind the statements, each once; a text printed again adds nobody."""
    origins: list[str] = []
    told: list[tuple[int, str]] = []
    for statement in group:
        said = statement.said
        if first_told(said.text, told) is None and not any(same_origin(statement.origin, o) for o in origins):
            origins.append(statement.origin)
        told.append((said.item, said.text))
    return origins


def _reads_as(phrase: str, language: str, figure: Quantity) -> bool:
    """Say whether both the config and the judge, which know less or nothing of the language, read it so."""
    for tag in (language, None):
        read_alone = read_quantity(phrase, tag)
        if read_alone is None or (read_alone.low, read_alone.high, read_alone.measure) != (
            figure.low, figure.high, figure.measure,
        ):  # fmt: skip
            return False
    return True


def _rank(language: str, languages: Sequence[str]) -> int:
    return languages.index(language) if language in languages else len(languages)
