"""Folding, detection, sentences, lexicons: texts as they come."""

from __future__ import annotations

import tomllib
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimwatch.language.detect import detect
from claimwatch.language.lexicon import LANGUAGES, lexicon_for
from claimwatch.language.normalize import fold, fold_with_offsets
from claimwatch.language.polarity import cues_of
from claimwatch.language.reading import read
from claimwatch.language.sentences import split_sentences


def test_folding_knows_one_spelling_for_what_readers_take_for_the_same() -> None:
    assert fold("L’État « nié » 30\u202f000") == 'l\'etat " nie " 30 000'
    assert fold("ЁЖ ﬁn ＡＢＣ") == "еж fin abc"


def test_hangul_and_kana_keep_their_letters() -> None:
    assert fold("부인 ガード") == "부인 ガード"


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=80))
def test_every_folded_letter_knows_where_it_came_from(text: str) -> None:
    folded, offsets = fold_with_offsets(text)
    if offsets is None:
        assert len(folded) == len(text)
    else:
        assert len(offsets) == len(folded)
        assert all(0 <= place < len(text) for place in offsets)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("North Korea denies that it has sent soldiers", "en"), ("Le Kremlin dément l'envoi de soldats", "fr"),
        ("Кремль отрицает отправку солдат, это было ложью", "ru"), ("Кремль заперечує відправку військ", "uk"),
        ("크렘린궁은 파병을 부인했다", "ko"), ("北朝鮮は派遣を否定した", "ja"), ("朝鲜否认派兵", "zh"),
        ("Der Kreml dementiert die Entsendung von Soldaten", "de"), ("El Kremlin niega el envío de soldados", "es"),
    ],
)  # fmt: skip
def test_the_language_is_detected(text: str, language: str) -> None:
    assert detect(text) == language


def test_a_declared_language_wins_unless_its_letters_are_missing() -> None:
    assert detect("Kim Jong Un in Moskau", "de-DE") == "de"
    assert detect("크렘린궁은 파병을 부인했다고 밝혔다", "en") == "ko"
    assert detect("12345") is None


def test_sentences_are_pieces_of_the_text() -> None:
    text = "Mr. Smith of the U.S. Army said no.\nThen N. Korea sent 3.5 million shells. Yes!"
    found = split_sentences(text, "en")
    assert found[0] == "Mr. Smith of the U.S. Army said no."
    assert all(sentence in text for sentence in found)


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    reading = read(text)
    assert all(sentence.text in text for sentence in reading.sentences)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_lexicon_has_the_same_sections_in_folded_spelling(language: str) -> None:
    path = resources.files("claimwatch.language").joinpath("lexicons", f"{language}.toml")
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    for section in ("cues", "before", "after", "measures", "names", "concepts", "vague", "ratios"):
        assert section in data
    for cue in (
        "negation",
        "denial",
        "refutation",
        "disclaimer",
        "despite",
        "hedge",
        "question",
        "reporting",
    ):
        assert data["cues"][cue]
    for section in ("cues", "before", "after", "measures", "names", "concepts"):
        for words in data[section].values():
            assert fold(words) == words
    assert {"send", "supply", "kill", "troops", "weapons"} <= data["concepts"].keys()
    assert lexicon_for(language).scan("") == []


@pytest.mark.parametrize(
    ("language", "text", "kinds"),
    [
        ("en", "The Kremlin denies the report", ["denial"]),
        ("en", "The Kremlin did not deny the report", []),
        ("en", "The Kremlin declined to comment", []),
        ("en", "He brought not only bread", []),
        ("fr", "Le Kremlin ne dément pas", []),
        ("ru", "Кремль не отрицает", []),
        ("ko", "부인하지 않았다", []),
        ("ja", "否定しなかった", []),
        ("zh", "没有否认", []),
    ],
)
def test_what_turns_a_statement_and_what_does_not(language: str, text: str, kinds: list[str]) -> None:
    reading = read(text, language)
    assert [cue.kind for sentence in reading.sentences for cue in cues_of(sentence, language)] == kinds
