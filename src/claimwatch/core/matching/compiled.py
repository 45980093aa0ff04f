"""Topics, compiled: lines as sets of numbers, and who is asked when a name is met."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from claimwatch.core.aliases import AliasBook
from claimwatch.core.matching.namebook import NameBook
from claimwatch.core.model import NameLine, Topic

SMALL = 6  # numbers; a tuple of so few takes a third of a set's memory and is searched as fast


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a topic: the numbers of its names, `@entries` written out."""

    label: str
    numbers: frozenset[int] | tuple[int, ...]
    regexes: tuple[int, ...]
    within: str | None
    at_least: int


@dataclass(frozen=True, slots=True)
class CompiledTopic:
    """A topic ready to be asked; `wanted` is how many of its lines must be found."""

    topic: Topic
    lines: tuple[Line, ...]
    vetoes: Line
    wanted: int

    def anchors(self, frequency: Mapping[int, int]) -> list[Line]:
        """Return lines of which at least one is found in every item on the topic: the rarest suffice."""
        needed = len(self.lines) - self.wanted + 1
        rarest = sorted(
            self.lines, key=lambda line: (bool(line.regexes), sum(frequency.get(n, 0) for n in line.numbers))
        )
        return rarest[:needed]

    def is_possible(self, possible: set[int]) -> bool:
        """Say whether enough lines have a possible name; a line with a regex always may."""
        empty = len(self.lines) - self.wanted
        for line in self.lines:
            if not line.regexes and possible.isdisjoint(line.numbers):
                empty -= 1
                if empty < 0:
                    return False
        return True


def compile_topic(topic: Topic, names: NameBook, aliases: AliasBook) -> CompiledTopic:
    """Return a topic compiled; its names are added to `names`.

    Raises: ValueError, naming the topic, the line and the entry.
    """
    lines = tuple(_compile_line(topic, line, names, aliases) for line in topic.lines)
    vetoes = _compile_line(topic, NameLine("not", topic.vetoes), names, aliases)
    wanted = max(1, len(lines) if topic.at_least is None else min(topic.at_least, len(lines)))
    return CompiledTopic(topic, lines, vetoes, wanted)


def _compile_line(topic: Topic, line: NameLine, names: NameBook, aliases: AliasBook) -> Line:
    numbers: set[int] = set()
    regexes: list[int] = []
    for entry in line.names:
        try:
            for text, sense in written_out(entry, aliases):
                number = names.add(text, sense)
                if names.is_regex(number):
                    regexes.append(number)
                else:
                    numbers.add(number)
        except ValueError as error:
            raise ValueError(f"topic {topic.id}, {line.name}: {error}") from error
    kept = tuple(sorted(numbers)) if len(numbers) <= SMALL else frozenset(numbers)
    return Line(line.name, kept, tuple(regexes), line.within, max(1, line.at_least))


def written_out(entry: str, aliases: AliasBook) -> list[tuple[str, str]]:
    """Return an entry's names, with the id they are meant as: itself, or all of what `@id` refers to.

    Raises: ValueError, when the alias book has no such entry.
    """
    if not entry.startswith("@"):
        return [(entry, "")]
    try:
        return [(name, entry[1:]) for name in aliases.names_of(entry[1:])]
    except KeyError:
        raise ValueError(f'the alias book has no entry "{entry[1:]}"') from None
