"""The next digest can be read before it comes; nothing is sent by looking."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from tests.cli.conftest import NOW, Claimwatch, Past


def daily(config: Path) -> None:
    routes = config.parent / "alerts" / "routes.yaml"
    routes.write_text(routes.read_text() + '  - {name: daily, to: [desk], digest: "07:00"}\n')


def test_a_digest_is_shown_as_it_stands_and_not_sent(
    claimwatch: Claimwatch, config: Path, past: Past
) -> None:
    daily(config)
    past.polled("Alpha")
    past.alerted("K7Q2MD")
    past.outbox.commit_dead(1, "550 no such user", now=NOW)
    said = claimwatch("digest", "--preview", "-c", config)
    assert said.code == 0
    assert "K7Q2MD to desk: 550 no such user" in said.out
    assert "ON TOPIC, NO CLAIM" in said.out
    assert max(map(len, said.out.splitlines())) <= 80
    due = past.outbox.take_due(now=NOW + timedelta(days=2), lease=timedelta(minutes=1), each=9)
    assert due == []
    (row,) = map(json.loads, claimwatch("digest", "--preview", "--json", "-c", config).out.splitlines())
    assert row["route"] == "daily"
    assert "NOT DELIVERED" in [section["title"] for section in row["sections"]]


def test_digests_are_listed_with_their_hours(claimwatch: Claimwatch, config: Path) -> None:
    assert "No route sends a digest." in claimwatch("digest", "-c", config).err
    daily(config)
    assert claimwatch("digest", "-c", config).out == "daily: 07:00 (UTC) to desk\n"
    assert 'No route "dialy"' in claimwatch("digest", "--route", "dialy", "-c", config).err
    assert "Nothing is stored yet" in claimwatch("digest", "--preview", "-c", config).err


def test_without_a_digest_in_the_config_everything_can_be_previewed(
    claimwatch: Claimwatch, config: Path, past: Past
) -> None:
    past.polled("Alpha")
    past.alerted("K7Q2MD")
    assert "ON TOPIC, NO CLAIM" in claimwatch("digest", "--preview", "-c", config).out
