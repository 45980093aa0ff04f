"""`alerts same` and `alerts split`, as a person types them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from claimwatch.config import load
from claimwatch.core.ledger import Evidence
from claimwatch.core.model import Alert, Assessment, Relation, Report, Stance
from claimwatch.core.work import Finding, Findings, NewDelivery
from tests.cli.conftest import NOW, Claimwatch, Past


def unwrapped(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture
def told(past: Past, config: Path) -> Past:
    """Two origins support the claim; the second was told as K7Q2MD."""
    past.polled("Alpha")
    past.polled("Beta")
    claim = load(config, environ={}).claims[0]
    for item, origin in ((1, "Seoul"), (2, "Example Imagery")):
        alert = Alert(
            f"fp-{item}", ("F3RST2", "K7Q2MD")[item - 1], Relation.CORROBORATES, "new-origin",
            "border-troops", "Border troops", Report(f"{origin} counts ten ships", "Alpha", item=item),
            NOW + timedelta(minutes=item), claim=claim,
        )  # fmt: skip
        piece = Evidence(claim.id, item, 1, Stance.SUPPORTS, origin, "Alpha", alert.created_at)
        finding = Finding(item, 1, item, "alert CORROBORATES", ((piece, Assessment(Stance.SUPPORTS, 0.8)),))
        new = NewDelivery("desk", NOW, ("all",))
        past.ledger.commit(Findings((finding,), ((alert, (new,)),)), now=alert.created_at)
        past.outbox.store_message(item, b"as sent")
        past.sent(item)
    return past


def test_same_says_what_moves_and_who_is_told_and_split_undoes_it(
    claimwatch: Claimwatch, config: Path, told: Past
) -> None:
    said = claimwatch("alerts", "same", "k7q2md", "F3RST2", "-c", config, "--by", "a.lemoine")
    out = unwrapped(said.out)
    assert out.startswith(
        "Example Imagery is counted as Seoul on harbour-ships from now on. harbour-ships: 3 -> 2 for"
    )
    assert "CORRECTION K7Q2MD-c1 goes to 1 receiver." in out
    assert "Undo: claimwatch alerts split K7Q2MD" in out
    text = claimwatch("alerts", "show", "K7Q2MD-c1", "-c", config).out
    assert "CORRECTION to alert K7Q2MD: the origin is not independent" in text
    assert "MARKED    by a.lemoine" in text
    story = claimwatch("explain", "2", "-c", config).out
    assert "counted as Seoul by a.lemoine" in unwrapped(story)
    again = claimwatch("alerts", "split", "K7Q2MD", "-c", config, "--by", "b.martin")
    assert "Example Imagery is an origin of its own again on harbour-ships." in unwrapped(again.out)
    assert "an origin of its own again by b.martin" in unwrapped(claimwatch("explain", "2", "-c", config).out)


def test_what_cannot_be_merged_or_split_is_said(claimwatch: Claimwatch, config: Path, told: Past) -> None:
    moon = claimwatch("alerts", "same", "K7Q2MD", "the moon", "-c", config)
    assert moon.code == 1
    assert (
        '"the moon" is no origin of harbour-ships. Known are: Norland intelligence, Seoul, Example Imagery.'
        in unwrapped(moon.err)
    )
    itself = claimwatch("alerts", "same", "K7Q2MD", "the Example Imagery", "-c", config)
    assert "is the same already" in unwrapped(itself.err)
    nothing = claimwatch("alerts", "split", "K7Q2MD", "-c", config)
    assert "Nothing was merged by K7Q2MD" in unwrapped(nothing.err)
    assert 'There is no alert "XXXXXX"' in claimwatch("alerts", "split", "XXXXXX", "-c", config).err
