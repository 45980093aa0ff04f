from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimwatch.core.origins import first_told, origin_of, same_origin, same_text

WIRE = (
    "Avaria denies plan to send soldiers to Norland\n"
    "The foreign ministry of Avaria said on Monday that no plan existed to send up to 5,000 more soldiers to "
    "Norland, and called a report of the Norland intelligence service an invention."
)

texts = st.text(alphabet="abcde ABC 0123456789.,\n北朝鮮軍派遣否定", max_size=60)
names = st.sampled_from(["Kremlin", "the Kremlin", "GUR", "Ukrainian GUR", "former GUR officer", "", "AFP"])


@given(texts, texts)
def test_same_text_does_not_depend_on_the_order_of_its_arguments(one: str, other: str) -> None:
    assert same_text(one, other) == same_text(other, one)


@given(texts)
def test_a_text_that_says_anything_is_the_same_as_itself(text: str) -> None:
    assert same_text(text, text) == bool(text.strip())


@given(names, names)
def test_same_origin_does_not_depend_on_the_order_of_its_arguments(one: str, other: str) -> None:
    assert same_origin(one, other) == same_origin(other, one)


def test_a_reprint_with_other_white_space_and_a_new_last_line_is_the_same_text() -> None:
    assert same_text(WIRE, WIRE.replace(" ", "  ") + " (Reuters)")


def test_another_number_makes_another_text() -> None:
    assert not same_text(WIRE, WIRE.replace("5,000", "500"))


def test_a_number_that_was_added_makes_another_text_unless_one_is_a_cut_of_the_other() -> None:
    assert not same_text(
        "CWID-l1-1 koba riten mulsav gedpon xidru felhak", "CWID-l1-11 koba riten mulsav gedpon xidru felhak"
    )
    assert same_text(WIRE.partition("\n")[0], WIRE)


def test_short_headlines_that_differ_in_one_word_are_two() -> None:
    assert not same_text("Kyiv denies troop plan", "Seoul denies troop plan")
    assert not same_text("Avaria sends troops", "Avaria sends trucks")


def test_japanese_and_chinese_texts_are_compared_by_characters() -> None:
    told = "朝鮮民主主義人民共和国はロシアに部隊を派遣する計画を否定した。外務省の報道官が月曜日に述べた。"
    assert same_text(told, told.replace("月曜日に", "月曜に"))
    assert not same_text(
        told, "韓国政府は新しい防空システムの導入計画を発表した。国防省の報道官が火曜日に述べた。"
    )


def test_a_cut_of_an_earlier_text_is_a_reprint() -> None:
    assert first_told(WIRE.partition("\n")[0], [(7, WIRE)]) == 7


def test_the_whole_text_after_its_headline_alone_is_a_reprint() -> None:
    assert first_told(WIRE, [(7, WIRE.partition("\n")[0])]) == 7


def test_a_longer_text_that_only_quotes_an_earlier_headline_tells_more_than_was_told() -> None:
    earlier = "Avaria to send soldiers to Norland next month"
    longer = (
        "Norland halts the landing of foreign units\n"
        "Avaria to send soldiers to Norland next month, it was said last week. The government in Norland has "
        "now withdrawn its invitation and closed the port to all of them."
    )
    assert same_text(earlier, longer)
    assert first_told(longer, [(7, earlier)]) is None


def test_the_first_of_several_tellings_is_named() -> None:
    assert first_told(WIRE, [(3, "something else entirely"), (5, WIRE), (9, WIRE)]) == 5


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("GUR", "Ukrainian GUR"),
        ("Kremlin", "the Kremlin"),
        ("Kremlin spokesman Dmitry Peskov", "Kremlin"),
        ("spokesman for the Kremlin", "Kremlin"),
        ("Russia", "Russia's defence ministry"),
        ("le ministère de la Défense", "ministère de la défense"),
    ],
)
def test_one_voice_under_two_names(one: str, other: str) -> None:
    assert same_origin(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kremlin", "Kyiv"),
        ("North Korea", "South Korea"),
        ("Kremlin", "former Kremlin adviser"),
        ("GUR", "ex-GUR officer"),
        ("South Korea", "critics in South Korea"),
        ("North Korea", "an exile group of teachers from North Korea"),
        ("", ""),
        ("", "Kremlin"),
    ],
)
def test_two_voices(one: str, other: str) -> None:
    assert not same_origin(one, other)


@pytest.mark.parametrize(
    ("speaker", "text", "origin"),
    [
        ("Kremlin", "according to TASS", "Kremlin"),
        ("the Kremlin", "", "the Kremlin"),
        ("officials", "officials said, according to Reuters", "Reuters"),
        ("a spokesman", "", "Example Times"),
        ("le ministre", "selon l'AFP", "AFP"),
        (None, "сообщает ТАСС", "TASS"),
        (None, "об этом сообщили Интерфаксу", "Interfax"),
        (None, "連合は共同通信によると", "Kyodo"),
        (None, "연합뉴스에 따르면", "Yonhap"),
        (None, "the tassel was red", "Example Times"),
        (None, "no agency is named", "Example Times"),
    ],
)
def test_the_origin_is_who_speaks_else_the_agency_else_the_publisher(
    speaker: str | None, text: str, origin: str
) -> None:
    assert origin_of(speaker=speaker, text=text, publisher="Example Times") == origin


def test_a_hostile_text_costs_no_more_than_a_long_one() -> None:
    assert not same_text("a" * 5_000_000, "b " * 2_000_000)
