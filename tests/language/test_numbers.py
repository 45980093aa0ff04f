"""Every whole number up to a billion, written in each language's ways, reads back as itself."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimwatch.language.lexicon import lexicon_for
from claimwatch.language.normalize import fold
from claimwatch.language.numbers import find_numbers, read_number
from tests.language.spelling import WRITERS

NUMBERS = st.one_of(
    st.integers(0, 10**9),
    st.integers(0, 3000),
    st.builds(lambda a, b: a * 10**b, st.integers(1, 999), st.integers(0, 6)),
)
SEPARATORS = (",", ".", " ", "\u00a0", "\u202f", "'", "")


@pytest.mark.parametrize("language", WRITERS)
@settings(max_examples=300, deadline=None)
@given(number=NUMBERS)
def test_a_number_in_words_reads_back(language: str, number: int) -> None:
    assert read_number(WRITERS[language](number), language) == number


@pytest.mark.parametrize("language", WRITERS)
@settings(max_examples=100, deadline=None)
@given(number=NUMBERS, separator=st.sampled_from(SEPARATORS))
def test_a_number_in_digits_reads_back_with_any_grouping(language: str, number: int, separator: str) -> None:
    assert read_number(f"{number:,}".replace(",", separator), language) == number


MIXED = {
    "en": ("thousand", "million"),
    "fr": ("mille", "millions"),
    "ru": ("тысяч", "миллионов"),
    "uk": ("тисяч", "мільйонів"),
    "de": ("tausend", "Millionen"),
    "es": ("mil", "millones"),
}


@pytest.mark.parametrize("language", MIXED)
@settings(max_examples=60, deadline=None)
@given(head=st.integers(2, 999), million=st.booleans())
def test_digits_with_a_multiplier_word_read_back(language: str, head: int, million: bool) -> None:
    word = MIXED[language][million]
    assert read_number(f"{head} {word}", language) == head * (10**6 if million else 1000)


@settings(max_examples=60, deadline=None)
@given(tens=st.integers(1, 9999), rest=st.integers(0, 9999))
def test_digits_mixed_with_ten_thousand_signs_read_back(tens: int, rest: int) -> None:
    tail = str(rest) if rest else ""
    assert read_number(f"{tens}만{tail}", "ko") == tens * 10**4 + rest
    assert read_number(f"{tens}万{tail}", "ja") == tens * 10**4 + rest
    assert read_number(f"{tens}万{tail}", "zh") == tens * 10**4 + rest


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("KN-23", "en"), ("Il-76", "en"), ("at 10:30", "en"), ("7th", "en"), ("in 2024", "en"), ("October 10", "en"),
        ("10 octobre", "fr"), ("1er", "fr"), ("2024年", "zh"), ("4일", "ko"), ("21日", "ja"), ("3-я", "ru"),
        ("10 октября", "ru"), ("528th Regiment", "en"), ("S-300", "ru"), ("30k-ish", "en"),
    ],
)  # fmt: skip
def test_names_dates_and_ordinals_are_no_counts(text: str, language: str) -> None:
    assert [n for n in find_numbers(fold(text), lexicon_for(language)) if n.kind == "cardinal"] == []
