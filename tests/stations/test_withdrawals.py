"""A publisher takes a report back: its evidence stops counting and its readers are told."""

from __future__ import annotations

from claimwatch.core.model import Relation, Route
from tests.stations.stage import HOUR, Stage, news

DENIED = "Avaria denies sending soldiers - Avaria"


async def denied(stage: Stage) -> None:
    await stage.begin()
    await stage.round(a=[news(DENIED, id="1")])
    assert stage.desk == [f"CONTRADICTS: {DENIED}"]
    stage.clock.move(HOUR)


async def test_a_withdrawn_report_is_taken_back_before_those_who_got_it(stage: Stage) -> None:
    await denied(stage)
    stage.routes = [Route("others", ("boss",))]
    stage.die()
    await stage.round(a=[news(f"WITHDRAWN: {DENIED}", id="1")])
    assert stage.desk[1:] == [f"WITHDRAWN: {DENIED}"]
    assert stage.boxes["boss"].lines == []
    assert stage.reader.claims()["t-5k"].status == "unverified"
    told = next(s.alert for s in stage.alerts() if s.alert.relation is Relation.WITHDRAWN)
    assert told.correction is not None
    assert told.correction.fact == f'Outlet a withdrew its report: "WITHDRAWN: {DENIED}"'
    assert (told.status_was, told.standing and told.standing.status) == ("disputed", "unverified")
    await stage.tell()
    assert len(stage.desk) == 2


async def test_a_corrected_report_that_says_another_thing_is_taken_back_and_told_anew(stage: Stage) -> None:
    await denied(stage)
    title = "CORRECTED: Avaria confirms sending soldiers - Avaria"
    await stage.round(a=[news(title, at=stage.clock())])
    assert sorted(stage.desk[1:]) == [f"CORRECTION: {DENIED}", f"CORROBORATES: {title}"]
    assert stage.reader.claims()["t-5k"].status == "corroborated"


async def test_a_correction_of_something_else_changes_nothing(stage: Stage) -> None:
    await denied(stage)
    await stage.round(a=[news(f"CORRECTED: {DENIED}", id="1")])
    assert len(stage.desk) == 1
    assert stage.reader.claims()["t-5k"].status == "disputed"


async def test_a_publisher_takes_back_its_own_reports_only(stage: Stage) -> None:
    await denied(stage)
    await stage.round(b=[news(f"WITHDRAWN: {DENIED}", at=stage.clock())])
    assert not any(line.startswith("WITHDRAWN") for line in stage.desk)
    assert stage.reader.claims()["t-5k"].status == "disputed"


async def test_readers_of_a_first_polls_summary_are_told_too(stage: Stage) -> None:
    await stage.round(a=[news(DENIED, id="1"), news("soldiers leave")])
    assert len(stage.desk) == 1
    stage.clock.move(HOUR)
    await stage.round(a=[news(f"WITHDRAWN: {DENIED}", id="1")])
    assert stage.desk[1:] == [f"WITHDRAWN: {DENIED}"]
    assert stage.reader.claims()["t-5k"].status == "unverified"


async def test_an_edit_that_says_nothing_of_the_claim_any_more_is_told_to_those_who_got_it(
    stage: Stage,
) -> None:
    await denied(stage)
    stage.routes = [Route("others", ("boss",))]
    stage.die()
    title = "Avaria speaks of sending soldiers - Avaria"
    await stage.round(a=[news(title, id="1")])
    assert stage.desk[1:] == [f"CORRECTION: {DENIED}"]
    assert stage.boxes["boss"].lines == []
    assert stage.reader.claims()["t-5k"].status == "unverified"
    told = next(s.alert for s in stage.alerts() if s.alert.relation is Relation.CORRECTION)
    assert told.correction is not None
    assert told.correction.fact == (
        f'Outlet a edited its report: "{title}". It does not speak of the claim any more.'
    )


async def test_a_page_edited_three_times_that_goes_on_saying_so_alerts_nobody(stage: Stage) -> None:
    await denied(stage)
    for number in range(3):
        stage.clock.move(HOUR)
        edited = "Avaria denies sending any soldiers" + " at all" * number + " - Avaria"
        await stage.round(a=[news(edited, id="1")])
    assert len(stage.desk) == 1
    assert stage.reader.claims()["t-5k"].status == "disputed"


async def test_an_edit_off_the_topic_altogether_takes_its_evidence_back(stage: Stage) -> None:
    await denied(stage)
    title = "Avaria sending something else - Avaria"
    await stage.round(a=[news(title, id="1")])
    assert stage.desk[1:] == [f"CORRECTION: {DENIED}"]
    assert stage.reader.claims()["t-5k"].status == "unverified"
    stage.clock.move(HOUR)
    await stage.round(a=[news(title + " and tomorrow", id="1")])
    assert len(stage.desk) == 2
