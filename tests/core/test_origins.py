from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimwatch.core.origins import origin_of, same_origin

names = st.sampled_from(["Kremlin", "the Kremlin", "GUR", "Ukrainian GUR", "former GUR officer", "", "AFP"])


@given(names, names)
def test_same_origin_does_not_depend_on_the_order_of_its_arguments(one: str, other: str) -> None:
    assert same_origin(one, other) == same_origin(other, one)


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
    assert origin_of(speaker=speaker, text=text, publisher="Example Times").name == origin
