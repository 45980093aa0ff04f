from hypothesis import given
from hypothesis import strategies as st

from claimwatch.core.quoting import QUOTE, Segment, quotation_marks, segments


def test_the_deciding_words_are_marked() -> None:
    found = segments("Kyiv has no information on it.", ("has no information",))
    assert found == (Segment("Kyiv "), Segment("has no information", marked=True), Segment(" on it."))


def test_marks_that_touch_are_one_and_a_mark_that_is_not_there_is_none() -> None:
    assert segments("more than 6,000 dead", ("more than", "6,000", "absent")) == (
        Segment("more than 6,000", marked=True),
        Segment(" dead"),
    )


def test_a_long_quotation_is_cut_around_its_first_mark() -> None:
    text = "word " * 200 + "the soldiers were withdrawn " + "word " * 200
    found = segments(text, ("were withdrawn",))
    shown = "".join(s.text for s in found)
    assert Segment("were withdrawn", marked=True) in found
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert len(shown) <= QUOTE


@given(st.text(max_size=600), st.lists(st.text(max_size=20), max_size=4))
def test_any_quotation_stays_within_its_budget(evidence: str, marks: list[str]) -> None:
    found = segments(evidence, tuple(marks))
    assert len("".join(s.text for s in found)) <= QUOTE
    assert all(s.text for s in found)


@given(st.text(alphabet="abc ,.", min_size=300, max_size=900), st.integers(0, 250), st.integers(1, 40))
def test_marked_words_are_the_text_s_own(text: str, start: int, length: int) -> None:
    mark = text[start : start + length].strip()
    marked = [s.text for s in segments(text, (mark,)) if s.marked]
    assert all(word.strip("… ") in " ".join(text.split()) for word in marked)


def test_marks_round_the_whole_quotation_are_ours_to_set_and_others_stay() -> None:
    assert segments("«Війська прибули»", ()) == (Segment("Війська прибули"),)
    assert segments('Kim denies it: "rumours"', ()) == (Segment('Kim denies it: "rumours"'),)
    assert segments('"No" and "never"', ()) == (Segment('"No" and "never"'),)
    assert quotation_marks("plain") == ('"', '"')
    assert quotation_marks('he said "no"') == ("“", "”")


def test_a_mark_covers_whole_words_where_words_have_blanks_between() -> None:
    assert segments("사상자 6000명 넘어", ("6000명 넘",))[1:] == (Segment("6000명 넘어", marked=True),)
    assert segments("Москва опровергла это", ("опроверг",))[1] == Segment("опровергла", marked=True)
    assert segments("平壌は否定した", ("否定",))[1] == Segment("否定", marked=True)
