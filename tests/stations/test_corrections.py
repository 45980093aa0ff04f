"""A correction reaches exactly those who got the alert, through the real stations."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from claimwatch.core.judging import Judgement, Ruling, rule
from claimwatch.core.model import Record, Relation, Route
from claimwatch.core.wording import read
from claimwatch.storage.judging import SqlJudgementStore
from tests.stations.stage import CLAIMS, HOUR, Stage, news

DENIED = "Avaria denies sending soldiers - Avaria"


def judge(stage: Stage, word: str, title: str = DENIED) -> Ruling:
    stored = next(s for s in stage.alerts() if s.alert.report.title == title and "-" not in s.alert.code)
    judgement = Judgement(word, "a.lemoine", stage.clock())  # type: ignore[arg-type]
    claims = {claim.id: claim for claim in CLAIMS}
    store = SqlJudgementStore(stage.database)
    return store.judge(stored.alert, judgement, lambda c: rule(c, judgement, claims))[0]


async def test_a_correction_reaches_those_who_got_the_alert_also_after_the_routes_changed(
    stage: Stage,
) -> None:
    await stage.begin()
    await stage.round(a=[news(DENIED)])
    assert stage.reader.claims()["t-5k"].status == "disputed"
    stage.routes = [Route("others", ("boss",))]
    stage.die()
    judge(stage, "wrong")
    await stage.tell()
    assert stage.desk == [f"CONTRADICTS: {DENIED}", f"CORRECTION: {DENIED}"]
    assert stage.boxes["boss"].lines == []
    assert stage.reader.claims()["t-5k"].status == "unverified"


async def test_what_comes_later_is_weighed_without_what_was_taken_back(stage: Stage) -> None:
    await stage.begin()
    await stage.round(a=[news(DENIED)])
    judge(stage, "wrong")
    stage.clock.move(HOUR)
    await stage.round(b=[news("Seoul confirms soldiers - Seoul")])
    assert stage.reader.claims()["t-5k"].status == "corroborated"


async def test_a_reprint_of_a_wrong_report_neither_alerts_nor_counts(stage: Stage) -> None:
    await stage.begin()
    await stage.round(a=[news(DENIED)])
    judge(stage, "wrong")
    stage.clock.move(HOUR)
    await stage.round(b=[news(DENIED)])
    assert len(stage.desk) == 2
    assert stage.reader.claims()["t-5k"].status == "unverified"


async def test_what_was_told_in_a_morning_summary_is_corrected_too(stage: Stage) -> None:
    stage.routes = [Route("night", ("desk",), quiet="00:00-23:59")]
    stage.die()
    await stage.begin()
    await stage.round(a=[news(DENIED), news("soldiers leave")])
    assert stage.desk == []
    stage.clock.move(24 * HOUR)
    await stage.tell()
    assert len(stage.desk) == 1
    judge(stage, "wrong")
    await stage.tell()
    assert stage.desk[1:] == [f"CORRECTION: {DENIED}"]


async def test_a_wrong_alert_that_waits_for_the_morning_is_not_sent(stage: Stage) -> None:
    stage.routes = [Route("night", ("desk",), quiet="00:00-23:59")]
    stage.die()
    await stage.begin()
    await stage.round(a=[news(DENIED), news("soldiers leave")])
    judge(stage, "wrong")
    stage.clock.move(24 * HOUR)
    await stage.tell()
    assert stage.desk == ["NEW: soldiers leave"]


async def test_alerts_show_the_track_record_of_their_relation_from_five_judged_on(stage: Stage) -> None:
    await stage.begin()
    denials = [f"Voice{n} denies sending soldiers on day {n} - Voice{n}" for n in range(7)]
    for n, title in enumerate(denials[:5]):
        stage.clock.move(24 * 9 * HOUR)
        await stage.round(a=[news(title, at=stage.clock())])
        judge(stage, "wrong" if n == 2 else "right", title)
    await stage.round(a=[news("soldiers leave")])
    stage.clock.move(24 * 9 * HOUR)
    await stage.round(a=[news(denials[5], at=stage.clock())])
    latest = next(s.alert for s in stage.alerts() if s.alert.report.title == denials[5])
    assert latest.record == Record(4, 5)
    words = " ".join(read(latest, ZoneInfo("UTC")).why)
    assert "alerts like this one were judged right 4 times out of 5" in words
    judge(stage, "wrong", denials[1])  # the last word counts
    assert stage.reader.track_record()[Relation.CONTRADICTS] == Record(3, 5)
    assert Relation.NEW not in stage.reader.track_record()
    few = replace(latest, record=Record(4, 4))
    assert "judged" not in " ".join(read(few, ZoneInfo("UTC")).why)
