"""Topics: which items are on which topic, and why. `TopicIndex(topics).match(item)` is the door."""

from claimwatch.core.matching.index import TopicIndex

__all__ = ["TopicIndex"]
