"""Which topics an item is on: the door of matching."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from claimwatch.core.aliases import AliasBook
from claimwatch.core.collecting import uncollected
from claimwatch.core.matching.compiled import CompiledTopic, compile_topic
from claimwatch.core.matching.confusion import Confusables
from claimwatch.core.matching.finds import Finds
from claimwatch.core.matching.namebook import NameBook
from claimwatch.core.matching.nearest import nearest_miss
from claimwatch.core.matching.text import Text
from claimwatch.core.matching.verdict import decide
from claimwatch.core.model import Item, Match, NearMiss, Topic

MOST_UNUSED = 5_000  # names; when reloads have left more behind, an index is made anew


class TopicIndex:
    """All topics, ready for any number of items.

    `exhaustive` compares every word with every name's: the same answers by brute force, for checking.
    """

    def __init__(
        self, topics: Iterable[Topic], aliases: AliasBook | None = None, *, exhaustive: bool = False
    ) -> None:
        """Raises: ValueError, naming topic, line and entry, when a name cannot be used."""
        self._aliases = aliases or AliasBook()
        self._names = NameBook(exhaustive=exhaustive)
        self._confusables = Confusables(self._names, self._aliases)
        self._compiled: dict[str, CompiledTopic] = {}
        self._asked_by: dict[int, tuple[CompiledTopic, ...]] = {}  # a name -> the topics it may be the key to
        self._always: list[CompiledTopic] = []
        wanted = list(topics)
        with uncollected():
            self._take(wanted, {})

    def with_topics(self, topics: Iterable[Topic], aliases: AliasBook | None = None) -> TopicIndex:
        """Return an index of these topics, for a reload: what did not change is not taken apart again.

        This index stays as it is, and may go on being read by other threads meanwhile.

        Raises: ValueError, as when made anew.
        """
        wanted = list(topics)
        used = {entry for topic in wanted for line in topic.lines for entry in line.names}
        if (aliases or AliasBook()) != self._aliases or len(self._names.texts) > MOST_UNUSED + 2 * len(used):
            return TopicIndex(wanted, aliases)
        fresh = TopicIndex((), self._aliases)
        fresh._names, fresh._confusables = self._names, self._confusables
        with uncollected():
            fresh._take(wanted, self._compiled)
        return fresh

    @property
    def topics(self) -> list[Topic]:
        return [compiled.topic for compiled in self._compiled.values()]

    def match(self, item: Item) -> list[Match]:
        """Return the topics an item is on, best first."""
        text = Text(item)
        if not text.words:
            return []
        finds = Finds(self._names, text)
        asked: dict[str, CompiledTopic] = {}
        for number in finds.possible:
            for compiled in self._asked_by.get(number, ()):
                asked[compiled.topic.id] = compiled
        for compiled in self._always:
            asked[compiled.topic.id] = compiled
        matches = []
        for compiled in asked.values():
            if compiled.is_possible(finds.possible):
                decided = decide(compiled, finds, self._confusables, self._names)
                if isinstance(decided, Match):
                    matches.append(decided)
        return sorted(matches, key=lambda match: (-match.score, match.topic))

    def is_near(self, item: Item) -> bool:
        """Say whether an item seems to name anything that some topic names; more of its text may show more."""
        text = Text(item)
        return bool(text.words) and bool(Finds(self._names, text).possible)

    def explain(self, item: Item, topic_id: str) -> Match | NearMiss:
        """Return why an item is on one topic, or what kept it off.

        Raises: KeyError, when there is no such topic.
        """
        compiled = self._compiled[topic_id]
        finds = Finds(self._names, Text(item))
        decided = decide(compiled, finds, self._confusables, self._names)
        return decided if isinstance(decided, Match) else nearest_miss(decided, compiled, finds, self._names)

    def _take(self, topics: Iterable[Topic], known: Mapping[str, CompiledTopic]) -> None:
        for topic in topics:
            old = known.get(topic.id)
            unchanged = old is not None and old.topic == topic
            self._compiled[topic.id] = (
                old if old and unchanged else compile_topic(topic, self._names, self._aliases)
            )
        frequency: dict[int, int] = {}
        for compiled in self._compiled.values():
            for line in compiled.lines:
                for number in line.numbers:
                    frequency[number] = frequency.get(number, 0) + 1
        asked_by: dict[int, list[CompiledTopic]] = {}
        for compiled in self._compiled.values():
            for line in compiled.anchors(frequency):
                for number in line.numbers:
                    asked_by.setdefault(number, []).append(compiled)
                if line.regexes:
                    self._always.append(compiled)
            for line in (*compiled.lines, compiled.vetoes):
                for number in line.numbers:
                    self._confusables.guard(number)
        self._names.settle()
        self._asked_by = {number: tuple(topics) for number, topics in asked_by.items()}
