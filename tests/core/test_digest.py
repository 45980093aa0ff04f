"""The digest: sent also when empty; names what moved, what was held, what failed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from claimwatch.core.digest import ClaimNews, CountedItem, Held, Period, QuietFeed, digest
from claimwatch.core.model import Alert, Band, Claim, Correction, Match, Record, Relation, Report, Route
from claimwatch.core.muting import Mute
from claimwatch.core.wording import read
from claimwatch.core.wording_text import mail_text

PARIS = ZoneInfo("Europe/Paris")
UNTIL = datetime(2026, 7, 26, 5, 0, tzinfo=UTC)
DAILY = Route("daily", ("desk",), digest="07:00")
EMPTY = Period(UNTIL - timedelta(days=1), UNTIL, (), (), (), (), 0, 3, 2004, 0, 0, ())


def period(**changes: object) -> Period:
    return Period(**{**{f: getattr(EMPTY, f) for f in Period.__slots__}, **changes})  # type: ignore[arg-type]


def words(route: Route, of: Period) -> str:
    return " ".join(mail_text(read(digest(route, of, PARIS), PARIS), "desk").split())


def on_topic(title: str, claim: Claim | None = None, topic: str = "t") -> Alert:
    relation, report = Relation.UPDATES if claim else Relation.NEW, Report(title, "Outlet")
    return Alert(
        "f" * 20, "K7Q2MD", relation, "first", topic, "Topic", report,
        UNTIL - timedelta(hours=2), claim=claim, match=Match(topic, 0.91, Band.STRONG, ()),
    )  # fmt: skip


def test_an_empty_day_is_told_too() -> None:
    text = words(DAILY, EMPTY)
    assert text.startswith("claimwatch digest, Sun 26 Jul 2026, 07:00 Paris: nothing moved")
    assert "3 feeds, 2004 new items, 0 on topic; 0 deliveries sent, 0 failed" in text
    assert "If it does not arrive, claimwatch is not running." in text


def test_claims_that_moved_come_before_those_that_did_not() -> None:
    moved = ClaimNews("a", "t", "Claim A", "disputed", True, 1, 2, 0, 4)
    steady = ClaimNews("b", "t", "Claim B", "unverified", False, 0, 0, 0, 3)
    text = words(DAILY, period(claims=(steady, moved)))
    assert "1 claim moved" in text
    assert "DISPUTED Claim A (+1 for, +2 against)" in text
    assert "Claim B (reprints only, 3 reprints; unverified)" in text
    assert text.index("Claim A") < text.index("Claim B")


def test_what_was_held_possible_failed_or_silent_is_named() -> None:
    text = words(
        DAILY,
        period(
            held=(Held("8QFP2N", "desk", "limit"), Held("T4C9WE", "desk", "quiet")),
            failed=(Held("5KJV7A", "chat", "404 no_service"),),
            possible=4,
            failing=("Exemple Matin: timed out",),
        ),
    )
    assert "8QFP2N to desk: over the day's limit" in text
    assert "T4C9WE to desk: during quiet hours" in text
    assert '4 possible matches below "good"' in text
    assert "5KJV7A to chat: 404 no_service" in text
    assert "Exemple Matin: timed out" in text


def test_a_route_is_told_its_own_topics_only() -> None:
    claim = Claim("c", "x", "A claim.", "A claim")
    rule = Route("x", ("desk",), topics=("x*",), digest="07:00")
    text = words(
        rule, period(alerts=(on_topic("Told", claim, "x"), on_topic("Loose", None, "x1"), on_topic("Other")))
    )
    assert "UPDATES A claim: Told (Outlet, K7Q2MD)" in text
    assert "Loose (Outlet, 0.91, K7Q2MD)" in text
    assert "Other" not in text


def test_a_long_list_is_counted_not_cut_silently() -> None:
    text = words(DAILY, period(alerts=tuple(on_topic(f"Title {n}") for n in range(50))))
    assert "and 30 more: claimwatch alerts list" in text


def test_what_nobody_judged_is_listed_with_how_to_and_how_good_the_judged_were() -> None:
    claim = Claim("c", "t", "A claim.", "A claim")
    two = (on_topic("Told", claim), replace(on_topic("Judged", claim), code="9HDM4C"))
    text = words(
        DAILY, period(alerts=(*two, on_topic("Loose")), judged=frozenset({"9HDM4C"}), record=Record(61, 66))
    )
    assert "NOT YET JUDGED" in text
    assert "K7Q2MD: claimwatch alerts right K7Q2MD / claimwatch alerts wrong K7Q2MD" in text
    assert "judged right in the last 30 days: 61 of 66" in text
    assert "judged" not in words(DAILY, EMPTY).lower()


def test_what_was_muted_is_counted_and_left_out() -> None:
    claim = Claim("containers", "t", "A claim.", "A claim")
    day = timedelta(days=1)
    mutes = (
        Mute("claim", "containers", UNTIL - day, UNTIL + 2 * day, "drill", "a.lemoine"),
        Mute("topic", "other", UNTIL - day, UNTIL + day, "known", "x"),
    )
    text = words(DAILY, period(alerts=(on_topic("Silent", claim), on_topic("Loud")), mutes=mutes))
    assert "1 muted: containers until 28 Jul, 07:00 (drill, a.lemoine)" in text
    assert "0 muted: other until 27 Jul, 07:00 (known, x)" in text
    assert "Loud" in text
    assert "Silent" not in text


def test_what_was_only_counted_is_named_with_its_title() -> None:
    counted = (
        CountedItem("t", "Claim A", "supports", "Once more the same", "Outlet"),
        CountedItem("other", "Claim B", "supports", "Of another topic", "Outlet"),
    )
    text = words(Route("x", ("desk",), topics=("t*",), digest="07:00"), period(counted=counted))
    assert "COUNTED, NOT ALERTED supports Claim A: Once more the same (Outlet)" in text
    assert "Of another topic" not in text


def test_a_feed_that_has_gone_quiet_is_named_with_its_usual_gap() -> None:
    quiet = (QuietFeed("Exemple Matin", timedelta(hours=31), timedelta(hours=2)),)
    text = words(DAILY, period(quiet=quiet))
    assert "FEEDS GONE QUIET" in text
    assert "Exemple Matin: nothing new for 31 h (usual gap 2 h)" in text


def test_a_correction_says_that_it_is_one_and_a_claims_full_stop_is_not_told_twice() -> None:
    wrong = on_topic("The bridge was closed")
    why = Correction("K7Q2MD", "f" * 20, Relation.NEW, UNTIL, "it was not on the topic", "")
    taken_back = replace(wrong, relation=Relation.CORRECTION, code="K7Q2MD-c1", correction=why)
    text = words(replace(DAILY, relations=tuple(Relation)), period(alerts=(wrong, taken_back)))
    assert "The bridge was closed (Outlet, 0.91, K7Q2MD)" in text
    assert "CORRECTION The bridge was closed (Outlet, 0.91, K7Q2MD-c1)" in text
    on_claim = on_topic(
        "Half of it is open", Claim("closed", "t", "The bridge is closed.", "The bridge is closed.")
    )
    assert "UPDATES The bridge is closed: Half of it is open" in words(DAILY, period(alerts=(on_claim,)))
