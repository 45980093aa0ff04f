from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Claimwatch


def test_a_mute_has_an_end_an_author_and_a_reason(claimwatch: Claimwatch, config: Path) -> None:
    assert claimwatch("mutes", "-c", config).out == "Nothing is muted.\n"
    said = claimwatch("mute", "harbour-ships", "3d", "drill", "-c", config, "--by", "a.lemoine")
    assert said.code == 0
    assert said.out.startswith("harbour-ships is muted until ")
    claimwatch("mute", "border-troops", "24h", "known", "-c", config)
    rows = [json.loads(line) for line in claimwatch("mutes", "-c", config, "--json").out.splitlines()]
    assert [(r["muted"], r["kind"], r["reason"]) for r in rows] == [
        ("harbour-ships", "claim", "drill"),
        ("border-troops", "topic", "known"),
    ]
    assert rows[0]["by"] == "a.lemoine"
    assert rows[1]["by"]
    assert "a.lemoine" in claimwatch("mutes", "-c", config).out
    assert claimwatch("unmute", "harbour-ships", "-c", config).code == 0
    assert "harbour-ships" not in claimwatch("mutes", "-c", config).out


def test_a_second_mute_takes_the_place_of_the_first(claimwatch: Claimwatch, config: Path) -> None:
    claimwatch("mute", "harbour", "3d", "drill", "-c", config)
    claimwatch("mute", "harbour", "1h", "over soon", "-c", config)
    (row,) = claimwatch("mutes", "-c", config, "--json").out.splitlines()
    assert json.loads(row)["reason"] == "over soon"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (("mute", "harbour"), 'A mute needs an end:  claimwatch mute harbour 3d "drill"'),
        (("mute", "harbour", "drill"), 'I cannot read "drill". Write a span such as 90m, 24h, 3d or 2w'),
        (("mute", "harbour", "3d"), 'A mute needs a reason:  claimwatch mute harbour 3d "drill"'),
        (("mute", "harbour", "3d", " "), "A mute needs a reason"),
        (("mute", "harbor", "3d", "x"), 'There is no claim or topic "harbor". Did you mean "harbour"?'),
        (("unmute", "harbour"), '"harbour" is not muted. What is:  claimwatch mutes'),
    ],
)
def test_what_is_missing_is_told(
    claimwatch: Claimwatch, config: Path, line: tuple[str, ...], told: str
) -> None:
    said = claimwatch(*line, "-c", config)
    assert said.code == 1
    assert told in said.err
