"""`claimwatch check --send`: one test message through every channel."""

from __future__ import annotations

import sys
from datetime import datetime

from claimwatch.cli.progress import progress
from claimwatch.config import Settings
from claimwatch.config.problems import Problem, Problems
from claimwatch.core.model import Alert, Relation, Report
from claimwatch.errors import DeliveryError

TITLE = "claimwatch test message: this channel works"


def alert_of_test(now: datetime) -> Alert:
    """Return an alert that nobody can take for news."""
    return Alert(
        fingerprint=f"test-{now:%Y%m%d%H%M%S}",
        code="TESTAB",
        relation=Relation.NEW,
        reason="test",
        topic="test",
        topic_title="Test of this channel",
        report=Report(TITLE, "claimwatch", published_at=now, seen_at=now),
        created_at=now,
        notes=("Sent by claimwatch check --send. There is nothing to do.",),
    )


async def send_tests(settings: Settings, *, now: datetime) -> tuple[int, list[Problem]]:
    """Send one message through each channel; return how many took it, and an error for each that did not."""
    from claimwatch.app import open_channels

    problems = Problems()
    channels, addresses = open_channels(settings, terminal=sys.stdout)
    owner = {address: name for name, parts in addresses.items() for address in parts}
    alert = alert_of_test(now)
    with progress("channels", len(channels)) as tick:
        for address, channel in channels.items():
            key = f"{alert.fingerprint}/{address}"
            name = owner.get(address, address)
            try:
                await channel.send(channel.word(alert, key=key), key=key)
            except DeliveryError as error:
                problems.error(
                    35, settings.places.get(f"channel {name}"), f"channel {name}", f"{address}: {error}"
                )
            finally:
                await channel.close()
            tick()
    refused = list(problems.all())
    return len(channels) - len(refused), refused
