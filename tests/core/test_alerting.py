from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimwatch.core.alert_codes import coded
from claimwatch.core.alerting import strongest
from claimwatch.core.model import Assessment, Band, Claim, Relation, Stance
from claimwatch.core.news import NOTED_ORIGINS
from claimwatch.core.summary import summarise
from claimwatch.core.work import ALERTED
from tests.core.stories import (
    ARMS,
    CLAIM,
    CONTRADICTS,
    DAY,
    GUNS,
    NEUTRAL,
    NOW,
    SUPPORTS,
    TOPIC,
    UPDATES,
    Desk,
    alert,
    match,
    matched,
    says,
)

# ---------------------------------------------------------------- what leads


def test_the_strongest_relation_leads_whatever_the_confidence() -> None:
    sure, unsure = says(Stance.SUPPORTS, confidence=0.99), says(Stance.CONTRADICTS, confidence=0.3)
    assert strongest([(CLAIM, sure), (GUNS, unsure)]) == (GUNS, unsure)


def test_among_equal_relations_the_claim_the_text_is_most_about_leads() -> None:
    sure = says(Stance.CONTRADICTS, confidence=0.9, relevance=0.75)
    about = says(Stance.CONTRADICTS, confidence=0.5, relevance=0.9)
    assert strongest([(CLAIM, sure), (GUNS, about)]) == (GUNS, about)


def test_then_the_judges_confidence_decides() -> None:
    one, other = (says(Stance.UPDATES, confidence=c) for c in (0.5, 0.6))
    assert strongest([(CLAIM, one), (GUNS, other)]) == (GUNS, other)


def test_nobody_leads_where_all_are_neutral() -> None:
    assert strongest([(CLAIM, NEUTRAL)]) is None


def test_the_alert_leads_with_the_same_claim_and_notes_the_others() -> None:
    both = (match("troops"), match("arms"))
    verdict = Desk().sees(matched(matches=both), (CLAIM, SUPPORTS), (GUNS, CONTRADICTS))
    assert verdict.alert
    assert (verdict.alert.claim, verdict.alert.relation) == (GUNS, Relation.CONTRADICTS)
    assert verdict.alert.notes == ("also CORROBORATES: 5,000 soldiers",)
    assert verdict.alert.also == ("troops",)
    assert verdict.alert.also_relations == (Relation.CORROBORATES,)


# ---------------------------------------------------------------- gates


@pytest.mark.parametrize("band", [Band.WEAK, Band.GUESS])
def test_a_weak_match_alerts_nobody_and_says_so(band: Band) -> None:
    verdict = Desk().sees(matched(matches=[match(band=band, score=0.4)]), (CLAIM, CONTRADICTS))
    assert verdict.alert is None
    assert verdict.finding.gate == f"match {band} (0.40), alerts need good"
    assert len(verdict.finding.evidence) == 1


def test_a_claim_of_a_topic_the_item_is_hardly_on_decides_nothing() -> None:
    hardly = matched(matches=[match("troops"), match("arms", Band.WEAK, 0.95)])
    verdict = Desk().sees(hardly, (CLAIM, NEUTRAL), (GUNS, CONTRADICTS))
    assert verdict.alert
    assert (verdict.alert.relation, verdict.alert.topic) == (Relation.NEW, "troops")
    assert verdict.alert.match == match("troops")


def test_an_item_no_claim_speaks_of_is_new_and_names_the_nearest_claim() -> None:
    verdict = Desk().sees(matched(summary="More."), (CLAIM, says(Stance.NEUTRAL, relevance=0.41)))
    assert verdict.alert
    assert verdict.alert.relation is Relation.NEW
    assert verdict.alert.nearest == "t-5k (0.41)"
    assert verdict.finding.gate.startswith(f"{ALERTED} ")


def test_an_item_that_was_old_at_the_first_poll_is_recorded_and_not_told() -> None:
    verdict = Desk().sees(matched(mode="old"), (CLAIM, CONTRADICTS))
    assert verdict.alert is None
    assert "counted only" in verdict.finding.gate
    assert verdict.finding.statuses == (("t-5k", "disputed"),)


def test_what_was_never_told_makes_nothing_old_news() -> None:
    desk, denial = Desk(), says(Stance.CONTRADICTS, speaker="Avaria")
    desk.sees(matched(1, "Avaria's ministry rejects the report of last week", mode="old"), (CLAIM, denial))
    verdict = desk.sees(matched(2, "Avaria says again that nobody will go"), (CLAIM, denial))
    assert verdict.alert
    assert verdict.alert.reason == "status-changed"


# ---------------------------------------------------------------- reprints

WIRE = "Avaria denies a plan to send soldiers to Norland in autumn"
BODY = "The ministry called the report an invention and said that no unit had been given such an order."


def test_five_reprints_are_one_alert_one_origin_and_five_outlets() -> None:
    desk = Desk()
    for id in range(1, 6):
        item = matched(id, WIRE, summary=f"{BODY} (Reuters)", feed=("alpha", "beta", "gamma")[id % 3])
        verdict = desk.sees(item, (CLAIM, CONTRADICTS))
    assert [a.report.item for a in desk.alerts] == [1]
    assert verdict.finding.gate == "t-5k: reprint of item 1"
    assert verdict.finding.story == 1
    assert {e.reprint_of for e in desk.evidence["t-5k"]} == {None, 1}
    assert {e.origin for e in desk.evidence["t-5k"]} == {"Reuters"}


@pytest.mark.parametrize("headline_first", [True, False])
def test_a_headline_alone_and_its_whole_text_are_one_development_in_any_order(headline_first: bool) -> None:
    desk = Desk()
    for id, summary in enumerate(("", BODY) if headline_first else (BODY, ""), 1):
        desk.sees(matched(id, WIRE, summary=summary, feed="beta"), (CLAIM, CONTRADICTS))
    assert len(desk.alerts) == 1


@settings(max_examples=40)
@given(
    printed=st.permutations([WIRE, f"{WIRE}\n{BODY}", f"{WIRE}\n{BODY} (Reuters)", f"{WIRE}\n{BODY[:60]}"]),
    said=st.sampled_from([CONTRADICTS, UPDATES, SUPPORTS, NEUTRAL]),
    days=st.lists(st.integers(0, 1), min_size=4, max_size=4),
)
def test_reprints_and_cuts_are_one_alert_in_any_order_and_at_any_time(
    printed: list[str], said: Assessment, days: list[int]
) -> None:
    desk = Desk()
    for id, (text, day) in enumerate(zip(printed, days, strict=True), 1):
        desk.now += day * DAY
        title, _, summary = text.partition("\n")
        desk.sees(matched(id, title, summary=summary, feed=("alpha", "beta", "gamma")[id % 3]), (CLAIM, said))
    assert [a.report.item for a in desk.alerts] == [1]


def test_a_reprint_no_claim_speaks_of_stays_silent() -> None:
    desk = Desk()
    desk.sees(matched(1, WIRE))
    assert desk.sees(matched(2, WIRE, feed="beta")).finding.gate == "reprint of item 1"


def test_a_text_patched_to_say_the_opposite_is_told() -> None:
    desk = Desk()
    desk.sees(matched(1, WIRE, summary=BODY), (CLAIM, SUPPORTS))
    patched = matched(2, WIRE.replace("denies", "confirms"), summary=BODY, feed="beta")
    assert desk.sees(patched, (CLAIM, CONTRADICTS)).alert


def test_a_longer_report_that_quotes_an_earlier_headline_is_told() -> None:
    desk = Desk()
    desk.sees(matched(1, "Avaria to send soldiers to Norland in autumn"))
    longer = matched(
        2, "Norland closes its ports", feed="beta",
        summary="Avaria to send soldiers to Norland in autumn, it was said. Norland now closed all its ports "
        "to them and withdrew its invitation, said the head of its government in the evening.",
    )  # fmt: skip
    assert desk.sees(longer).alert


# ---------------------------------------------------------------- said before


def test_the_same_voice_saying_the_same_within_a_week_is_counted() -> None:
    desk, denial = Desk(), says(Stance.CONTRADICTS, speaker="Avaria")
    desk.sees(matched(1), (CLAIM, denial))
    desk.now += 3 * DAY
    verdict = desk.sees(matched(2, "Nobody goes anywhere, says Avaria", feed="beta"), (CLAIM, denial))
    assert verdict.finding.gate == "t-5k: Avaria said so before (item 1)"


def test_a_voice_that_repeats_itself_every_few_days_is_told_once_a_week() -> None:
    desk, denial = Desk(), says(Stance.CONTRADICTS, speaker="Avaria")
    for day in range(0, 30, 3):
        desk.now = NOW + day * DAY
        desk.sees(matched(day + 1, f"Denial of the day {day}"), (CLAIM, denial))
    assert [a.report.item for a in desk.alerts] == [1, 10, 19, 28]
    assert [a.reason for a in desk.alerts] == ["status-changed"] + ["said-again"] * 3


def test_a_voice_that_turns_and_turns_back_is_told_each_time() -> None:
    desk = Desk()
    for id, stance in enumerate(
        (Stance.CONTRADICTS, Stance.SUPPORTS, Stance.CONTRADICTS, Stance.SUPPORTS), 1
    ):
        desk.now += DAY
        desk.sees(matched(id, f"What Avaria says on day {id}"), (CLAIM, says(stance, speaker="Avaria")))
    assert len(desk.alerts) == 4


def test_who_was_for_a_claim_says_nothing_new_for_six_hours_after_a_contradiction() -> None:
    desk, seoul = Desk(), says(Stance.SUPPORTS, speaker="Seoul")
    desk.sees(matched(1, "Seoul counts soldiers"), (CLAIM, seoul))
    desk.now += 8 * DAY
    desk.sees(matched(2, "Seoul counts none"), (CLAIM, says(Stance.CONTRADICTS, speaker="Seoul")))
    desk.now += DAY / 24
    late = desk.sees(matched(3, "Seoul's count of soldiers, again"), (CLAIM, seoul))
    assert late.alert is None
    assert "contradicted, less than 6 h ago" in late.finding.gate
    desk.now += DAY / 4
    assert desk.sees(matched(4, "Seoul counts soldiers after all"), (CLAIM, seoul)).alert


def test_an_outlet_that_names_nobody_may_report_two_denials_a_week() -> None:
    desk = Desk()
    desk.sees(matched(1), (CLAIM, CONTRADICTS))
    desk.sees(matched(2, "A second denial, from elsewhere"), (CLAIM, CONTRADICTS))
    assert len(desk.alerts) == 2


def test_another_figure_of_the_same_voice_is_told() -> None:
    desk = Desk()
    for id, figure in enumerate(("6,000", "7,000", "7,000"), 1):
        item = matched(id, f"Count number {id}")
        desk.sees(item, (CLAIM, says(Stance.UPDATES, speaker="Seoul", figure=figure)))
    assert [a.report.item for a in desk.alerts] == [1, 2]


# ---------------------------------------------------------------- origins


def test_the_claims_own_source_does_not_corroborate_it() -> None:
    desk, support = Desk(), says(Stance.SUPPORTS, speaker="GUR")
    first = desk.sees(matched(1, "GUR speaks of soldiers"), (CLAIM, support))
    assert first.alert is None
    assert first.finding.gate == "t-5k: GUR is the claim's own source (self): no independent origin"
    assert first.finding.statuses == (("t-5k", "unverified"),)


def test_a_source_that_disowns_its_own_claim_is_noted() -> None:
    verdict = Desk().sees(matched(), (CLAIM, says(Stance.CONTRADICTS, speaker="GUR")))
    assert verdict.alert
    assert "its own source now speaks against it" in verdict.alert.notes[0]


def test_new_origins_are_told_until_there_are_enough() -> None:
    desk = Desk()
    for id in range(1, 12):
        support = says(Stance.SUPPORTS, speaker=f"Ministry{id}")
        desk.sees(matched(id, f"Report number {id} of its kind"), (CLAIM, support))
    # the claim has one origin of its own: these are the second, third and fifth
    assert [a.report.item for a in desk.alerts] == [1, 2, 4]
    assert [a.standing.origins_for for a in desk.alerts if a.standing] == [2, 3, 5]


def test_the_same_figure_from_ever_more_outlets_is_counted_in_the_end_and_another_one_is_told() -> None:
    desk = Desk()
    for id in range(1, 12):
        item = replace(matched(id, f"Report number {id} of its kind"), feed=f"feed {id}")
        desk.sees(item, (CLAIM, UPDATES))
    assert len(desk.alerts) == NOTED_ORIGINS
    assert desk.sees(matched(20, "Quite another count"), (CLAIM, says(Stance.UPDATES, figure="9"))).alert


def test_the_alert_tells_how_the_status_moved() -> None:
    desk = Desk()
    desk.sees(matched(1, "One"), (CLAIM, says(Stance.SUPPORTS, speaker="Seoul")))
    verdict = desk.sees(matched(2, "Two"), (CLAIM, says(Stance.CONTRADICTS, speaker="Avaria")))
    assert verdict.alert
    assert verdict.alert.standing
    assert (verdict.alert.status_was, verdict.alert.standing.status) == ("corroborated", "disputed")


# ---------------------------------------------------------------- edits


def test_an_edit_that_changes_no_stance_and_no_figure_is_silent() -> None:
    desk = Desk()
    for revision, title in enumerate(
        ("Avaria denies it", "Avaria denies it all", "Avaria denies: latest"), 1
    ):
        known = frozenset({"troops"}) if revision > 1 else frozenset()
        desk.sees(matched(1, title, revision=revision, known_on=known), (CLAIM, UPDATES))
    assert len(desk.alerts) == 1


def test_an_edit_that_turns_the_stance_is_told_and_the_old_text_stands_no_more() -> None:
    desk = Desk()
    desk.sees(matched(1, "Avaria sends soldiers"), (CLAIM, says(Stance.SUPPORTS, speaker="Seoul")))
    edited = matched(1, "Avaria sends no soldiers", revision=2, known_on=frozenset({"troops"}))
    verdict = desk.sees(edited, (CLAIM, CONTRADICTS))
    assert verdict.alert
    assert verdict.alert.standing
    assert (verdict.alert.standing.origins_for, verdict.alert.standing.origins_against) == (1, 1)


def test_an_edit_no_claim_speaks_of_is_silent() -> None:
    edited = matched(1, revision=2, known_on=frozenset({"troops"}))
    assert Desk().sees(edited).finding.gate == "an edited text that changes no claim"


def test_an_edit_that_brings_an_item_on_a_topic_for_the_first_time_is_told_there() -> None:
    both = [match("troops"), match("arms", Band.GOOD, 0.7)]
    verdict = Desk().sees(matched(1, revision=2, matches=both, known_on=frozenset({"troops"})))
    assert verdict.alert
    assert (verdict.alert.topic, verdict.alert.also) == ("arms", ())


# ---------------------------------------------------------------- names of alerts


def test_the_fingerprint_is_the_same_for_the_same_item_and_another_for_each_revision() -> None:
    one, again = (Desk().sees(matched(1), (CLAIM, UPDATES)).alert for _ in range(2))
    edited = Desk().sees(matched(1, revision=2), (CLAIM, UPDATES)).alert
    assert one
    assert again
    assert edited
    assert one.fingerprint == again.fingerprint != edited.fingerprint
    assert one.code == again.code


def test_codes_have_six_letters_that_cannot_be_mistaken_and_each_draw_gives_another() -> None:
    drawn = {coded(alert(fingerprint=f"{1:020x}"), draw=n).code for n in range(50)}
    assert len(drawn) == 50
    assert all(len(code) == 6 and not set(code) & set("AEIOU01LBS") for code in drawn)


# ---------------------------------------------------------------- summaries


def test_a_summary_holds_every_item_the_strongest_first() -> None:
    new, denied = alert(title="n", fingerprint="a"), alert(Relation.CONTRADICTS, title="c", fingerprint="b")
    summary = summarise([new, denied], now=NOW, topic=TOPIC)
    assert [e.report.title for e in summary.entries] == ["c", "n"]
    assert (summary.relation, summary.reason, summary.topic_title) == (
        Relation.CONTRADICTS, "first-poll", "Border troops",
    )  # fmt: skip


def test_a_summary_of_one_is_that_one() -> None:
    one = alert()
    assert summarise([one], now=NOW, topic=TOPIC) is one


def test_a_summary_reaches_the_readers_of_all_its_topics_under_the_strictest_label() -> None:
    summary = summarise(
        [alert(fingerprint="a", also=("ports",)), alert(topic="arms", fingerprint="b", tlp="AMBER")],
        now=NOW, topic=TOPIC,
    )  # fmt: skip
    assert (summary.topic, summary.also, summary.tlp) == ("troops", ("arms", "ports"), "AMBER")


def test_the_same_items_make_the_same_summary_in_any_order() -> None:
    a, b = alert(fingerprint="a"), alert(fingerprint="b", score=0.7)
    one, other = summarise([a, b], now=NOW), summarise([b, a], now=NOW + timedelta(hours=1))
    assert (one.fingerprint, one.code, one.entries) == (other.fingerprint, other.code, other.entries)


def test_a_topic_of_its_own_label_keeps_it_in_a_summary() -> None:
    summary = summarise([alert(fingerprint="a"), alert(fingerprint="b")], now=NOW, topic=ARMS)
    assert summary.tlp == "AMBER"


def test_a_claim_without_a_named_source_is_told_like_any_other() -> None:
    unnamed = Claim("u", "troops", "Something holds.", "something")
    verdict = Desk().sees(matched(), (unnamed, SUPPORTS))
    assert verdict.alert
    assert verdict.alert.reason == "first"


def test_support_on_a_text_that_is_hardly_on_the_claim_is_told_as_new() -> None:
    verdict = Desk().sees(matched(), (CLAIM, says(Stance.SUPPORTS, relevance=0.75)))
    assert verdict.alert is not None
    assert verdict.alert.relation is Relation.NEW
    assert not verdict.finding.evidence


def test_a_contradiction_needs_less_to_be_told_than_support() -> None:
    verdict = Desk().sees(matched(), (CLAIM, says(Stance.CONTRADICTS, relevance=0.75)))
    assert verdict.alert is not None
    assert verdict.alert.relation is Relation.CONTRADICTS
