"""What is muted is stored and counted, never sent; afterwards it is news again."""

from __future__ import annotations

from claimwatch.core.muting import Mute
from claimwatch.storage.digesting import SqlDigestStore
from claimwatch.storage.muting import SqlMuteStore
from tests.stations.stage import CLAIMS, HOUR, Stage, news

DENIED = "Avaria denies sending soldiers - Avaria"


def mute(stage: Stage, name: str, kind: str = "claim", hours: int = 24) -> None:
    at = stage.clock()
    SqlMuteStore(stage.database).add(Mute(kind, name, at, at + hours * HOUR, "drill", "x"))  # type: ignore[arg-type]


async def test_a_muted_claim_is_stored_and_never_sent(stage: Stage) -> None:
    await stage.begin()
    mute(stage, "t-5k")
    await stage.round(a=[news(DENIED), news("soldiers leave")])
    assert stage.desk == ["NEW: soldiers leave"]
    stage.clock.move(48 * HOUR)
    await stage.tell()
    assert len(stage.desk) == 1
    assert stage.reader.claims()["t-5k"].status == "disputed"
    (stored,) = [s for s in stage.alerts() if s.alert.claim]
    assert [d.state for d in stored.deliveries] == ["muted"]


async def test_after_a_mute_what_was_muted_is_news_again(stage: Stage) -> None:
    await stage.begin()
    mute(stage, "t-5k", hours=1)
    await stage.round(a=[news(DENIED)])
    stage.clock.move(2 * HOUR)
    again = "Once more Avaria denies that it sends any of its soldiers - Avaria"
    await stage.round(b=[news(again)])
    assert stage.desk == [f"CONTRADICTS: {again}"]


async def test_a_lifted_mute_is_over(stage: Stage) -> None:
    await stage.begin()
    mute(stage, "troops", "topic")
    stage.clock.move(HOUR)
    assert SqlMuteStore(stage.database).lift("troops", "x", stage.clock()) == 1
    await stage.round(a=[news("soldiers leave")])
    assert stage.desk == ["NEW: soldiers leave"]


async def test_a_first_polls_summary_leaves_out_what_is_muted(stage: Stage) -> None:
    mute(stage, "t-5k")
    await stage.round(a=[news(DENIED), news("soldiers leave"), news("soldiers march")])
    (summary,) = stage.desk
    assert DENIED not in summary
    assert "soldiers leave" in summary
    assert any(s.alert.report.title == DENIED for s in stage.alerts())


async def test_the_digest_is_told_what_was_muted(stage: Stage) -> None:
    await stage.begin()
    mute(stage, "t-5k")
    await stage.round(a=[news(DENIED)])
    period = SqlDigestStore(stage.database, CLAIMS).period(stage.clock() - HOUR, stage.clock())
    assert [m.name for m in period.mutes] == ["t-5k"]
