"""An alert that a mended channel refused, or that somebody else should see, is sent once more and says so."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from claimwatch.core.model import Receipt
from claimwatch.core.resending import resent
from claimwatch.core.work import DueDelivery
from tests.channels.examples import ALERTS, KEY
from tests.channels.golden import channel, shown
from tests.cli.conftest import NOW, Claimwatch, Past
from tests.contracts.test_channels import KINDS

LATER = timedelta(days=1)


@pytest.fixture
def alerted(past: Past) -> Past:
    past.polled("Alpha")
    past.alerted("K7Q2MD")
    return past


def due(past: Past) -> list[DueDelivery]:
    return past.outbox.take_due(now=NOW + LATER, lease=timedelta(minutes=1), each=9)


def test_what_was_refused_goes_to_those_who_refused_it_under_a_new_id(
    claimwatch: Claimwatch, config: Path, alerted: Past
) -> None:
    (first,) = due(alerted)
    alerted.outbox.store_message(first.delivery.id, b"as refused")
    alerted.outbox.commit_dead(first.delivery.id, "550 no", now=NOW)
    said = claimwatch("alerts", "resend", "k7q2md", "-c", config)
    assert said.code == 0
    assert "K7Q2MD goes once more to desk." in said.out
    (again,) = due(alerted)
    assert again.delivery.message is None  # worded anew
    assert again.delivery.key != first.delivery.key
    assert claimwatch("status", "-c", config).out.count("550 no") == 0


def test_it_can_be_sent_again_to_one_who_got_it(claimwatch: Claimwatch, config: Path, alerted: Past) -> None:
    (first,) = due(alerted)
    alerted.outbox.commit_sent(first.delivery.id, Receipt("250 Ok"), now=NOW)
    assert "Nobody refused K7Q2MD." in claimwatch("alerts", "resend", "K7Q2MD", "-c", config).err
    assert claimwatch("alerts", "resend", "K7Q2MD", "--to", "desk", "-c", config).code == 0
    assert claimwatch("alerts", "resend", "K7Q2MD", "--to", "desk", "-c", config).code == 0
    (again,) = due(alerted)
    assert again.delivery.resent == 1


def test_one_who_waits_for_it_gets_it_sooner_and_once(
    claimwatch: Claimwatch, config: Path, alerted: Past
) -> None:
    (first,) = due(alerted)
    alerted.outbox.commit_retry(first.delivery.id, "451", due_at=NOW + 5 * LATER)
    said = claimwatch("alerts", "resend", "K7Q2MD", "--to", "desk", "-c", config)
    assert "still waited; it goes now" in said.out
    (sooner,) = due(alerted)
    assert sooner.delivery.key == first.delivery.key


def test_a_receiver_that_never_got_it_gets_it_and_its_correction(
    claimwatch: Claimwatch, config: Path, alerted: Past
) -> None:
    routes = config.parent / "alerts" / "routes.yaml"
    routes.write_text(routes.read_text() + "  - {name: none, to: [boss]}\n")
    routes.write_text(routes.read_text().replace("route:", "  boss: {type: jsonl, path: boss.jsonl}\nroute:"))
    assert claimwatch("alerts", "resend", "K7Q2MD", "--to", "boss", "-c", config).code == 0
    for one in due(alerted):
        alerted.outbox.store_message(one.delivery.id, b"x")
        alerted.sent(one.delivery.id)
    said = claimwatch("alerts", "wrong", "K7Q2MD", "-c", config)
    assert "goes to the 2 receivers who got it" in said.out


def test_an_unknown_code_or_channel_is_told(claimwatch: Claimwatch, config: Path, alerted: Past) -> None:
    assert 'no alert "XXXXXX"' in claimwatch("alerts", "resend", "XXXXXX", "-c", config).err
    said = claimwatch("alerts", "resend", "K7Q2MD", "--to", "dsk", "-c", config)
    assert 'There is no channel "dsk". Did you mean "desk"?' in said.err


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ALERTS)
def test_every_channel_marks_what_is_sent_again(kind: str, name: str) -> None:
    message = shown(kind, channel(kind).word(resent(ALERTS[name]), key=KEY))
    assert "resent" in message.lower() or "sent again" in message.lower()
