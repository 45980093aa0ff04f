"""A different number without a denial is never CONTRADICTS."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from claimwatch.core.model import Claim, Pair, Stance
from claimwatch.judges.lexical import LexicalJudge

_FILE = Path(__file__).with_name("pairs") / "numbers.yaml"


def _rows() -> list[Any]:
    return [
        pytest.param(block["claim"], text, block["language"], id=f"{block['language']}-{number}-{place}")
        for number, block in enumerate(yaml.safe_load(_FILE.read_text(encoding="utf-8")))
        for place, text in enumerate(block["texts"])
    ]


@pytest.mark.parametrize(("claim", "text", "language"), _rows())
def test_another_number_without_a_denial_never_contradicts(claim: str, text: str, language: str) -> None:
    found = LexicalJudge().assess([Pair(Claim("c", "t", claim, "c", language), text, language)])[0]
    assert found.stance is not Stance.CONTRADICTS, found.reasons


def test_there_are_at_least_sixty_of_them() -> None:
    assert len(_rows()) >= 60


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("At least 1,000 North Korean soldiers were sent to Russia.",
         "North Korea did not send 1,000 soldiers to Russia, only 200 workers, the Kremlin says"),
        ("North Korea supplied Russia with 13,000 containers.",
         "Pyongyang denies that North Korea supplied Russia with 13,000 containers"),
    ],
)  # fmt: skip
def test_another_number_with_a_denial_contradicts(claim: str, text: str) -> None:
    found = LexicalJudge().assess([Pair(Claim("c", "t", claim, "c", "en"), text, "en")])[0]
    assert found.stance is Stance.CONTRADICTS, found.reasons


@pytest.mark.parametrize(
    ("wounded", "stance"), [("6,000", Stance.UPDATES), ("1,200", None)], ids=["too many", "fewer than both"]
)
def test_a_part_alone_bounds_the_whole_from_below(wounded: str, stance: Stance | None) -> None:
    claim = "About 4,000 North Korean soldiers have been killed or wounded in Russia."
    text = f"{wounded} North Korean soldiers were wounded in Russia, Seoul says"
    found = LexicalJudge().assess([Pair(Claim("c", "t", claim, "c", "en"), text, "en")])[0]
    assert (found.stance is Stance.UPDATES) is (stance is Stance.UPDATES), found.reasons
