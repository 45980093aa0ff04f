"""What follows from a judgement: the standing moves back, and those who got the alert are told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from claimwatch.core.judging import WHYS, Case, Judgement, Reached, rule
from claimwatch.core.ledger import Evidence, standing
from claimwatch.core.model import Alert, Claim, Entry, Relation, Report, Stance
from claimwatch.core.news import Counted, News, newness

NOW = datetime(2026, 7, 26, 7, 31, tzinfo=UTC)
CLAIM = Claim("c", "t", "A claim.", "A claim", said_by=("Seoul",))
OTHER = Claim("d", "t", "Another claim.", "Another claim")
CLAIMS = {"c": CLAIM, "d": OTHER}


def piece(item: int, stance: Stance = Stance.CONTRADICTS, *, origin: str = "Kyiv", **more: Any) -> Evidence:
    at = NOW - timedelta(days=1)
    return Evidence(
        more.pop("claim", "c"), item, more.pop("revision", 1), stance, origin, "Outlet", at, **more
    )


def alert(item: int = 1, **more: Any) -> Alert:
    return Alert(
        "f" * 20, "K7Q2MD", Relation.CONTRADICTS, "status-changed", "t", "Topic",
        Report("Kyiv denies", "Outlet", item=item), NOW - timedelta(days=1), claim=CLAIM, **more,
    )  # fmt: skip


def told(number: int, receiver: str, state: str = "told") -> Reached:
    return Reached(number, receiver, state, NOW, f"key.{number}" if state == "told" else None)  # type: ignore[arg-type]


def case(*pieces: Evidence, reached: tuple[Reached, ...] = (), **more: Any) -> Case:
    evidence = {name: [p for p in pieces if p.claim == name] for name in {p.claim for p in pieces}}
    return Case(more.pop("alert", alert()), more.pop("verdict", None), 0, reached, evidence, **more)


def wrong(**more: Any) -> Judgement:
    return Judgement("wrong", "a.lemoine", NOW, **more)


def test_a_wrong_alert_no_longer_counts_and_exactly_those_who_got_it_are_told() -> None:
    ruling = rule(
        case(piece(1), reached=(told(1, "desk"), told(2, "boss"), told(3, "night", "waiting"))),
        wrong(),
        CLAIMS,
    )
    assert ruling.retract == (("c", 1, 1),)
    assert ruling.statuses == (("c", "unverified"),)
    assert [d.receiver for d in ruling.deliveries] == ["desk", "boss"]
    assert all(d.due_at == NOW and d.held is None for d in ruling.deliveries)
    assert ruling.drop == (3,)
    assert ruling.alert is not None
    assert (ruling.alert.relation, ruling.alert.code) == (Relation.CORRECTION, "K7Q2MD-c1")
    assert (ruling.alert.status_was, ruling.alert.standing and ruling.alert.standing.status) == (
        "disputed",
        "unverified",
    )
    assert ruling.alert.answers == (("desk", "key.1"), ("boss", "key.2"))


def test_what_others_said_goes_on_counting() -> None:
    ruling = rule(case(piece(1), piece(2, origin="Norland")), wrong(), CLAIMS)
    assert ruling.statuses == (("c", "disputed"),)


def test_old_news_was_told_in_vain_but_is_evidence_still() -> None:
    ruling = rule(case(piece(1), reached=(told(1, "desk"),)), wrong(why="old"), CLAIMS)
    assert ruling.retract == ()
    assert ruling.statuses == (("c", "disputed"),)
    assert len(ruling.deliveries) == 1


def test_a_report_off_the_topic_speaks_of_no_claim_at_all() -> None:
    pieces = piece(1), piece(1, claim="d")
    assert rule(case(*pieces), wrong(), CLAIMS).retract == (("c", 1, 1),)
    assert set(rule(case(*pieces), wrong(why="topic"), CLAIMS).retract) == {("c", 1, 1), ("d", 1, 1)}


@pytest.mark.parametrize("why", [*WHYS, None])
def test_every_reason_is_worded_and_a_note_takes_its_place(why: Any) -> None:
    plain = rule(case(piece(1)), wrong(why=why), CLAIMS).alert
    noted = rule(case(piece(1)), wrong(why=why, note="He said Tuesday."), CLAIMS).alert
    assert plain is not None
    assert noted is not None
    assert plain.correction is not None
    assert noted.correction is not None
    assert plain.correction.what == noted.correction.what
    assert plain.correction.fact != noted.correction.fact == "He said Tuesday."


def test_the_same_verdict_again_tells_nobody_again() -> None:
    seen = case(piece(1, retracted=True), reached=(told(1, "desk"),), verdict="wrong")
    assert rule(seen, wrong(), CLAIMS).alert is None
    assert rule(case(piece(1)), Judgement("right", "x", NOW), CLAIMS).alert is None
    assert rule(case(piece(1)), Judgement("ack", "x", NOW), CLAIMS).alert is None


def test_right_after_all_counts_again_and_reaches_those_it_was_kept_from() -> None:
    seen = case(
        piece(1, retracted=True), reached=(told(1, "desk"), told(2, "night", "dropped")), verdict="wrong"
    )
    ruling = rule(seen, Judgement("right", "x", NOW), CLAIMS)
    assert ruling.restore == (("c", 1, 1),)
    assert ruling.statuses == (("c", "disputed"),)
    assert [d.receiver for d in ruling.deliveries] == ["desk"]
    assert ruling.revive == (2,)


def test_of_a_summary_one_line_is_taken_back() -> None:
    lines = (
        Entry(Relation.NEW, Report("New", "O", item=2)),
        Entry(Relation.CONTRADICTS, Report("Denied", "O", item=1), claim="A claim"),
    )
    summary = alert(entries=lines)
    ruling = rule(case(piece(1), piece(2, claim="d"), alert=summary), wrong(line=1), CLAIMS)
    assert ruling.retract == (("c", 1, 1),)  # the strongest relation is numbered first
    assert ruling.alert is not None
    assert ruling.alert.report.title == "Denied"


def test_a_reprint_of_what_was_retracted_does_not_count_nor_is_it_news() -> None:
    gone, reprint = piece(1, retracted=True), piece(2, reprint_of=1)
    assert standing(CLAIM, [gone, reprint]).origins_against == 0
    assert isinstance(newness(CLAIM, reprint, [gone]), Counted)


def test_an_edit_of_what_was_retracted_counts_only_when_it_says_something_else() -> None:
    gone = piece(1, retracted=True)
    assert standing(CLAIM, [gone, piece(1, revision=2)]).origins_against == 0
    assert standing(CLAIM, [gone, piece(1, Stance.SUPPORTS, revision=2)]).origins_for == 2


def test_the_same_voice_is_news_when_its_earlier_report_was_taken_back() -> None:
    assert isinstance(newness(CLAIM, piece(2), [piece(1)]), Counted)
    assert isinstance(newness(CLAIM, piece(2), [piece(1, retracted=True)]), News)
