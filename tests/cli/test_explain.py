from __future__ import annotations

import json
from pathlib import Path

import pytest

from claimwatch.core.columns import width
from claimwatch.core.model import Band, Found, Item, Match, PollState, Relation
from claimwatch.core.novelty import content_hash
from claimwatch.core.work import Finding, Findings, NewItem, PollOutcome
from tests.cli.conftest import NOW, Claimwatch, Past


def stored(past: Past, item: Item, *matches: Match, gate: str | None = None, number: int = 1) -> None:
    """Store an item of Alpha with its matches and, given a gate, what became of it."""
    new = NewItem(item, item.id, content_hash(item), matches, "live")
    past.polls.commit(PollOutcome(PollState("Alpha", NOW, items=1), (new,)), now=NOW)
    if gate is not None:
        past.ledger.commit(Findings((Finding(number, 1, number, gate),)), now=NOW)


def weak() -> Match:
    return Match("border-troops", 0.58, Band.WEAK, (Found("who", "Avaria", "Avaria", "content", "exact"),))


def test_the_life_of_an_alert_runs_from_the_feed_to_the_receivers_answer(
    claimwatch: Claimwatch, config: Path, past: Past
) -> None:
    past.polled("Alpha")
    past.alerted("CDFGHJ")
    past.sent(1)
    said = claimwatch("explain", "cdfghj", "--config", config)
    assert said.code == 0
    for step in ("seen", "topic", "claim", "stance", "origin", "gate", "route", "sent"):
        assert f" {step} " in said.out, step
    assert "in Alpha (item 1" in said.out
    assert "harbour-ships" in said.out
    assert "all: fits" in said.out
    assert "desk 250 Ok" in said.out
    assert all(width(line) <= 80 for line in said.out.splitlines())


def test_an_edit_of_the_publisher_is_part_of_an_items_life(
    claimwatch: Claimwatch, config: Path, past: Past
) -> None:
    stored(past, Item("1", title="Avaria sends 300 troops"), weak(), gate="weak match")
    edited = Item("1", title="Avaria sends 3,000 troops")
    new = NewItem(edited, "1", content_hash(edited), (weak(),), "live", edited=True)
    past.polls.commit(PollOutcome(PollState("Alpha", NOW, items=1), (new,)), now=NOW)
    said = claimwatch("explain", "1", "--config", config)
    assert 'edited    text number 2: title: "300" -> "3,000"' in said.out
    row = json.loads(claimwatch("explain", "1", "--json", "--config", config).out)
    assert row["edits"][0]["changed"] == 'title: "300" -> "3,000"'


def test_what_people_said_of_an_alert_is_part_of_its_life(
    claimwatch: Claimwatch, config: Path, past: Past
) -> None:
    past.polled("Alpha")
    past.alerted("CDFGHJ")
    assert claimwatch("alerts", "right", "CDFGHJ", "--config", config).code == 0
    assert " judged    right by " in claimwatch("explain", "CDFGHJ", "--config", config).out


def test_a_route_that_did_not_fit_says_why(claimwatch: Claimwatch, config: Path, past: Past) -> None:
    past.polled("Alpha")
    past.alerted("CDFGHJ")
    routes = config.parent / "alerts" / "routes.yaml"
    routes.write_text(routes.read_text() + "  - {name: phone, to: [desk], when: {relation: [CONTRADICTS]}}\n")
    said = claimwatch("explain", "CDFGHJ", "--config", config)
    assert "phone: no, relation NEW is not one of CONTRADICTS" in said.out


def test_an_item_that_was_hardly_on_topic_says_its_score_and_what_it_needed(
    claimwatch: Claimwatch, config: Path, past: Past
) -> None:
    item = Item("g-1", "https://alpha.example/news/1", "A town near Avaria")
    stored(past, item, weak(), gate="match weak (0.58), alerts need good")
    for name in ("https://alpha.example/news/1", "https://alpha.example/news/1#top", "1", "g-1"):
        said = claimwatch("explain", name, "--config", config)
        assert said.code == 0
        assert "stopped at topic: best 0.58 (needs 0.70 good)" in said.out


def test_an_item_on_no_topic_shows_the_line_that_found_nothing(
    claimwatch: Claimwatch, config: Path, past: Past
) -> None:
    stored(past, Item("g-1", title="Avaria wins the chess cup"))
    said = claimwatch("explain", "1", "--config", config)
    assert "stopped at topic: it is on none" in said.out
    assert "border-troops no: who: Avaria | nothing found for what" in " ".join(said.out.split())


@pytest.mark.parametrize(
    ("gate", "stopped"),
    [
        ("harbour-ships: reprint of item 7", "stopped at claim: harbour-ships: reprint of item 7"),
        ("reprint of item 7", "stopped at novelty: reprint of item 7"),
        ("first poll of its feed, over 48 h old: counted only", "stopped at age: first poll of its feed"),
        (None, "stopped at assessment: it waits to be judged"),
    ],
)
def test_each_gate_is_named(
    claimwatch: Claimwatch, config: Path, past: Past, gate: str | None, stopped: str
) -> None:
    match = Match("border-troops", 0.9, Band.STRONG, weak().found)
    stored(past, Item("g-1", title="Avarian troops"), match, gate=gate)
    assert stopped in " ".join(claimwatch("explain", "1", "--config", config).out.split())


def test_json_tells_the_same_in_one_object(claimwatch: Claimwatch, config: Path, past: Past) -> None:
    past.polled("Alpha")
    past.alerted("CDFGHJ", Relation.CONTRADICTS)
    row = json.loads(claimwatch("explain", "CDFGHJ", "--json", "--config", config).out)
    assert (row["alert"], row["relation"], row["item"]) == ("CDFGHJ", "CONTRADICTS", 1)
    assert row["topics"][0]["topic"] == "border-troops"
    assert row["claims"][0]["origin"] == "Seoul"
    assert row["routes"] == {"all": "fits"}
    assert row["deliveries"][0]["receiver"] == "desk"
    row = json.loads(claimwatch("explain", "1", "--json", "--config", config).out)
    assert row["alerts"] == ["CDFGHJ"]


@pytest.mark.parametrize("name", ["ZZZZZZ", "https://nowhere.example/1", "999"])
def test_what_is_not_stored_is_said_so(claimwatch: Claimwatch, config: Path, past: Past, name: str) -> None:
    said = claimwatch("explain", name, "--config", config)
    assert said.code == 1
    assert name in said.err
    assert "Traceback" not in said.err
