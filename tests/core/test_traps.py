"""Forms of what is said of a claim, and notes on what may mislead (ALERTS.md 1.5)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from claimwatch.core.model import Assessment, Change, Claim, Relation, Stance
from claimwatch.core.traps import covers, form_of, traps
from tests.core.stories import CLAIM, Desk, matched, says

TROOPS = Claim(
    "n", "troops", "North Korea will send up to 30,000 soldiers to Russia.", "30,000 soldiers",
    quantity="up to 30,000 soldiers", language="en", reported=date(2025, 7, 2),
)  # fmt: skip
LOSSES = Claim(
    "l", "troops", "About 4,000 North Korean soldiers were killed or wounded in Kursk.", "4,000",
    quantity="about 4,000 casualties", language="en",
)  # fmt: skip


def said(
    stance: Stance, evidence: str = "", *, form: str | None = None, change: Change | None = None
) -> Assessment:
    return Assessment(stance, 0.8, evidence, form=form, change=change)


UP_TO, SPAN = "up to 30,000 soldiers", "25,000 to 30,000 soldiers"


@pytest.mark.parametrize(
    ("assessment", "form"),
    [
        (said(Stance.CONTRADICTS, form="denies"), "denies"),
        (said(Stance.CONTRADICTS, form="disclaims"), "disclaims"),
        (said(Stance.CONTRADICTS, form="refutes"), "refutes"),
        (said(Stance.CONTRADICTS, form=None), "excludes"),
        (said(Stance.CONTRADICTS, form="happened"), "excludes"),
        (said(Stance.UPDATES, form="raises", change=Change("about 4,000", "about 6,000")), "raises"),
        (said(Stance.UPDATES, form="lowers", change=Change("up to 30,000", "3,000")), "lowers"),
        (said(Stance.UPDATES, form="lowers", change=Change(UP_TO, SPAN)), "narrows"),
        (said(Stance.UPDATES, form="lowers", change=Change(SPAN, UP_TO)), "widens"),
        (said(Stance.UPDATES, form="dates"), "dates"),
        (said(Stance.UPDATES, form="happened"), "happened"),
        (said(Stance.SUPPORTS, "Satellite images show soldiers at the port."), "physical"),
        (said(Stance.NEUTRAL), None),
    ],
)  # fmt: skip
def test_each_form_is_reached(assessment: Assessment, form: str | None) -> None:
    assert form_of(TROOPS, assessment, "North Korea sends soldiers to Russia.", "en") == form


def test_support_of_the_whole_claim_is_independent_and_of_a_part_partial() -> None:
    whole = "Pyongyang is sending soldiers to Russia, Seoul says."
    part = "North Korea prepares soldiers, Seoul says."
    assert form_of(TROOPS, said(Stance.SUPPORTS, whole), whole, "en") == "independent"
    assert form_of(TROOPS, said(Stance.SUPPORTS, part), part, "en") == "partial"
    assert covers(TROOPS, part, "en") == (["North Korea", "soldiers"], ["send", "Russia"])
    (note,) = traps(TROOPS, said(Stance.SUPPORTS, part), part, "en", None)
    assert note == "Covers only a part. North Korea, soldiers: yes; send, Russia: not stated."


def test_a_figure_or_a_report_older_than_the_claim_is_noted() -> None:
    change = Change("up to 30,000", "up to 20,000")
    dated = said(Stance.UPDATES, "On 15 June 2025 they were up to 20,000 soldiers.", change=change)
    (note,) = traps(TROOPS, dated, dated.evidence, "en", datetime(2025, 7, 9, tzinfo=UTC))
    assert note == "The figure is dated 15 June 2025; the claim was reported 2 Jul 2025: it is older."
    plain = said(Stance.CONTRADICTS, "Nobody is sent.")
    (note,) = traps(TROOPS, plain, plain.evidence, "en", datetime(2025, 5, 5, tzinfo=UTC))
    assert note == "The report (5 May 2025) is older than the claim (2 Jul 2025)."
    assert traps(TROOPS, plain, plain.evidence, "en", datetime(2025, 7, 9, tzinfo=UTC)) == ()


def test_another_measure_is_noted() -> None:
    dead = said(Stance.UPDATES, "About 600 soldiers were killed.", change=Change("about 4,000", "about 600"))
    (note,) = traps(LOSSES, dead, dead.evidence, "en", None)
    assert note.endswith("counts killed, the claim counts casualties: not the same measure.")


def test_a_claims_own_source_that_speaks_against_it_sets_self() -> None:
    alert = Desk().sees(matched(), (CLAIM, says(Stance.CONTRADICTS, speaker="GUR"))).alert
    assert alert is not None
    assert (alert.relation, alert.own_source) == (Relation.CONTRADICTS, True)
    other = Desk().sees(matched(), (CLAIM, says(Stance.CONTRADICTS, speaker="Avaria"))).alert
    assert other is not None
    assert not other.own_source
