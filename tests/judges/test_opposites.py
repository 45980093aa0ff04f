"""Acts and states that exclude the claim's, and what the fitted model may use."""

from __future__ import annotations

import pytest

from claimwatch.core.model import Stance
from claimwatch.judges.lexical import judge
from claimwatch.judges.lexical.features import NAMES
from claimwatch.judges.lexical.model import LANGUAGES, QUESTIONS, STYLES, key_of, models


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


def test_every_coefficient_belongs_to_a_named_feature() -> None:
    known = {*NAMES, *LANGUAGES, *(f"{language}_{name}" for language in LANGUAGES for name in NAMES)}
    for style in STYLES:
        for question in QUESTIONS:
            model = models()[style, question]
            assert set(model.weights) <= known
            assert key_of(style, "en") in model.thresholds
            parts = model.parts({"cover": 1.0, "denial": 1.0})
            assert {name for name, _ in parts} == {"cover", "denial"}
