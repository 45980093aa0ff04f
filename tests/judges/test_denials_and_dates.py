"""Who denies what, and planned events that are moved."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from claimwatch.core.model import Assessment, Claim, Pair, Stance
from claimwatch.judges.lexical import LexicalJudge, judge

DAM = "The dam at Lake Orsa is safe."
JOBS = "About 1,200 people will lose their jobs at the Velmont factory."
BRIDGE = "The new bridge at Kellin will open in March 2027."


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        (DAM, "Ministry denies reports of cracks in Orsa dam"),
        (DAM, "Engineers deny that the Orsa dam leaks"),
        ("Le barrage du lac Orsa est solide.", "Le ministère dément les fissures du barrage du lac Orsa"),
    ],
)
def test_denying_something_bad_does_not_contradict_what_is_good(claim: str, text: str) -> None:
    assert judge(claim, text).stance is not Stance.CONTRADICTS


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Brentano denies taking bribes", "Brentano"),
        ("Prime Minister Brentano denies that he took bribes", "Prime Minister Brentano"),
        ("After the trial, the Brentano family denied that he took bribes", "Brentano family"),
    ],
)
def test_a_denial_names_its_speaker_whom_no_lexicon_knows(text: str, speaker: str) -> None:
    found = judge("The minister Brentano took bribes.", text)
    assert (found.stance, found.speaker) == (Stance.CONTRADICTS, speaker)


@pytest.mark.parametrize(
    "claim", ["Avaria has sent soldiers to Norland.", "Avaria will send soldiers to Norland."]
)
def test_a_denial_with_a_noun_for_the_deed_contradicts(claim: str) -> None:
    assert (
        judge(claim, "L'Avaria nie l'envoi de soldats en Norland", language="fr").stance is Stance.CONTRADICTS
    )


@pytest.mark.parametrize(
    ("claim", "text", "old", "new"),
    [
        (JOBS, "Velmont factory closure to cost 1,800 jobs", "1,200", "1,800"),
        ("Avaria will send up to 30,000 soldiers to Norland.",
         "Seoul expects 15,000 Avarian soldiers in Norland by August", "30,000", "15,000"),
        ("Up to 30,000 additional North Korean soldiers may be sent to Russia.",
         "Seoul expects 15,000 North Korean troops to be sent to Russia by August", "30,000", "15,000"),
    ],
)  # fmt: skip
def test_another_figure_for_the_same_thing_is_an_update(claim: str, text: str, old: str, new: str) -> None:
    found = judge(claim, text)
    assert found.stance is Stance.UPDATES, found.reasons
    assert found.change is not None
    assert (old in found.change.old, new in found.change.new) == (True, True)


@pytest.mark.parametrize(
    ("claim", "text", "language"),
    [
        (BRIDGE, "Opening of Kellin bridge moved to June 2027", "en"),
        (BRIDGE, "Kellin bridge will open in June 2027, minister says", "en"),
        ("Le nouveau pont de Kellin ouvrira en mars 2027.", "Le pont de Kellin ouvrira en juin 2027", "fr"),
        (
            "The election in Norland will be held on 4 May 2027.",
            "Norland to hold election on 18 May 2027",
            "en",
        ),
    ],
)
def test_a_planned_event_that_is_moved_is_an_update(claim: str, text: str, language: str) -> None:
    found = judge(claim, text, language=language)
    assert (found.stance, found.form) == (Stance.UPDATES, "dates"), found.reasons


@pytest.mark.parametrize(
    "text",
    [
        "Kellin bridge will open in March 2027",
        "Kellin bridge to open on 14 March 2027",
        "Kellin bridge: opening in 2027",
    ],
)
def test_a_date_within_the_claimed_one_is_no_update(text: str) -> None:
    assert judge(BRIDGE, text).stance is not Stance.UPDATES


def _published(claim: str, text: str, year: int) -> Assessment:
    pair = Pair(Claim("c", "", claim, claim), text, "en", datetime(year, 1, 20, tzinfo=UTC))
    return LexicalJudge().assess([pair])[0]


def test_a_date_without_a_year_is_of_the_year_it_was_published_in() -> None:
    assert _published(BRIDGE, "Kellin bridge to open on 14 June", 2027).form == "dates"
    assert _published(BRIDGE, "Kellin bridge to open on 14 March", 2027).stance is not Stance.UPDATES


def test_a_denied_date_is_no_update() -> None:
    text = "Ministry denies that the Kellin bridge will open in March 2027"
    assert judge(BRIDGE, text).stance is Stance.CONTRADICTS
