import json

import structlog

from tests.cli.conftest import Claimwatch


def test_alerts_are_measured_from_first_sight_to_hand_over_and_from_a_queue(claimwatch: Claimwatch) -> None:
    before = structlog.get_config()
    said = claimwatch("bench", "alerts", "--feeds", "3", "--queue", "30", "--json")
    assert said.code == 0, said.err
    soon, queue = map(json.loads, said.out.splitlines())
    assert (soon["alerts"], soon["lost"]) == (3, 0)
    assert (queue["alerts"], queue["lost"], queue["copies"], queue["connections"]) == (30, 0, 0, 1)
    assert structlog.get_config() == before
