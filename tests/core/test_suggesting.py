"""Claims that could be followed: what several origins say and no claim covers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from claimwatch.config import load
from claimwatch.core.columns import width
from claimwatch.core.model import Found
from claimwatch.core.pasting import slug, unused, written_claim
from claimwatch.core.suggesting import OnTopic, Statement, Suggestion, statements_of, suggest

DAY = timedelta(days=1)
BEGIN = datetime(2026, 7, 1, 8, tzinfo=UTC)
ORSA = (Found("who", "Orsa", "Orsa", "title", "exact"),)
FLOOD = "Orsa floods killed about 40 people, the rescue service said."


def told(text: str, publisher: str, number: int, *, language: str = "en", topic: str = "lake-dam") -> OnTopic:
    return OnTopic(number, (topic,), text, language, publisher, BEGIN + number * DAY, ORSA)


def nothing(_: Statement) -> bool:
    return False


def suggested(*texts: OnTopic) -> list[Suggestion]:
    return suggest(texts, nothing, languages=("en", "fr"))


def test_a_sentence_with_actor_action_and_number_in_two_origins_is_suggested() -> None:
    (one,) = suggested(
        told(FLOOD, "Quayside Post", 1),
        told("Floods in the valley of Orsa have killed about 40 inhabitants.", "Hill Herald", 2),
    )
    assert one.origins == ("Quayside Post", "Hill Herald")
    assert one.wording.sentence == FLOOD
    assert one.quantity == "about 40 people killed"


@pytest.mark.parametrize(
    "text",
    [
        "Many people were killed in the floods of Orsa.",  # no number
        "Orsa counts 40 people in its choir.",  # no action
        "Floods killed about 40 people.",  # nobody the topic knows
        "Orsa was flooded and people killed for 40 days.",  # a time is no figure
    ],
)
def test_a_sentence_that_lacks_one_of_them_is_not(text: str) -> None:
    assert statements_of(told(text, "Quayside Post", 1)) == []


def test_one_origin_is_not_enough_however_often_it_is_printed() -> None:
    assert suggested(told(FLOOD, "Quayside Post", 1), told(FLOOD, "Hill Herald", 2)) == []
    assert suggested(told(FLOOD, "Quayside Post", 1), told(f"{FLOOD} The rest.", "Quayside Post", 2)) == []


def test_another_figure_is_another_statement() -> None:
    other = "Orsa: the floods killed 300 people, says the ministry of the interior."
    assert suggested(told(FLOOD, "Quayside Post", 1), told(other, "Hill Herald", 2)) == []


def test_what_a_claim_covers_is_not_suggested() -> None:
    texts = [
        told(FLOOD, "Quayside Post", 1),
        told("Orsa mourns: 40 people killed by the floods.", "Hill Herald", 2),
    ]
    assert suggest(texts, nothing) != []
    assert suggest(texts, lambda statement: statement.origin == "Hill Herald") == []


def test_statements_in_two_languages_are_one_and_the_readers_language_is_taken() -> None:
    (one,) = suggested(
        told("Bei der Flut von Orsa wurden 40 Menschen getötet.", "Talbote", 1, language="de"),
        told(
            "À Orsa, les inondations ont tué 40 personnes, selon les secours.", "Le Vallon", 2, language="fr"
        ),
    )
    assert one.wording.language == "fr"
    assert one.wording.said.publisher == "Le Vallon"


def test_the_order_of_the_texts_changes_nothing() -> None:
    texts = [
        told(FLOOD, "Quayside Post", 1),
        told("Orsa mourns: 40 people killed by the floods.", "Hill Herald", 2),
    ]
    assert suggest(texts, nothing) == suggest(reversed(texts), nothing)


@pytest.mark.parametrize(
    "text",
    [
        "The dam at Lake Orsa is safe.",
        'It said: "never" {ever} # not [at all] & \\ back',
        "word " * 60,
        "朝鮮軍の兵士約一万一千人がロシアに派遣されたと伝えられた。" * 6,
        "нет",
    ],
)
def test_a_written_claim_reads_back_as_it_was(text: str, tmp_path: Path) -> None:
    lines = written_claim("orsa-1", topic="lake-dam", text=text, said_by=["a, b", "c"], reported=BEGIN.date())
    assert all(width(line) <= 80 for line in lines)
    file = tmp_path / "all.yaml"
    file.write_text("topic: {lake-dam: {who: [Orsa]}}\nclaim:\n" + "\n".join(lines) + "\n", "utf-8")
    (claim,) = load(file, environ={}).claims
    assert claim.text == " ".join(text.split())
    assert claim.said_by == ("a, b", "c")
    assert claim.reported == BEGIN.date()


def test_an_id_that_is_taken_gets_a_number() -> None:
    assert slug("The dam at Lake Orsa") == "the-dam-at-lake-orsa"
    assert unused("dam", {"dam", "dam-2"}) == "dam-3"
    assert unused("dam", set()) == "dam"
