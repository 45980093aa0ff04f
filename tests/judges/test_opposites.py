"""Acts and states that exclude the claim's, and what the fitted model may use."""

from __future__ import annotations

from math import exp

import pytest

from claimwatch.core.model import Claim, Stance
from claimwatch.judges.lexical import judge
from claimwatch.judges.lexical.claimed import frame_of
from claimwatch.judges.lexical.decision import weigh
from claimwatch.judges.lexical.frame import Frame
from claimwatch.judges.lexical.model import KEYS, QUESTIONS, Question, mean_of, model
from claimwatch.language.reading import Reading, read


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("The bridge in Kellin is closed.", "The bridge in Kellin has reopened"),
        ("The strike at Halden port has ended.", "Strike at Halden port continues"),
        ("The ceasefire between Avaria and Norland holds.", "Ceasefire between Avaria and Norland collapses"),
        ("Tessel made a profit of 3 billion euros.", "Tessel made a loss of 3 billion euros"),
        ("The minister Tarvo has resigned.", "Tarvo refuses to resign"),
        (
            "The vaccine Nuvax is effective against the flu.",
            "Study finds Nuvax is not effective against the flu",
        ),
        ("Acme va fermer son usine de Lyon.", "Acme rouvre son usine de Lyon"),
    ],
)
def test_an_opposite_act_or_state_contradicts(claim: str, text: str) -> None:
    assert judge(claim, text).stance is Stance.CONTRADICTS


@pytest.mark.parametrize(
    ("claim", "text", "stance"),
    [
        (
            "Avaria will send soldiers to Norland.",
            "Авария отрицает отправку солдат в Норланд",
            Stance.CONTRADICTS,
        ),
        ("Avaria will send soldiers to Norland.", "Авария направит солдат в Норланд", Stance.SUPPORTS),
        (
            "Acme will close its plant in Lyon.",
            "Acme dément la fermeture de son usine de Lyon",
            Stance.CONTRADICTS,
        ),
        ("Acme will close its plant in Lyon.", "Acme va fermer son usine de Lyon", Stance.SUPPORTS),
        ("Acme will close its plant in Lyon.", "Acme ouvre une boutique à Lyon", Stance.NEUTRAL),
        (
            "Acme will close its plant in Lyon.",
            "Acme dementiert die Schließung des Werks in Lyon",
            Stance.CONTRADICTS,
        ),
        (
            "Acme will close its plant in Lyon.",
            "Acme niega el cierre de su planta en Lyon",
            Stance.CONTRADICTS,
        ),
    ],
)
def test_names_no_lexicon_knows_are_met_in_another_language(claim: str, text: str, stance: Stance) -> None:
    found = judge(claim, text)
    assert found.stance is stance, found.reasons


def test_a_toll_that_rises_is_an_update() -> None:
    found = judge(
        "At least 12 people died in the fire at Rossdale.", "Fire at Rossdale: death toll rises to 19"
    )
    assert found.stance is Stance.UPDATES
    assert found.form == "raises"


def _frame_and_reading(claim: str, text: str) -> tuple[Frame, Reading]:
    return frame_of(Claim("claim", "", claim, ""), "en"), read(text, "en")


def test_every_key_of_the_model_has_its_thresholds_and_coefficients() -> None:
    for question in QUESTIONS:
        entry = model().questions[question]
        assert set(entry.thresholds) == set(KEYS) == set(entry.linear)
        assert all(0 < limit < 1 for limit in entry.thresholds.values())


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_parts_of_a_decision_add_up_to_it(question: str) -> None:
    weighed = weigh(
        *_frame_and_reading("The bridge in Kellin is closed.", "No, the Kellin bridge is not closed")
    )
    assert weighed is not None
    entry = model().questions[question]
    nothing = chance_without_features(entry, weighed.key)
    total = nothing + sum(part for _, part in weighed.parts(question))
    assert 1 / (1 + exp(-total)) == pytest.approx(weighed.chance(question), abs=1e-9)


def chance_without_features(entry: Question, key: str) -> float:
    """What is left of the sum when no feature has a part: the intercept, and the means of the trees."""
    if not entry.trees:
        return entry.linear[key].intercept
    means = sum(mean_of(tree) for tree in entry.trees)
    return (entry.linear[key].intercept + means) / 2


def test_a_text_in_another_language_is_not_weighed_by_the_model() -> None:
    frame, _ = _frame_and_reading("The bridge in Kellin is closed.", "x")
    assert weigh(frame, read("Le pont de Kellin est ferm\u00e9", "fr")) is None
