"""The judge knows the names of the alias book: two names of one party are one, rivals never."""

from __future__ import annotations

from pathlib import Path

import pytest

from claimwatch.config.settings import Settings
from claimwatch.core.aliases import AliasBook
from claimwatch.core.model import Assessment, Claim, Item, Pair, Stance
from claimwatch.judges.lexical import KnownNames, LexicalJudge, describe_frame

CLAIM = Claim("yard", "t", "Belmora Shipyards has closed its yard in Lindholm.", "The yard is closed", "en")
BOOK = AliasBook.from_entries(
    {
        "belmora": {"names": ["Belmora Shipyards", "Tarsk Group", "Группа Тарск", "タルスク造船"]},
        "belmora-yachts": {"names": ["Belmora Yachts", "Norwind"]},
        "lindholm-poet": {"names": ["Lindholm"], "signs": ["poems", "poet"]},
        "lindholm-town": {"names": ["Lindholm"], "signs": ["harbour"]},
        "ships": {"names": ["ships", "vessels"]},
    },
    [["belmora", "belmora-yachts"], ["lindholm-poet", "lindholm-town"]],
)


def judged(text: str, language: str = "en", book: AliasBook | None = BOOK) -> Assessment:
    return LexicalJudge(book).assess([Pair(CLAIM, text, language)])[0]


@pytest.mark.parametrize(
    ("text", "language", "speaker"),
    [
        ("Tarsk Group denies that it has closed its yard in Lindholm", "en", "Tarsk Group"),
        ("Группа Тарск отрицает закрытие верфи в Линдхольме", "ru", "Группа Тарск"),
    ],
)
def test_an_alias_no_lexicon_knows_denies_as_the_claims_party(text: str, language: str, speaker: str) -> None:
    found = judged(text, language)
    assert (found.stance, found.speaker) == (Stance.CONTRADICTS, speaker)
    assert found.relevance == 1.0
    assert judged(text, language, None).relevance < 1.0


def test_without_the_book_a_denial_under_a_foreign_alias_is_not_judged() -> None:
    assert judged("Группа Тарск отрицает закрытие верфи в Линдхольме", "ru", None).stance is Stance.NEUTRAL


@pytest.mark.parametrize("rival", ["Norwind", "Belmora Yachts"])
def test_what_must_not_be_confused_with_the_claims_party_contradicts_nothing(rival: str) -> None:
    text = f"{rival} denies that it has closed its yard in Lindholm"
    assert judged(text).stance is Stance.NEUTRAL
    assert judged(text, book=None).stance is Stance.CONTRADICTS


def test_both_parties_named_are_read_as_two() -> None:
    found = judged("Norwind and Tarsk Group deny that Tarsk Group has closed its yard in Lindholm")
    assert found.stance is Stance.CONTRADICTS


def test_signs_tell_one_spelling_of_two_things_apart_and_without_any_neither_counts() -> None:
    known = KnownNames(BOOK)
    assert [name.key for name in known("The harbour of Lindholm is closed", "en")] == ["lindholm-town"]
    assert [name.key for name in known("Lindholm wrote poems", "en")] == ["lindholm-poet"]
    assert known("Lindholm is closed", "en") == []


def test_a_party_the_lexicons_know_keeps_their_key_so_that_both_vocabularies_are_one() -> None:
    book = AliasBook.from_entries({"dprk": {"names": ["North Korea", "Чосон"]}, "x": {"names": ["Чосон"]}})
    only = AliasBook.from_entries({"dprk": {"names": ["North Korea", "Чосон"]}})
    claim = Claim("c", "t", "North Korea has sent soldiers to Russia.", "c", "en")
    pair = Pair(claim, "Чосон отрицает отправку солдат в Россию", "ru")
    assert LexicalJudge(only).assess([pair])[0].stance is Stance.CONTRADICTS
    assert LexicalJudge(book).assess([pair])[0].stance is Stance.NEUTRAL  # whose name it is, nobody can tell


def test_common_things_of_the_book_are_no_parties() -> None:
    assert KnownNames(BOOK)("The vessels left", "en") == []


def test_the_claims_frame_shows_the_names_of_the_book() -> None:
    assert "who:      Belmora Shipyards, Lindholm" not in describe_frame(CLAIM)
    assert "Belmora Shipyards" in describe_frame(CLAIM, KnownNames(BOOK))


def test_a_part_of_a_name_is_nothing_the_claim_speaks_of() -> None:
    book = AliasBook.from_entries({"ltd": {"names": ["Lowland Artillery Works", "Tarsk"]}})
    claim = Claim("c", "t", "Lowland Artillery Works has sold its mill in Lindholm.", "c", "en")
    denied = Pair(claim, "Tarsk denies that it has sold its mill in Lindholm", "en")
    assert LexicalJudge(book).assess([denied])[0].stance is Stance.CONTRADICTS
    assert "what:" not in describe_frame(claim, KnownNames(book))


def test_commands_and_stations_judge_with_the_book_of_the_config(tmp_path: Path) -> None:
    from claimwatch.app import Trier

    settings = _settings(tmp_path)
    item = Item("i", title="Tarsk Group denies that it has closed its yard in Lindholm", language="en")
    ((_, found),) = Trier(settings).judge(item, settings.claims)
    assert (found.stance, found.speaker) == (Stance.CONTRADICTS, "Tarsk Group")


def _settings(folder: Path) -> Settings:
    from claimwatch.cli.options import load_settings

    config = folder / "config"
    (config / "topics").mkdir(parents=True)
    (config / "names.yaml").write_text(
        "name:\n  belmora: {names: [Belmora Shipyards, Tarsk Group]}\n", encoding="utf-8"
    )
    (config / "topics" / "yard.yaml").write_text(
        "topic:\n  yard: {title: The yard, who: ['@belmora'], what: [yard]}\n"
        "claim:\n  yard-closed: {short: Closed, text: 'Belmora Shipyards has closed its yard in Lindholm.',"
        " language: en}\n",
        encoding="utf-8",
    )
    return load_settings(config)
