"""The judge on stories nobody prepared it for: invented names, everyday claims (written by the main author).

Whoever follows another story than the shipped one gets just these sentences: they must hold.
"""

from __future__ import annotations

import pytest

from claimwatch.core.alerting import speaks
from claimwatch.core.aliases import AliasBook
from claimwatch.core.model import Claim, Pair, Stance
from claimwatch.judges.lexical import LexicalJudge, judge

TROOPS = "Up to 5,000 more Avarian soldiers may be sent to Norland in the coming months."
DAM = "The dam at Lake Orsa is safe."
PLANT = "Acme will close its plant in Lyon."
DEAL = "Marvo has agreed to buy Tessel for 3 billion euros."

CASES = [
    (TROOPS, "Avaria denies it will send 5,000 soldiers to Norland", "contradicts"),
    (TROOPS, "Avaria denies plan to send soldiers to Norland", "contradicts"),
    (TROOPS, "Avaria will not send any troops to Norland, ministry says", "contradicts"),
    (TROOPS, "Avaria to send 5,000 soldiers to Norland, minister says", "supports"),
    (TROOPS, "Avaria will send 8,000 soldiers to Norland", "updates"),
    (TROOPS, "Avaria opens a new embassy in Norland", "neutral"),
    (DAM, "Engineers deny that the Orsa dam is safe", "contradicts"),
    (DAM, "Orsa dam is not safe, engineers warn", "contradicts"),
    (DAM, "Orsa dam is safe, engineers say", "supports"),
    (DAM, "A festival at Lake Orsa draws 4,000 visitors", "neutral"),
    (PLANT, "Acme denies it will close Lyon plant", "contradicts"),
    (PLANT, "Acme says reports that it will close its Lyon plant are false", "contradicts"),
    (PLANT, "Acme confirms it will close its plant in Lyon", "supports"),
    (PLANT, "Acme hires a new head of design in Lyon", "neutral"),
    (DEAL, "Marvo denies talks to buy Tessel", "contradicts"),
    (DEAL, "Marvo to pay 4 billion euros for Tessel", "updates"),
    (DEAL, "Marvo agrees to buy Tessel for 3 billion euros", "supports"),
    ("Acme va fermer son usine de Lyon.", "Acme dément la fermeture de son usine de Lyon", "contradicts"),
    ("Acme va fermer son usine de Lyon.", "Acme ne fermera pas son usine de Lyon", "contradicts"),
    ("Acme va fermer son usine de Lyon.", "Acme confirme la fermeture de son usine de Lyon", "supports"),
]


@pytest.mark.parametrize(("claim", "text", "stance"), CASES)
def test_everyday_sentences_are_understood(claim: str, text: str, stance: str) -> None:
    said = judge(claim, text)
    assert said.stance is Stance(stance), said.reasons


TOPIC_WORDS_ALONE = [
    (DAM, "Orsa dam collapses, flood hits three villages"),
    (DAM, "Orsa dam at risk of collapse"),
    (PLANT, "Acme wins award for safety at its Lyon plant"),
    (PLANT, "Acme opens new Lyon plant"),
    (
        "About 1,200 people will lose their jobs at the Velmont factory.",
        "Velmont factory wins award for safety",
    ),
    ("L'usine de Velmont a pollué la rivière.", "L'usine de Velmont fermera en mars 2027"),
]


@pytest.mark.parametrize(("claim", "text"), TOPIC_WORDS_ALONE)
def test_sharing_the_topics_words_is_no_support_that_readers_are_told(claim: str, text: str) -> None:
    said = judge(claim, text)
    assert not (said.stance is Stance.SUPPORTS and speaks(said)), said.reasons


def test_denying_the_opposite_is_no_contradiction() -> None:
    assert judge(DAM, "Ministry denies Orsa dam is unsafe").stance is Stance.SUPPORTS


BOOK = AliasBook.from_entries(
    {
        "avaria": {"names": ["Avaria", "Avarian", "Tarsk Union"]},
        "norland": {"names": ["Norland", "Qumar"]},
        "orsa": {"names": ["Orsa", "Lake Orsa"]},
        "acme": {"names": ["Acme", "Zentrix"]},
        "marvo": {"names": ["Marvo", "Holdco Lux"]},
        "tessel": {"names": ["Tessel", "Brandtwerke"]},
    }
)
ALIASES = {"Avaria": "Tarsk Union", "Norland": "Qumar", "Acme": "Zentrix", "Marvo": "Holdco Lux",
           "Tessel": "Brandtwerke"}  # fmt: skip


@pytest.mark.parametrize(("claim", "text", "stance"), CASES)
def test_a_book_that_knows_the_parties_changes_no_answer(claim: str, text: str, stance: str) -> None:
    (said,) = LexicalJudge(BOOK).assess([Pair(Claim("c", "t", claim, "c"), text)])
    assert said.stance is Stance(stance), said.reasons


@pytest.mark.parametrize(("claim", "text", "stance"), CASES)
def test_a_text_may_name_each_party_by_its_other_name(claim: str, text: str, stance: str) -> None:
    for name, alias in ALIASES.items():
        text = text.replace(name, alias)
    (said,) = LexicalJudge(BOOK).assess([Pair(Claim("c", "t", claim, "c"), text)])
    assert said.stance is Stance(stance), said.reasons


@pytest.mark.parametrize(
    "claim", ["Is it so?", "Nothing is here", "12", "Rain", "Orsa will confirm it", "..."]
)
@pytest.mark.parametrize(
    "text", ["", "?", "Confirmed: the show goes on", "No.", "It really shows", "Footage shows 7"]
)
def test_texts_that_share_nothing_are_judged_without_failing(claim: str, text: str) -> None:
    assert judge(claim, text).stance in set(Stance)


@pytest.mark.parametrize(
    "text", ["1,000 people live below the Orsa dam.", "The Orsa dam was built in 1931 by prisoners."]
)
def test_what_else_is_said_of_the_same_thing_contradicts_nothing(text: str) -> None:
    assert judge("The dam at Lake Orsa is safe.", text, language="en").stance is Stance.NEUTRAL
