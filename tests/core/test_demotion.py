from __future__ import annotations

from datetime import UTC, datetime

import pytest

from claimwatch.core.demotion import demotion
from claimwatch.core.model import Relation

NOW = datetime(2026, 7, 25, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        ("w" * 5 + "r" * 15, None),
        ("w" * 6 + "r" * 14, 6),
        ("w" * 6 + "r" * 15, None),  # the first has left the window of 20
        ("w" * 6, 6),
        ("", None),
    ],
)
def test_six_wrong_of_the_last_twenty_are_too_many(words: str, wrong: int | None) -> None:
    spelled = [{"w": "wrong", "r": "right"}[each] for each in words]
    found = demotion("desk-now", Relation.UPDATES, spelled, NOW)
    assert (found.wrong if found else None) == wrong
