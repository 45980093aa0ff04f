"""What a publisher changed in a report later, as people read it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from claimwatch.core.edits import what_changed


def test_the_words_that_changed_are_told() -> None:
    before = ("Flood kills 3 people in Orsa", "Three people died on Sunday.", "")
    after = ("Flood kills 5 people in Orsa", "Five people died on Sunday. More are missing.", "")
    assert what_changed(before, after) == (
        'title: "3" -> "5"; summary: "Three" -> "Five", nothing -> "More are missing."'
    )


def test_a_text_that_came_or_went_is_told_as_a_whole() -> None:
    assert what_changed(("A", "", ""), ("A", "All is well", "")) == 'summary: nothing -> "All is well"'
    assert what_changed(("A", "All is well", ""), ("A", "", "")) == 'summary: "All is well" -> nothing'


def test_the_content_is_told_where_title_and_summary_stayed() -> None:
    assert what_changed(("A", "b", "c d"), ("A", "b", "c e")) == 'text: "d" -> "e"'
    assert what_changed(("A", "b", "c d"), ("B", "b", "c e")) == 'title: "A" -> "B"'
    assert what_changed(("A", "b", "c"), ("A", " b ", "c")) == "nothing that is shown"


@given(*[st.tuples(*[st.text(max_size=300)] * 3)] * 2)
def test_it_is_short_whatever_changed(before: tuple[str, str, str], after: tuple[str, str, str]) -> None:
    assert 0 < len(what_changed(before, after)) < 1_200
