"""What an analyst or a newspaper writes about how many, read as a value with a bound."""

from __future__ import annotations

import pytest

from claimwatch.language.quantities import find_quantities, read_quantity
from claimwatch.language.quantity import INFINITE, compatible, describe, includes

PHRASES = [
    ("up to 30,000 soldiers", 0, 30_000, "soldiers", "total", "at most 30,000 soldiers"),
    ("about 4,000 killed or wounded", 3_600, 4_400, "casualties", "total",
     "about 4,000 (3,600 to 4,400) killed or wounded"),
    ("tens of thousands of containers", 20_000, 99_999, "containers", "total", "20,000 to 99,999 containers"),
    ("25,000 to 30,000", 25_000, 30_000, None, "total", "25,000 to 30,000"),
    ("at least 1", 1, INFINITE, None, "total", "at least 1"),
    (">6000", 6_000, INFINITE, None, "total", "more than 6,000"),
    ("no more than 500", 0, 500, None, "total", "at most 500"),
    ("between 10 and 12 thousand", 10_000, 12_000, None, "total", "10,000 to 12,000"),
    ("another 25,000", 25_000, 25_000, None, "increment", "another 25,000"),
    ("a dozen", 12, 12, None, "total", "12"),
    ("half of", 0.5, 0.5, None, "ratio", "0.5 times"),
    ("tripled", 3, 3, None, "ratio", "3 times"),
    ("up to 12 missiles", 0, 12, "missiles", "total", "at most 12 missiles"),
    ("dizaines de milliers", 20_000, 99_999, None, "total", "20,000 to 99,999"),
    ("36%", 36, 36, "percent", "share", "36 percent"),
    ("jusqu’à 30 000 soldats", 0, 30_000, "soldiers", "total", "at most 30,000 soldiers"),
    ("plus de 6 000", 6_000, INFINITE, None, "total", "more than 6,000"),
    ("30 mille", 30_000, 30_000, None, "total", "30,000"),
    ("des dizaines de milliers de conteneurs", 20_000, 99_999, "containers", "total", "20,000 to 99,999 containers"),
]  # fmt: skip


THIRTY_THOUSAND = ("30 000", "30,000", "30.000", "30k", "30 mille", "trente mille", "30 тысяч", "3만", "三万")


@pytest.mark.parametrize("phrase", THIRTY_THOUSAND)
def test_thirty_thousand_is_read_however_it_is_written(phrase: str) -> None:
    found = read_quantity(phrase)
    assert found is not None
    assert (found.low, found.high, found.bound, found.role) == (30_000, 30_000, "exact", "total")


def test_what_comes_on_top_is_an_increment_and_what_was_there_a_total() -> None:
    found = find_quantities("a further 6,000 on top of 11,000", "en")
    assert [(q.value, q.role) for q in found] == [(6_000, "increment"), (11_000, "total")]


@pytest.mark.parametrize(("phrase", "low", "high", "measure", "role", "words"), PHRASES)
def test_a_phrase_is_read_as_an_analyst_means_it(
    phrase: str, low: float, high: float, measure: str | None, role: str, words: str
) -> None:
    found = read_quantity(phrase)
    assert found is not None
    assert (found.low, found.high, found.measure, found.role) == (
        pytest.approx(low), pytest.approx(high), measure, role,
    )  # fmt: skip
    assert describe(found) == words


@pytest.mark.parametrize(
    "phrase", ["30k-ish", "", "soldiers", "KN-23", "in 2024", "a further 6,000 on top of 11,000"]
)
def test_a_phrase_that_is_no_single_quantity_is_not_understood(phrase: str) -> None:
    assert read_quantity(phrase) is None


SENTENCES = [
    ("en", "Some 600 soldiers were killed and more than 4,000 wounded", [("killed", 600), ("wounded", 4000)]),
    ("en", "around 600 of the 15,000 deployed troops have died", [("killed", 600), ("soldiers", 15000)]),
    ("en", "He sent 5,000 builders and 1,000 sappers", [("builders", 5000), ("sappers", 1000)]),
    ("fr", "600 soldats ont été tués et 4 700 blessés", [("killed", 600), ("wounded", 4700)]),
    ("ru", "убиты 600 солдат и ранены 4700", [("killed", 600), ("wounded", 4700)]),
    ("ru", "тысячу саперов и пять тысяч строителей", [("sappers", 1000), ("builders", 5000)]),
    ("uk", "близько 6000 військовослужбовців", [("soldiers", 6000)]),
    ("ko", "공병 1천명과 건설노동자 5천명", [("sappers", 1000), ("builders", 5000)]),
    ("ko", "사상자 3000여 명", [("casualties", 3000)]),
    ("zh", "1万名士兵", [("soldiers", 10000)]),
    ("ja", "兵士約1万1000人", [("soldiers", 11000)]),
    ("de", "rund 12.000 Soldaten", [("soldiers", 12000)]),
    ("es", "unos 10.000 soldados", [("soldiers", 10000)]),
]


@pytest.mark.parametrize(("language", "text", "expected"), SENTENCES)
def test_the_figures_of_a_sentence_are_found_with_what_they_count(
    language: str, text: str, expected: list[tuple[str, float]]
) -> None:
    found = [(q.measure, round(q.value)) for q in find_quantities(text, language)]
    assert found == expected


def test_an_increment_is_no_total() -> None:
    (found,) = find_quantities("6,000 additional soldiers", "en")
    assert found.role == "increment"


def test_what_rises_to_a_figure_has_no_upper_bound() -> None:
    (found,) = find_quantities("потери выросли до 5500 солдат", "ru")
    assert (found.low, found.high) == (5500, 5500)


def test_the_killed_are_among_the_casualties_and_not_the_other_way_round() -> None:
    assert includes("casualties", "killed")
    assert not includes("killed", "casualties")


def test_two_open_intervals_are_compatible_when_they_meet() -> None:
    one, other = read_quantity("at least 1,000"), read_quantity("about 4,000")
    assert one is not None
    assert other is not None
    assert compatible(one, other)


def test_hostile_digits_cost_little() -> None:
    assert len(find_quantities("1,1,1,1 " * 400 + "9" * 3000, "en")) < 4000
