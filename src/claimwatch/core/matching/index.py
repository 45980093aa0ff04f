"""Which topics an item is on: the door of matching."""

from __future__ import annotations

from collections.abc import Iterable

from claimwatch.core.aliases import AliasBook
from claimwatch.core.matching.compiled import CompiledTopic, compile_topic
from claimwatch.core.matching.confusion import Confusables
from claimwatch.core.matching.namebook import Found, NameBook
from claimwatch.core.matching.nearest import nearest_miss
from claimwatch.core.matching.text import Text
from claimwatch.core.matching.verdict import decide
from claimwatch.core.model import Item, Match, NearMiss, Topic


class TopicIndex:
    """All topics, ready for any number of items.

    One index may be read by several threads; `with_topics` makes the next one from it.
    """

    def __init__(self, topics: Iterable[Topic], aliases: AliasBook | None = None) -> None:
        """Raises: ValueError, naming topic, line and entry, when a name cannot be used."""
        self._aliases = aliases or AliasBook()
        self._names = NameBook()
        self._confusables = Confusables(self._names, self._aliases)
        self._compiled: dict[str, CompiledTopic] = {}
        self._asked_by: dict[int, list[CompiledTopic]] = {}  # a name -> the topics it may be the key to
        self._always: list[CompiledTopic] = []
        self._take(topics, {})

    @property
    def topics(self) -> list[Topic]:
        return [compiled.topic for compiled in self._compiled.values()]

    def match(self, item: Item) -> list[Match]:
        """Return the topics an item is on, best first."""
        text = Text(item)
        if not text.words:
            return []
        found = self._find(text)
        asked = {
            compiled.topic.id: compiled for number in found for compiled in self._asked_by.get(number, ())
        }
        for compiled in self._always:
            asked[compiled.topic.id] = compiled
        matches = []
        for compiled in asked.values():
            decided = decide(compiled, found, text, self._names)
            if isinstance(decided, Match):
                matches.append(decided)
        return sorted(matches, key=lambda match: (-match.score, match.topic))

    def explain(self, item: Item, topic_id: str) -> Match | NearMiss:
        """Return why an item is on one topic, or what kept it off.

        Raises: KeyError, when there is no such topic.
        """
        compiled = self._compiled[topic_id]
        text = Text(item)
        found = self._find(text)
        decided = decide(compiled, found, text, self._names)
        return (
            decided
            if isinstance(decided, Match)
            else nearest_miss(decided, compiled, found, text, self._names)
        )

    def _find(self, text: Text) -> Found:
        return self._confusables.left_of(self._names.find(text), text)

    def _take(self, topics: Iterable[Topic], known: dict[str, CompiledTopic]) -> None:
        for topic in topics:
            old = known.get(topic.id)
            compiled = old if old and old.topic == topic else compile_topic(topic, self._names, self._aliases)
            self._compiled[topic.id] = compiled
        frequency: dict[int, int] = {}
        for compiled in self._compiled.values():
            for line in compiled.lines:
                for number in line.numbers:
                    frequency[number] = frequency.get(number, 0) + 1
        for compiled in self._compiled.values():
            for line in compiled.anchors(frequency):
                for number in line.numbers:
                    self._asked_by.setdefault(number, []).append(compiled)
                if line.regexes:
                    self._always.append(compiled)
            for line in (*compiled.lines, compiled.vetoes):
                for number in line.numbers:
                    self._confusables.guard(number)
