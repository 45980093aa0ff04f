"""Topics and claims by command: told back as understood, comments kept, and nothing wrong is ever written."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from claimwatch.config import load
from claimwatch.core.model import Claim
from tests.cli.conftest import Claimwatch, Said
from tests.cli.world import World

FILE = Path("config/topics/lake-dam.yaml")
COMMENT = "# what the mayor told us on the phone\n"


@pytest.fixture(autouse=True)
def commented(world: World) -> None:
    """People's comments stand in the file, and must still stand there afterwards."""
    FILE.write_text(COMMENT + FILE.read_text() + "# the end\n")


def claims() -> dict[str, Claim]:
    return {claim.id: claim for claim in load(Path("config"), environ={}).claims}


def words(said: Said) -> str:
    return " ".join((said.out + said.err).split())


# ---------------------------------------------------------------- claims add


def test_a_claim_is_written_below_the_others_and_told_back(claimwatch: Claimwatch) -> None:
    before = FILE.read_text()
    said = claimwatch(
        "claims", "add", "About 300 people work at the Orsa dam.",
        "--said-by", "ministry", "--said-by", "mayor", "--reported", "2026-07-02",
    )  # fmt: skip
    assert said.code == 0
    assert "how many: about 300 (270 to 330) people" in said.out
    claim = claims()["about-300-people-work-at-the-orsa-dam"]
    assert (claim.topic, claim.said_by, str(claim.reported)) == (
        "lake-dam",
        ("ministry", "mayor"),
        "2026-07-02",
    )
    after = FILE.read_text()
    assert [line for line in before.splitlines() if line not in after.splitlines()] == []
    assert after.startswith(COMMENT)


def test_a_claim_near_another_says_so(claimwatch: Claimwatch) -> None:
    said = claimwatch("claims", "add", "The dam at Lake Orsa is unsafe.")
    assert 'dam-safe is near: it would contradict "The dam at Lake Orsa is safe."' in words(said)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (("A sentence.", "--quantity", "30k-ish"), 'I cannot read "30k-ish".'),
        (("A sentence.", "--topic", "lake-dm"), 'There is no topic "lake-dm". Did you mean "lake-dam"?'),
        (("A sentence.", "--id", "dam-safe"), 'There is a claim "dam-safe" already.'),
        (("A sentence.", "--short", "x" * 56), "short has 56 characters"),
        (("A sentence.", "--id", "two words"), '"two words" cannot be typed as one word.'),
    ],
)
def test_what_would_not_do_is_not_written(claimwatch: Claimwatch, line: tuple[str, ...], told: str) -> None:
    before = FILE.read_text()
    said = claimwatch("claims", "add", *line)
    assert said.code == 1
    assert told in words(said)
    assert FILE.read_text() == before


def test_a_dry_run_shows_the_lines_and_writes_nothing(claimwatch: Claimwatch) -> None:
    before = FILE.read_text()
    said = claimwatch("claims", "add", "The dam will be closed.", "--dry-run")
    assert "(not changed: --dry-run)" in said.out
    assert "  +   the-dam-will-be-closed:" in said.out
    assert FILE.read_text() == before


def test_with_several_topics_one_must_be_named(claimwatch: Claimwatch) -> None:
    assert claimwatch("topics", "add", "The bridge", "--who", "Tarn").code == 0
    said = claimwatch("claims", "add", "The dam will be closed.")
    assert "Say on which topic it is, with --topic: lake-dam, the-bridge" in words(said)
    assert claimwatch("claims", "add", "The bridge is old.", "--topic", "the-bridge").code == 0
    assert claims()["the-bridge-is-old"].topic == "the-bridge"


# ---------------------------------------------------------------- claims adopt


def test_the_figure_of_an_update_becomes_the_claims(claimwatch: Claimwatch, world: World) -> None:
    said = claimwatch("claims", "adopt", world.codes["3TWX8R"])
    assert said.code == 0
    claim = claims()["orsa-evacuated"]
    assert claim.text == "More than 6,000 people were evacuated below the dam at Lake Orsa."
    assert claim.quantity == "more than 6,000 people"
    assert claim.said_by == ("Example Wire",)
    assert "how many: more than 6,000 people" in said.out
    assert FILE.read_text().startswith(COMMENT)


def test_an_example_that_gives_another_relation_now_expects_it_and_is_told(
    claimwatch: Claimwatch, world: World
) -> None:
    said = claimwatch("claims", "adopt", world.codes["3TWX8R"])
    (example,) = claims()["orsa-evacuated"].examples
    assert example.expect != "UPDATES"
    assert f'this example gives {example.expect} now: "More than 6,000 people' in words(said)
    assert claimwatch("check").code == 0  # or the daemon would refuse the change


def test_what_was_said_of_the_text_before_is_kept_with_it(claimwatch: Claimwatch, world: World) -> None:
    before = claimwatch("claims", "show", "orsa-evacuated").out
    assert "for\n" in before
    claimwatch("claims", "adopt", world.codes["3TWX8R"])
    claimwatch("run", "--once")
    said = words(claimwatch("claims", "show", "orsa-evacuated"))
    assert "text number 2 of the claim" in said
    assert "unverified: no evidence yet" in said


def test_an_item_on_no_claim_becomes_one(claimwatch: Claimwatch, world: World) -> None:
    listed = claimwatch("alerts", "list", "--relation", "NEW", "--json").out
    code = listed.partition('"code": "')[2][:6]
    said = claimwatch("claims", "adopt", code)
    assert said.code == 0
    claim = claims()["orsa-dam-the-floods-have-killed-12"]
    assert claim.quantity == "12 people killed"
    assert claim.said_by == ("Example Wire",)


def test_an_alert_without_a_figure_cannot_be_adopted(claimwatch: Claimwatch, world: World) -> None:
    said = claimwatch("claims", "adopt", world.codes["K7Q2MD"])
    assert said.code == 1
    assert "brings no figure" in said.err
    assert 'There is no alert "ZZZZZZ"' in claimwatch("claims", "adopt", "ZZZZZZ").err


# ---------------------------------------------------------------- claims settle


def test_a_person_settles_a_claim_and_opens_it_again(claimwatch: Claimwatch) -> None:
    said = claimwatch("claims", "settle", "dam-safe", "false", "--note", "it broke", "--by", "a.lemoine")
    assert said.code == 0
    assert "settled as false by a.lemoine" in words(said)
    assert "it broke" in words(said)
    assert "settled-false" in claimwatch("claims", "list").out
    again = claimwatch("claims", "settle", "dam-safe", "open", "--by", "a.lemoine")
    assert "It was settled-false, it is disputed now." in words(again)


def test_a_claim_no_daemon_knows_yet_cannot_be_settled(claimwatch: Claimwatch) -> None:
    claimwatch("claims", "add", "The dam will be closed.")
    said = claimwatch("claims", "settle", "the-dam-will-be-closed", "true")
    assert said.code == 1
    assert "is not stored yet" in said.err


# ---------------------------------------------------------------- topics add


def test_a_topic_gets_a_file_of_its_own_and_says_what_it_would_have_found(claimwatch: Claimwatch) -> None:
    said = claimwatch(
        "topics", "add", "Floods at Orsa", "--who", "Orsa", "--what", "floods", "--not", "cup, final"
    )
    assert said.code == 0
    assert "2 of 7 stored items of the last 7d are on it:" in words(said)
    assert "Twelve dead" in said.out
    topic = next(t for t in load(Path("config"), environ={}).topics if t.id == "floods-at-orsa")
    assert [(line.name, line.names) for line in topic.lines] == [("who", ("Orsa",)), ("what", ("floods",))]
    assert topic.vetoes == ("cup", "final")
    assert Path("config/topics/floods-at-orsa.yaml").is_file()


def test_the_alias_book_proposes_names_in_other_languages(claimwatch: Claimwatch) -> None:
    Path("config/names.yaml").write_text("name:\n  orsa: {names: [Orsa, Орса, オルサ]}\n")
    said = claimwatch("topics", "add", "The lake", "--who", "Orsa", "--what", "lake")
    assert '"Orsa" is @orsa in names.yaml, also called Орса, オルサ' in words(said)
    assert 'who: ["@orsa", Orsa]' in Path("config/topics/the-lake.yaml").read_text()
    claimwatch("topics", "add", "The sea", "--who", "Orsa", "--as-written")
    assert "@orsa" not in Path("config/topics/the-sea.yaml").read_text()


def test_a_topic_without_names_is_wrong_usage_and_a_bad_one_is_not_written(claimwatch: Claimwatch) -> None:
    assert claimwatch("topics", "add", "The lake").code == 2
    said = claimwatch("topics", "add", "The lake", "--who", "@nobody")
    assert said.code == 1
    assert 'There is no entry "nobody" in names.yaml.' in words(said)
    assert not Path("config/topics/the-lake.yaml").exists()


def test_on_a_terminal_it_asks() -> None:
    Path("config/names.yaml").write_text("name:\n  orsa: {names: [Orsa, Орса]}\n")
    master, slave = pty.openpty()
    os.write(master, b"The lake\nOrsa\nlake\n\ny\n")
    done = subprocess.run(
        [sys.executable, "-m", "claimwatch", "topics", "add"],
        stdin=slave, capture_output=True, text=True, check=False,
    )  # fmt: skip
    os.close(slave)
    os.close(master)
    assert done.returncode == 0, done.stderr
    assert "Take all its names?" in done.stdout
    assert "@orsa" in Path("config/topics/the-lake.yaml").read_text()
