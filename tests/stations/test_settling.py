"""A person closes a claim; nothing but a person moves it from there, and the digest tells it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from claimwatch.core.model import Alert, Claim, Relation, Route
from claimwatch.digest import DigestStation
from claimwatch.storage.digesting import SqlDigestStore
from claimwatch.storage.settling import SqlSettlingStore
from tests.stations.stage import CLAIMS, HOUR, Stage, news

CLAIM = CLAIMS[0]
DENIED = "Avaria denies sending soldiers - Avaria"
CONFIRMED = "Seoul confirms soldiers - Seoul"
DAY = timedelta(days=1)


def settle(stage: Stage, status: str, note: str = "") -> Alert:
    return SqlSettlingStore(stage.database).settle(CLAIM, status, "a.lemoine", stage.clock(), note=note)


def status(stage: Stage) -> str:
    return stage.reader.claims()["t-5k"].status


def digesting(stage: Stage, claim: Claim = CLAIM) -> DigestStation:
    stage.routes = [Route("daily", ("desk",), topics=("t*",), relations=(Relation.NEW,), digest="07:00")]
    return DigestStation(
        store=SqlDigestStore(stage.database, (claim,)), routes=stage.routes, addresses={},
        zone=stage.zone, clock=stage.clock,
    )  # fmt: skip


def sections(stage: Stage) -> dict[str, str]:
    latest = next(s.alert for s in stage.alerts() if s.alert.sections)
    return {section.title: " | ".join(section.lines) for section in latest.sections}


async def test_what_a_person_settled_is_moved_by_no_report(stage: Stage) -> None:
    await stage.begin()
    settle(stage, "settled-true")
    await stage.round(a=[news(DENIED)])
    assert stage.desk == [f"CONTRADICTS: {DENIED}"]
    assert status(stage) == "settled-true"
    told = next(s.alert for s in stage.alerts() if s.alert.relation is Relation.CONTRADICTS)
    assert told.notes[0] == "The claim was settled as true by a.lemoine, 14 Jul 2026."
    assert told.standing is not None
    assert told.standing.status == "settled-true"


async def test_a_report_that_says_what_was_settled_is_counted_only(stage: Stage) -> None:
    await stage.begin()
    settle(stage, "settled-true")
    await stage.round(a=[news(CONFIRMED)])
    assert stage.desk == []
    settle(stage, "settled-false")
    stage.clock.move(HOUR)
    await stage.round(b=[news(DENIED)])
    assert stage.desk == []


async def test_a_claim_that_is_opened_again_stands_where_its_evidence_puts_it(stage: Stage) -> None:
    await stage.begin()
    settle(stage, "settled-true", note="the ministry published the order")
    await stage.round(a=[news(DENIED)])
    stage.clock.move(HOUR)
    alert = settle(stage, "open")
    assert (alert.status_was, alert.standing and alert.standing.status) == ("settled-true", "disputed")
    assert status(stage) == "disputed"


async def test_the_next_digest_tells_it_whatever_relations_its_route_names(stage: Stage) -> None:
    station = digesting(stage)
    assert station.make_due() == 0
    await stage.begin()
    settle(stage, "settled-false", note="the ministry showed the order")
    stage.clock.move(DAY)
    assert await station.run_due() == 1
    assert sections(stage)["CLAIMS SETTLED, OR OVER"] == (
        "5,000 soldiers: settled as false by a.lemoine, 14 Jul 2026: the ministry showed the order"
    )
    assert status(stage) == "settled-false"


async def test_nobody_is_told_at_once_that_a_claim_is_settled(stage: Stage) -> None:
    await stage.begin()
    settle(stage, "settled-true")
    await stage.tell()
    assert stage.desk == []


async def test_when_its_time_is_over_the_digest_asks_once_how_it_ended(stage: Stage) -> None:
    claim = replace(CLAIM, until=date(2026, 7, 15))
    station = digesting(stage, claim)
    assert await station.run_due() == 0
    stage.clock.move(DAY)
    await station.run_due()
    assert sections(stage)["CLAIMS TO SETTLE"] == "t-5k ends 15 Jul 2026 (unverified)"
    assert "CLAIMS SETTLED, OR OVER" not in sections(stage)
    for _ in range(2):  # asked on the day after; the digest of the morning after that tells it
        stage.clock.move(DAY)
        await station.run_due()
    assert sections(stage)["CLAIMS SETTLED, OR OVER"] == (
        "5,000 soldiers: its time is over (15 Jul 2026), unverified: nobody has said how it ended"
    )
    assert sections(stage)["CLAIMS TO SETTLE"].startswith("t-5k ended 15 Jul 2026 (unverified): claimwatch")
    stage.clock.move(DAY)
    await station.run_due()
    assert "CLAIMS SETTLED, OR OVER" not in sections(stage)
    assert "CLAIMS TO SETTLE" in sections(stage)
    settle(stage, "settled-false")
    stage.clock.move(DAY)
    await station.run_due()
    assert "CLAIMS TO SETTLE" not in sections(stage)


async def test_a_claim_with_other_words_is_open_again(stage: Stage) -> None:
    from claimwatch.storage.assessing import SqlAssessStore

    settle(stage, "settled-true")
    edited = replace(CLAIM, text="Up to 6,000 soldiers may be sent.")
    SqlAssessStore(stage.database).register([edited], now=stage.clock())
    assert status(stage) == "unverified"
    assert SqlSettlingStore(stage.database).settled() == {}


def test_what_cannot_be_settled_is_refused(stage: Stage) -> None:
    with pytest.raises(ValueError, match="settled-true"):
        settle(stage, "corroborated")
    with pytest.raises(LookupError):
        SqlSettlingStore(stage.database).settle(
            replace(CLAIM, id="nobody"), "settled-true", "a.lemoine", stage.clock()
        )
