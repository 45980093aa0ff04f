"""Entries known already are not read again, and the others come out exactly as if they were."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimwatch.core.model import Document
from claimwatch.errors import ParseError
from claimwatch.feeds import parse_document
from claimwatch.feeds.memory import EntryMemory
from claimwatch.feeds.trim import MARK_BYTES
from tests.feeds.documents import SITE, entry, rss

HEAD = "<title>Herald</title><language>fr</language><image><url>http://x.example/i.png</url><title>i</title></image>"


def read(body: bytes, known: bytes = b"") -> Document:
    return parse_document(body, content_type=None, url=SITE, known=known)


def marks(document: Document) -> list[bytes]:
    return [document.marks[at : at + MARK_BYTES] for at in range(0, len(document.marks), MARK_BYTES)]


def check_same(body: bytes, unread: set[int]) -> int:
    """Read whole, then without the entries at these places; return how many were skipped."""
    whole = read(body)
    known = b"".join(mark for place, mark in enumerate(marks(whole)) if place in unread)
    part = read(body, known)
    if part.skipped:
        gone = set(marks_in(known))
        left = tuple(i for i, m in zip(whole.items, marks(whole), strict=True) if m not in gone)
        assert part.items == left
    else:
        assert part.items == whole.items
    assert part.marks == whole.marks
    assert (part.title, part.language, part.format, part.url) == (
        whole.title,
        whole.language,
        whole.format,
        whole.url,
    )
    return part.skipped


def marks_in(known: bytes) -> list[bytes]:
    return [known[at : at + MARK_BYTES] for at in range(0, len(known), MARK_BYTES)]


def test_only_new_and_changed_entries_are_read_again() -> None:
    old = [entry(f"Report {n}", str(n), "text") for n in range(30)]
    first = read(rss("".join(old), HEAD))
    assert (len(first.items), first.skipped) == (30, 0)
    changed = [entry("Fresh", "new", "x"), *old[:10], entry("Report 10, corrected", "10", "text"), *old[11:]]
    again = read(rss("".join(changed), HEAD), first.marks)
    assert [item.title for item in again.items] == ["Fresh", "Report 10, corrected"]
    assert again.skipped == 29
    assert len(marks(again)) == 31


def test_an_unchanged_document_is_not_read_but_for_its_head() -> None:
    body = rss(entry("Report", "1") + entry("Report", "2"), HEAD)
    first = read(body)
    again = read(body, first.marks)
    assert (again.items, again.skipped, again.title, again.language) == ((), 2, "Herald", "fr")


def test_json_feeds_skip_known_entries_too() -> None:
    def feed(*names: str) -> bytes:
        items = [{"id": name, "title": f"Report {name}", "content_text": "x"} for name in names]
        return json.dumps(
            {"version": "https://jsonfeed.org/version/1.1", "title": "P", "items": items}
        ).encode()

    first = read(feed("a", "b"))
    again = read(feed("c", "a", "b"), first.marks)
    assert ([item.id for item in again.items], again.skipped) == (["c"], 2)


def test_nothing_is_skipped_where_names_are_shared_or_missing() -> None:
    shared = rss(entry("One", "same") + entry("Two", "same") + entry("Three", "other"))
    nameless = rss("<item><title>One</title></item><item><title>Two</title></item>")
    for body in (shared, nameless):
        assert read(body, read(body).marks).skipped == 0


def test_a_damaged_document_leaves_no_marks_and_damage_beside_known_entries_has_all_read() -> None:
    good = entry("One", "1") + entry("Two", "2")
    first = read(rss(good))
    assert read(rss(good + "<item><title>Bad</b></title><guid>3</guid></item>")).marks == b""
    beside = read(rss(good + "<item><title>Bad</b></title><guid>3</guid></item>"), first.marks)
    assert (len(beside.items), beside.skipped) == (3, 0)


PIECES = st.tuples(
    st.text("abc é&<北", max_size=6),
    st.sampled_from(["1", "2", "3", "4", "5", "6", ""]),
    st.text("xy <b>&", max_size=8),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=8), st.sets(st.integers(0, 7)), st.booleans())
def test_whatever_is_known_the_rest_is_read_as_if_it_were_not(
    pieces: list[tuple[str, str, str]], unread: set[int], as_link: bool
) -> None:
    items = "".join(
        f"<item><title><![CDATA[{title}]]></title>"
        + (f"<link>http://h.example/{guid}</link>" if as_link else f"<guid>{guid}</guid>" if guid else "")
        + f"<description><![CDATA[{text}]]></description></item>"
        for title, guid, text in pieces
    )
    check_same(rss(items, HEAD), unread)


def test_of_recorded_documents_any_part_is_read_as_the_whole_is(recorded_feeds: Path) -> None:
    skipped = 0
    for path in sorted(recorded_feeds.glob("*.xml"))[::6]:
        try:
            count = len(marks(read(path.read_bytes())))
        except ParseError:
            continue
        skipped += check_same(path.read_bytes(), set(range(0, count, 2)))
    assert skipped > 50


@pytest.mark.slow
def test_of_all_recorded_documents_any_part_is_read_as_the_whole_is(recorded_feeds: Path) -> None:
    for path in sorted(recorded_feeds.rglob("*.xml")):
        count = len(marks(read(path.read_bytes())))
        check_same(path.read_bytes(), set(range(2, count)))


def test_the_memory_is_bounded_and_forgets_the_longest_unseen() -> None:
    memory = EntryMemory(most_bytes=30)
    memory.remember("a", b"1" * 8)
    memory.remember("b", b"2" * 16)
    memory.remember("a", b"3" * 8)
    memory.remember("c", b"4" * 8)
    assert (memory.known("a"), memory.known("b"), memory.known("c")) == (b"3" * 8, b"", b"4" * 8)
    memory.remember("c", b"")
    memory.remember("d", b"5" * 100)
    assert memory.known("c") == memory.known("d") == b""
