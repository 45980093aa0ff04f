"""Our own pairs, invented, in nine languages: every text against the claim in its language and in English."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from claimwatch.core.model import Assessment, Claim, Pair
from claimwatch.judges.lexical import LexicalJudge

FOLDER = Path(__file__).with_name("pairs")
LANGUAGES = ("en", "fr", "ru", "uk", "ko", "de", "es", "zh", "ja")


@lru_cache(maxsize=16)
def _file(language: str) -> dict[str, Any]:
    return yaml.safe_load((FOLDER / f"{language}.yaml").read_text(encoding="utf-8"))


def _rows(*, across: bool) -> list[Any]:
    rows = []
    for language in LANGUAGES:
        if across and language == "en":
            continue
        for number, (phenomenon, claim, expect, text) in enumerate(_file(language)["pairs"], start=1):
            source = "en" if across else language
            rows.append(
                pytest.param(
                    source, claim, language, expect, text, id=f"{source}-{language}-{phenomenon}-{number}"
                )
            )
    return rows


def _judge(source: str, claim: str, language: str, text: str) -> Assessment:
    wording = _file(source)["claims"][claim]
    return LexicalJudge().assess([Pair(Claim(claim, "t", wording, claim, source), text, language)])[0]


def _holds(expect: str, found: Assessment) -> bool:
    stance = str(found.stance)
    return stance != expect.removeprefix("not ") if expect.startswith("not ") else stance == expect


@pytest.mark.parametrize(("source", "claim", "language", "expect", "text"), _rows(across=False))
def test_a_text_is_judged_against_a_claim_in_its_own_language(
    source: str, claim: str, language: str, expect: str, text: str
) -> None:
    found = _judge(source, claim, language, text)
    assert _holds(expect, found), (str(found.stance), found.reasons)


@pytest.mark.parametrize(("source", "claim", "language", "expect", "text"), _rows(across=True))
def test_a_text_is_judged_against_an_english_claim(
    source: str, claim: str, language: str, expect: str, text: str
) -> None:
    found = _judge(source, claim, language, text)
    assert _holds(expect, found), (str(found.stance), found.reasons)


def test_there_are_enough_pairs() -> None:
    assert len(_rows(across=False)) + len(_rows(across=True)) >= 400
    assert len(_rows(across=True)) >= 60
