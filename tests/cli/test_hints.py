"""What a command proposes to type next works as it stands: it repeats the --config that was given."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Claimwatch
from tests.cli.world import World

HINTS = [
    (("alerts", "show", "AAAAAA"), "claimwatch alerts list"),
    (("alerts", "right", "AAAAAA"), "claimwatch alerts list"),
    (("alerts", "resend", "AAAAAA"), "claimwatch alerts list"),
    (("explain", "AAAAAA"), "claimwatch alerts list"),
    (("unmute", "dam-safe"), "claimwatch mutes"),
    (("mute", "dam-safe", "3d", "drill"), "claimwatch unmute dam-safe"),
    (("mute", "dam-safe"), 'claimwatch mute dam-safe 3d "drill"'),
]


@pytest.mark.parametrize(("words", "hint"), HINTS, ids=[" ".join(words) for words, _ in HINTS])
def test_a_hint_repeats_the_config_that_was_given(
    claimwatch: Claimwatch, world: World, words: tuple[str, ...], hint: str
) -> None:
    Path("config").rename("our config")
    said = claimwatch(*words, "--config", "our config")
    assert " ".join((said.out + said.err).split()).endswith(f"{hint} --config 'our config'")
    Path("our config").rename("config")
    said = claimwatch(*words, "--config", "config")
    assert " ".join((said.out + said.err).split()).endswith(hint)


def test_check_says_how_to_go_on_with_this_config(
    claimwatch: Claimwatch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine").mkdir()
    Path("alerts").mkdir()
    Path("mine/claimwatch.yaml").write_text("languages: [en]\n")
    Path("alerts/routes.yaml").write_text(
        "channel:\n  desk: {type: jsonl, path: desk.jsonl}\nroute:\n  - {name: all, to: [desk]}\n"
    )
    said = " ".join(claimwatch("check", "--config", "mine").out.split())
    assert "claimwatch feeds add ADDRESS --config mine" in said
    assert "claimwatch topics add --config mine" in said
