"""What readers were never told makes no later report old news."""

from __future__ import annotations

from dataclasses import replace

from claimwatch.core.model import Item
from claimwatch.core.muting import Mute
from claimwatch.storage.muting import SqlMuteStore
from tests.stations.stage import HOUR, Stage, news

STORY = "Norland moves its soldiers from the old barracks to a camp near the river, the mayor says."


def report(title: str, stage: Stage) -> Item:
    return replace(news(title, at=stage.clock()), summary=STORY)


async def test_a_print_of_what_was_hardly_on_the_topic_is_told(stage: Stage) -> None:
    await stage.begin()
    await stage.round(a=[report("River camp hardly holds the soldiers", stage)])
    assert stage.desk == []
    stage.clock.move(HOUR)
    await stage.round(b=[report("River camp holds the soldiers", stage)])
    assert stage.desk == ["NEW: River camp holds the soldiers"]
    stage.clock.move(HOUR)
    await stage.round(c=[report("River camp holds the soldiers", stage)])
    assert len(stage.desk) == 1


async def test_a_print_is_told_on_a_topic_whose_readers_did_not_hear_of_it(stage: Stage) -> None:
    await stage.begin()
    await stage.round(a=[report("River camp near the port holds them", stage)])
    stage.clock.move(HOUR)
    await stage.round(b=[report("River camp near the port holds them: soldiers", stage)])
    assert [line.partition(":")[0] for line in stage.desk] == ["NEW", "NEW"]
    assert {s.alert.topic for s in stage.alerts()} == {"ports", "troops"}


async def test_a_denial_that_was_hardly_on_the_topic_is_told_when_it_is_printed_again(stage: Stage) -> None:
    await stage.begin()
    await stage.round(a=[report("Avaria hardly denies the soldiers at all - Avaria", stage)])
    assert stage.desk == []
    stage.clock.move(HOUR)
    again = "Avaria denies the soldiers at all - Avaria"
    await stage.round(b=[report(again, stage)])
    assert stage.desk == [f"CONTRADICTS: {again}"]


async def test_what_came_while_its_topic_was_muted_is_told_when_it_comes_again(stage: Stage) -> None:
    await stage.begin()
    at = stage.clock()
    SqlMuteStore(stage.database).add(Mute("topic", "troops", at, at + HOUR, "drill", "x"))
    await stage.round(a=[report("River camp holds the soldiers", stage)])
    assert stage.desk == []
    stage.clock.move(2 * HOUR)
    await stage.round(b=[report("River camp holds the soldiers", stage)])
    assert stage.desk == ["NEW: River camp holds the soldiers"]
