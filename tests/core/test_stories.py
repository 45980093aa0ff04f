"""Paraphrases of one development are one story; what differs in one thing that matters is two."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import combinations, product
from pathlib import Path

import pytest
import yaml
from rapidfuzz import fuzz

from claimwatch.core.model import Stance
from claimwatch.core.stories import gist, same_story
from tests.core.stories import CLAIM, DAY, Desk, matched, says
from tests.shared import SHARED, needs_shared

FAMILIES = yaml.safe_load(Path(__file__).with_name("story_pairs.yaml").read_text("utf-8"))["families"]


@dataclass(frozen=True)
class Told:
    story: str
    language: str
    text: str


def stories(family: dict[str, object]) -> list[list[Told]]:
    told = family["stories"]
    assert isinstance(told, dict)
    return [[Told(name, language, text) for language, text in ways] for name, ways in told.items()]


SAME = [pair for f in FAMILIES for ways in stories(f) for pair in combinations(ways, 2)]
OTHER = [pair for f in FAMILIES for one, other in combinations(stories(f), 2) for pair in product(one, other)]


def merged(pair: tuple[Told, Told]) -> bool:
    one, other = (gist(told.text, told.language) for told in pair)
    return same_story(one, other).same


def measured(name: str, same: int, other: int) -> tuple[float, float]:
    """Return precision and recall, printed (pytest -s) for whoever asks for the figures."""
    precision, recall = same / max(1, same + other), same / len(SAME)
    print(
        f"{name}: {same} of {len(SAME)} same, {other} of {len(OTHER)} different merged; "
        f"precision {precision:.2f}, recall {recall:.2f}"
    )
    return precision, recall


def test_paraphrases_are_one_story_and_different_developments_are_not() -> None:
    assert len(SAME) >= 30
    assert len(OTHER) >= 60
    precision, recall = measured("stories", sum(map(merged, SAME)), sum(map(merged, OTHER)))
    assert precision >= 0.97
    assert recall >= 0.9


def test_token_overlap_does_worse_on_the_same_pairs() -> None:
    """What peers use (FIELD.md 5): words in common, whatever they say."""

    def overlap(pair: tuple[Told, Told]) -> bool:
        return fuzz.token_set_ratio(pair[0].text.lower(), pair[1].text.lower()) >= 70

    precision, recall = measured("token_set 70", sum(map(overlap, SAME)), sum(map(overlap, OTHER)))
    assert precision < 0.7
    assert recall < 0.9


@needs_shared
def test_real_reports_of_one_event_merge() -> None:
    """The labelled groups of near-duplicates and reports of one event, within two days of each other."""
    rows = [
        row
        for row in map(json.loads, (SHARED / "data/news/dev.jsonl").read_text("utf-8").splitlines())
        if len(row["published"]) == len("2025-01-01")
    ]

    def apart(one: dict[str, str], other: dict[str, str]) -> timedelta:
        return abs(date.fromisoformat(one["published"]) - date.fromisoformat(other["published"]))

    groups: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        groups.setdefault(row["group"], []).append(row)
    pairs = [
        pair for g in groups.values() for pair in combinations(g, 2) if apart(*pair) <= timedelta(days=2)
    ]

    def told(row: dict[str, str]) -> Told:
        text = "\n".join(filter(None, (row["title"], row["summary"])))
        return Told(row["group"], row["lang"], text)

    found = sum(merged((told(one), told(other))) for one, other in pairs)
    print(f"real reports of one event: {found} of {len(pairs)} pairs merged")
    assert found / len(pairs) >= 0.75


SENT = (
    "Avaria may send up to 5,000 soldiers to Norland",
    "Up to 5,000 Avarian soldiers could be deployed to Norland in the coming months, officials said.",
)
AGAIN = (
    "Norland expects thousands of troops from its ally",
    "An assessment says Avaria is preparing to dispatch as many as 5,000 troops to Norland by winter.",
)


def test_a_paraphrase_that_no_claim_speaks_of_is_no_second_alert() -> None:
    desk = Desk()
    desk.sees(matched(1, SENT[0], summary=SENT[1]))
    verdict = desk.sees(matched(2, AGAIN[0], summary=AGAIN[1], feed="beta"))
    assert verdict.alert is None
    assert verdict.finding.story == 1
    assert verdict.finding.gate.startswith("tells the story of item 1 in other words: figure ")


def test_who_names_nobody_and_tells_what_was_told_is_counted() -> None:
    desk = Desk()
    denial = says(Stance.CONTRADICTS)
    desk.sees(matched(1, SENT[0], summary=SENT[1]), (CLAIM, denial))
    again = matched(2, AGAIN[0], summary=AGAIN[1], feed="beta")
    assert desk.sees(again, (CLAIM, denial)).alert is None
    body = "Seelandia expects Avaria to send some 5,000 soldiers to Norland, its minister told parliament."
    third = matched(3, "Seelandia: Avaria will send soldiers to Norland", summary=body, feed="gamma")
    assert desk.sees(third, (CLAIM, says(Stance.CONTRADICTS, speaker="Seelandia"))).alert


@pytest.mark.parametrize("feed", ["alpha", "beta"])
def test_a_second_text_of_one_outlet_or_days_later_is_told(feed: str) -> None:
    desk = Desk()
    desk.sees(matched(1, SENT[0], summary=SENT[1]))
    item = matched(2, AGAIN[0], summary=AGAIN[1], feed=feed)
    if feed == "beta":
        item = replace(item, first_seen_at=item.first_seen_at + 3 * DAY)
    assert desk.sees(item).alert


def test_what_differs_in_a_number_or_a_model_is_another_story() -> None:
    for one, other in [
        (
            "CWID-a1 Norland denies sending troops number 1a",
            "CWID-b1 Norland denies sending troops number 1b",
        ),
        ("Norland sends S-300 to Avaria", "Norland sends S-400 to Avaria"),
    ]:
        assert not same_story(gist(one, "en"), gist(other, "en")).same


def test_a_name_and_a_number_are_no_story_where_nothing_else_is_shared() -> None:
    """Feeds of test items, price lists and timetables share a word in capitals and count alike."""
    one = gist("VELM-l8-19 koxinus ponriten gedmuldru\nplanted VELM-l8-19", "en")
    other = gist("VELM-l6-19 jorjorri savrisav xijornus\nplanted VELM-l6-19", "en")
    assert not same_story(one, other).same
