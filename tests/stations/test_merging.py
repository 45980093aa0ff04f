"""A person knows that two origins are one: the claim's standing moves, those who were told otherwise learn it."""

from __future__ import annotations

from claimwatch.core.model import Alert, Route
from claimwatch.core.origins import SameOrigin
from claimwatch.storage.merging import Moved, SqlMergingStore
from tests.stations.stage import CLAIMS, HOUR, Stage, news

CLAIM = CLAIMS[0]  # said by the Norland GUR
IMAGES = "Images confirms soldiers - Example Imagery"
SEOUL = "Seoul confirms soldiers - Seoul"


def alert_on(stage: Stage, title: str) -> Alert:
    return next(s.alert for s in stage.alerts() if s.alert.report.title == title and "-" not in s.alert.code)


def merge(stage: Stage, title: str = IMAGES, same_as: str = "Norland GUR") -> Moved:
    store, alert = SqlMergingStore(stage.database), alert_on(stage, title)
    origin = store.origin(alert)
    assert origin is not None
    said = SameOrigin(CLAIM.id, origin, same_as, "a.lemoine", stage.clock())
    return store.merge(alert, CLAIM, said)


def split(stage: Stage, title: str = IMAGES) -> Moved | None:
    return SqlMergingStore(stage.database).split(alert_on(stage, title), CLAIM, "a.lemoine", stage.clock())


def status(stage: Stage) -> str:
    return stage.reader.claims()[CLAIM.id].status


async def corroborated(stage: Stage) -> None:
    await stage.begin()
    await stage.round(a=[news(IMAGES)])
    assert stage.desk == [f"CORROBORATES: {IMAGES}"]
    assert status(stage) == "corroborated"
    stage.clock.move(HOUR)


async def test_an_origin_that_was_not_independent_is_corrected_before_those_who_were_told(
    stage: Stage,
) -> None:
    await corroborated(stage)
    stage.routes = [Route("others", ("boss",))]
    stage.die()
    moved = merge(stage)
    assert (moved.before.origins_for, moved.after.origins_for) == (2, 1)
    await stage.tell()
    assert stage.desk[1:] == [f"CORRECTION: {IMAGES}"]
    assert stage.boxes["boss"].lines == []
    assert status(stage) == "unverified"
    (told, count), *_ = moved.corrections
    assert (told.code, count) == (f"{alert_on(stage, IMAGES).code}-c1", 1)
    assert told.correction is not None
    assert told.correction.what == "the origin is not independent"
    assert told.correction.fact == (
        "Example Imagery is no origin of its own here: it is counted as Norland GUR."
    )
    assert (told.status_was, told.standing and told.standing.status) == ("corroborated", "unverified")


async def test_what_the_same_origin_says_later_is_counted_only(stage: Stage) -> None:
    await corroborated(stage)
    merge(stage)
    await stage.tell()
    stage.clock.move(HOUR)
    await stage.round(b=[news("Images confirms soldiers again today - the Example Imagery")])
    assert len(stage.desk) == 2
    assert status(stage) == "unverified"


async def test_split_undoes_it_and_says_so(stage: Stage) -> None:
    await corroborated(stage)
    merge(stage)
    await stage.tell()
    moved = split(stage)
    assert moved is not None
    await stage.tell()
    assert stage.desk[1:] == [f"CORRECTION: {IMAGES}"] * 2
    assert status(stage) == "corroborated"
    (told, _), *_ = moved.corrections
    assert told.correction is not None
    assert told.correction.what == "the origin is independent after all"
    assert split(stage) is None


async def test_of_two_origins_merged_with_each_other_the_later_one_is_corrected(stage: Stage) -> None:
    await corroborated(stage)
    await stage.round(b=[news(SEOUL)])
    moved = merge(stage, IMAGES, "Seoul")
    assert (moved.after.origins_for, moved.after.status) == (2, "corroborated")
    await stage.tell()
    assert stage.desk[2:] == [f"CORRECTION: {SEOUL}"]


async def test_who_waits_for_such_an_alert_does_not_get_it(stage: Stage) -> None:
    stage.routes = [Route("night", ("desk",), quiet="00:00-23:59")]
    stage.die()
    await stage.begin()
    await stage.round(a=[news(IMAGES)])
    merge(stage)
    stage.clock.move(24 * HOUR)
    await stage.tell()
    assert stage.desk == []


async def test_readers_of_a_first_polls_summary_are_told_too(stage: Stage) -> None:
    await stage.round(a=[news(IMAGES), news("soldiers leave")])
    (summary,) = stage.alerts()
    assert len(summary.alert.entries) == 2
    store = SqlMergingStore(stage.database)
    said = SameOrigin(CLAIM.id, "Example Imagery", "Norland GUR", "a.lemoine", stage.clock())
    moved = store.merge(summary.alert, CLAIM, said)
    assert [count for _, count in moved.corrections] == [1]
    await stage.tell()
    assert stage.desk[1:] == [f"CORRECTION: {IMAGES}"]
