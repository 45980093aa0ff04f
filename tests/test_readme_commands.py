"""What the README says of editing by command can be typed as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.conftest import Claimwatch, claimwatch, first_world, world
from tests.cli.test_examples import typed
from tests.cli.world import World

__all__ = ["claimwatch", "first_world", "world"]

README = (Path(__file__).resolve().parents[1] / "README.md").read_text("utf-8")
EDITING = re.findall(r"^ {4}(claimwatch (?:topics|claims|test) .*)$", README, re.MULTILINE)


@pytest.mark.parametrize("line", EDITING)
def test_what_the_readme_says_to_type_works(claimwatch: Claimwatch, world: World, line: str) -> None:
    words, stdin = typed(re.sub(r"\s+#.*", "", line), world)
    said = claimwatch(*words, stdin=stdin)
    assert said.code == 0, said
