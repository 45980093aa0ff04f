"""Which entries each feed showed when its items were last stored: what need not be read again."""

from __future__ import annotations

MOST_BYTES = 32_000_000  # of marks in all; ten thousand feeds of fifty entries need four million


class EntryMemory:
    """Marks by feed, in memory only: after a restart each feed is read whole once.

    Give `known(feed)` to `Parser.parse`, and `Document.marks` to `remember` when the items are committed, not
    before: an entry whose mark is known is not read again.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._marks: dict[str, bytes] = {}  # least recently remembered first
        self._bytes = 0
        self._most = most_bytes

    def known(self, feed: str) -> bytes:
        """Return the marks of the entries this feed showed last, b"" when nothing is known."""
        return self._marks.get(feed, b"")

    def remember(self, feed: str, marks: bytes) -> None:
        """Keep what the feed shows now in place of what it showed before."""
        self._bytes -= len(self._marks.pop(feed, b""))
        if not marks or len(marks) > self._most:
            return
        self._marks[feed] = marks
        self._bytes += len(marks)
        while self._bytes > self._most:
            oldest = next(iter(self._marks))
            self._bytes -= len(self._marks.pop(oldest))
