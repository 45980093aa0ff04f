"""Words: cut, folded, stemmed, transliterated."""

from __future__ import annotations

import pytest

from claimwatch.language.stemming import is_korean_ending, languages_for, stems
from claimwatch.language.transliterate import skeleton
from claimwatch.language.words import WORD, Script, fold, script_of


def words(text: str) -> list[str]:
    return [fold(word) for word in WORD.findall(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CWID-l1-5 bakori", ["cwid", "l", "1", "5", "bakori"]),
        ("KN23, KN-23", ["kn", "23", "kn", "23"]),
        ("30,000 30.000 30 000 3.5", ["30000", "30000", "30000", "3", "5"]),
        ("in 2024 100 men", ["in", "2024", "100", "men"]),
        ("Déployés à Łódź", ["deployes", "a", "lodz"]),
        ("Київ і Ёлка й їжа", ["київ", "і", "елка", "й", "їжа"]),
        ("朝鲜KN-23型", ["朝鲜", "kn", "23", "型"]),
        ("उत्तर कोरिया", ["उत्तर", "कोरिया"]),
        ("L'Ukraine's", ["l", "ukraine", "s"]),
    ],
)
def test_text_is_cut_into_folded_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_letters_of_their_own_keep_their_marks_in_cyrillic() -> None:
    assert fold("Йод") != fold("Иод")
    assert fold("Ко\u0301рея") == fold("Корея")  # a stress mark


@pytest.mark.parametrize(
    ("word", "script"),
    [("Kursk", Script.LATIN), ("Курск", Script.CYRILLIC), ("북한", Script.HANGUL),
     ("朝鲜", Script.CONTINUOUS), ("ロ", Script.CONTINUOUS), ("23", Script.NUMBER), ("كوريا", Script.OTHER)],
)  # fmt: skip
def test_a_word_has_the_script_of_its_first_letter(word: str, script: Script) -> None:
    assert script_of(word) is script


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [("солдати", "солдатів", "uk"), ("військові", "військових", "uk"), ("росія", "росії", "uk"),
     ("северная", "северной", "ru"), ("войници", "войниците", "bg"), ("soldiers", "soldier", "en"),
     ("déployées", "déployer", "fr"), ("vojáků", "vojáci", "cs")],
)  # fmt: skip
def test_forms_of_one_word_share_a_stem(one: str, other: str, language: str) -> None:
    assert not set(stems(one, language)).isdisjoint(stems(other, language))


def test_different_words_share_none() -> None:
    assert set(stems("солдати", "uk")).isdisjoint(stems("снаряди", "uk"))


def test_a_text_is_read_in_its_own_language_and_english() -> None:
    assert languages_for(Script.LATIN, "fr-FR") == ("fr", "en")
    assert languages_for(Script.CYRILLIC, "uk") == ("uk", "ru")
    assert "en" in languages_for(Script.LATIN, None)
    assert languages_for(Script.HANGUL, "ko") == ()


def test_particles_may_follow_a_korean_name() -> None:
    assert is_korean_ending("에서는")
    assert not is_korean_ending("산")


@pytest.mark.parametrize(
    "spellings",
    ["Kursk Koursk Курск Курськ", "Pantsir Pantsyr Panzir Pancyr Панцирь Панцир",
     "Shoigu Choïgou Schoigu Šojgu Шойгу", "Budanov Boudanov Budanow Буданов",
     "Vladivostok Wladiwostok Владивосток"],
)  # fmt: skip
def test_the_spellings_of_a_name_share_a_key(spellings: str) -> None:
    assert len({skeleton(fold(name)) for name in spellings.split()}) == 1


def test_other_names_have_other_keys() -> None:
    assert len({skeleton(fold(name)) for name in ["Kursk", "Kirsk", "Omsk", "Tomsk", "Minsk", "Курган"]}) == 6
