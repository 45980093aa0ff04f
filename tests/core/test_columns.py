from hypothesis import given
from hypothesis import strategies as st

from claimwatch.core.columns import width, wrap

TEXT = st.text(alphabet=st.sampled_from("ab  é漢字かな한국어🎉\u0301,.-"), max_size=200)


@given(TEXT, st.integers(12, 80))
def test_no_line_is_wider_than_asked(text: str, columns: int) -> None:
    assert all(
        width(line) <= columns for line in wrap(text, first="LABEL     ", indent="   ", columns=columns)
    )


@given(TEXT)
def test_wrapping_loses_no_character(text: str) -> None:
    together = "".join(wrap(text, columns=20)).replace(" ", "")
    assert together == text.replace(" ", "")


def test_east_asian_characters_are_two_wide_and_accents_none() -> None:
    assert width("漢字") == 4
    assert width("한국") == 4
    assert width("e\u0301") == 1


def test_korean_words_stay_whole_and_japanese_fills_the_line() -> None:
    assert wrap("북한군 러시아", columns=10) == ["북한군", "러시아"]
    assert wrap("a 日本語日本語日本語", columns=12) == ["a 日本語日本", "語日本語"]


def test_thousands_written_with_a_blank_stay_together() -> None:
    assert wrap("plus de 6 000 pertes", columns=10) == ["plus de", "6 000", "pertes"]


def test_a_word_longer_than_the_line_is_broken() -> None:
    assert wrap("x" * 25, columns=10) == ["x" * 10, "x" * 10, "x" * 5]
