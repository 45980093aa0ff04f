"""The config says a part of a claim in place of what is read from its text."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from claimwatch.core.model import Claim, Pair, Stance
from claimwatch.judges.lexical import LexicalJudge, describe_frame
from claimwatch.judges.lexical.claimed import unread_part
from claimwatch.judges.lexical.parts import parts_in_words

TEXT = "North Korea will send soldiers to Russia."


def _claim(text: str = TEXT, **parts: str) -> Claim:
    return Claim("c", "t", text, "c", "en", parts=tuple(parts.items()))


def _stance(claim: Claim, text: str) -> Stance:
    return LexicalJudge().assess([Pair(claim, text, "en")])[0].stance


@pytest.mark.parametrize(
    ("part", "phrase"),
    [
        ("who", "South Korea"),
        ("does", "withdraws"),
        ("what", "missiles"),
        ("where", "Kursk"),
        ("when", "March 2027"),
        ("stage", "done"),
    ],
)
def test_what_the_config_says_is_marked_when_the_claim_is_told_back(part: str, phrase: str) -> None:
    lines = describe_frame(_claim(**{part: phrase})).splitlines()
    assert f"{part + ':':9} {phrase}  (as the config says)" in lines
    assert sum("as the config says" in line for line in lines) == 1


def test_the_rest_is_still_read_from_the_text() -> None:
    assert "does:     send" in describe_frame(_claim(who="South Korea")).splitlines()


def test_another_thing_than_the_text_says_is_judged() -> None:
    denial = "North Korea denies it will send missiles to Russia"
    assert _stance(_claim(), denial) is not Stance.CONTRADICTS
    assert _stance(_claim(what="missiles"), denial) is Stance.CONTRADICTS


def test_another_actor_than_the_text_says_is_judged() -> None:
    denial = "Iran denies it will send soldiers"
    assert _stance(_claim(who="Iran"), denial) is Stance.CONTRADICTS
    assert _stance(_claim(), denial) is not Stance.CONTRADICTS


def test_a_stage_of_the_config_decides_whether_a_date_can_be_moved() -> None:
    text, moved = (
        "The new bridge at Kellin opens in March 2027.",
        "Opening of Kellin bridge moved to June 2027",
    )
    assert _stance(_claim(text, stage="planned"), moved) is Stance.UPDATES


def test_a_date_of_the_config_is_compared() -> None:
    text, told = "The new bridge at Kellin will open.", "Kellin bridge will open in June 2027"
    assert _stance(_claim(text, when="March 2027"), told) is Stance.UPDATES
    assert _stance(_claim(text, when="June 2027"), told) is not Stance.UPDATES


@pytest.mark.parametrize(
    ("part", "phrase", "hint"),
    [
        ("who", "somebody", "I see no name"),
        ("does", "blah", "I know no action"),
        ("what", "blah", "I know no thing"),
        ("where", "here", "I see no name"),
        ("when", "some day", "I cannot read the date"),
        ("stage", "maybe", "One of: planned, under way, done"),
    ],
)
def test_a_part_that_cannot_be_read_is_told_with_what_to_write(part: str, phrase: str, hint: str) -> None:
    assert hint in (unread_part(_claim(), part, phrase) or "")


@pytest.mark.parametrize(
    ("part", "phrase"),
    [("who", "North Korea"), ("does", "sends"), ("what", "soldiers"), ("where", "Kursk"), ("when", "2027-03-14"),
     ("stage", "under way")],
)  # fmt: skip
def test_a_part_that_can_be_read_is_not_complained_of(part: str, phrase: str) -> None:
    assert unread_part(_claim(), part, phrase) is None


def test_each_question_of_the_model_tells_its_parts_in_the_same_words_every_time() -> None:
    claim = _claim("The bridge in Kellin is closed.")
    lines = parts_in_words(claim, "Mayor denies that the Kellin bridge is closed", "en")
    assert [line.split()[0] for line in lines] == ["related", "contradicts", "supports"]
    assert "polarity turned +" in lines[1]
    assert lines == parts_in_words(claim, "Mayor denies that the Kellin bridge is closed", "en")


def test_a_text_in_another_language_has_no_parts_because_rules_alone_read_it() -> None:
    assert parts_in_words(_claim(), "Le maire d\u00e9ment", "fr") == []


def test_reasons_are_the_same_in_every_process() -> None:
    """The order of sets changes from process to process; no answer may hang on it."""
    script = (
        "from claimwatch.judges.lexical import judge\n"
        "print(judge('North Korea sends soldiers to Russia.', 'The presence of North Korean soldiers who fight"
        " alongside Russians, trained and deployed in Russia, raises questions.').reasons)"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }  # fmt: skip
    assert len(told) == 1
    assert told != {"()\n"}
