"""Names of one thing that must not be taken for another, with the alias book that ships."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest

from claimwatch.config import load
from claimwatch.core.matching import TopicIndex
from claimwatch.core.model import Item, NameLine, Topic

IDS = (
    "north-korea", "south-korea", "kursk", "kursk-submarine", "georgia", "georgia-us", "russia", "prussia",
    "kn-23", "kn-24", "kim-jong-un", "kim-jong-il", "tumen", "tyumen",
)  # fmt: skip
CONFIG = Path(__file__).resolve().parents[2] / "config"


@cache
def index() -> TopicIndex:
    aliases = load(CONFIG, environ=os.environ).aliases
    return TopicIndex([Topic(id_, id_, (NameLine("who", (f"@{id_}",)),)) for id_ in IDS], aliases)


@pytest.mark.parametrize(
    ("text", "language", "things"),
    [
        ("North Korean troops", "en", {"north-korea"}),
        ("South Korean troops", "en", {"south-korea"}),
        ("South Korea north coast", "en", {"south-korea"}),
        ("North and South Korea", "en", {"north-korea", "south-korea"}),
        ("Pyongyang denies", "en", {"north-korea"}),
        ("des soldats nord-coréens", "fr", {"north-korea"}),
        ("войска КНДР", "ru", {"north-korea"}),
        ("북한군이 이동", "ko", {"north-korea"}),
        ("南朝鲜当局", "zh", {"south-korea"}),
        ("朝鲜半岛局势", "zh", set()),
        ("北朝鮮が発射", "ja", {"north-korea"}),
        ("Fighting in the Kursk region", "en", {"kursk"}),
        ("The submarine Kursk sank in 2000", "en", {"kursk-submarine"}),
        ("Kursk: how the submarine sank", "en", {"kursk-submarine"}),
        ("подводная лодка «Курск» затонула", "ru", {"kursk-submarine"}),
        ("Georgia's parliament in Tbilisi", "en", {"georgia"}),
        ("Georgia's voters, from Atlanta to the sea", "en", {"georgia-us"}),
        ("Giorgia Meloni et Saint George", "fr", set()),
        ("Prussia fell", "en", {"prussia"}),
        ("Russia fell silent", "en", {"russia"}),
        ("KN-23 and KN 24", "en", {"kn-23", "kn-24"}),
        ("Kim Jong Il died", "en", {"kim-jong-il"}),
        ("Тюмень и область", "ru", {"tyumen"}),
        ("China says", "en", set()),
        ("КНР заявила", "ru", set()),
    ],
)
def test_each_thing_is_found_as_itself(text: str, language: str, things: set[str]) -> None:
    matches = index().match(Item("i", title=text, language=language))
    assert {match.topic for match in matches} == things


@pytest.mark.parametrize(
    ("text", "on_topic"),
    [
        ("North Korea hands ballistic missiles to Russia", True),
        ("Russia fires North Korean missiles at Kyiv", True),
        ("Russia launched missiles made in North Korea", True),
        ("Another ballistic missile launch off the coast", False),
        ("Missile tests worry Tokyo", False),
        ("After the missile test, more ballistic missiles are shipped", True),
    ],
)
def test_a_plain_name_gives_way_to_what_the_book_tells_from_it(text: str, on_topic: bool) -> None:
    aliases = load(CONFIG, environ=os.environ).aliases
    arms = Topic("arms", "Arms", (NameLine("what", ("missiles", "ballistic missile")),))
    assert bool(TopicIndex([arms], aliases).match(Item("i", title=text, language="en"))) == on_topic
