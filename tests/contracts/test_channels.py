"""What every channel promises, whatever its technology."""

import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claimwatch.channels.registry import SETTINGS
from claimwatch.core.safety import clean
from tests.channels.examples import ALERTS, CONTRADICTS, HOSTILE_TITLES, KEY, NEW, SUMMARY, titled
from tests.channels.golden import WRITTEN, channel, shown

KINDS = sorted(WRITTEN)
BUDGET = {"email": 100_000, "webhook": 64_000, "jsonl": 64_000}


def test_every_type_of_channel_is_held_to_the_contract() -> None:
    assert {kind.removesuffix("-bot") for kind in WRITTEN} == SETTINGS.keys()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("alert", ALERTS.values(), ids=list(ALERTS))
def test_the_same_alert_and_key_give_the_same_bytes_on_any_channel_object(kind: str, alert: object) -> None:
    assert channel(kind).word(alert, key=KEY) == channel(kind).word(alert, key=KEY)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["email", "webhook", "jsonl"])
def test_another_delivery_bears_another_id(kind: str) -> None:
    one = channel(kind)
    assert one.word(CONTRADICTS, key="k1") != one.word(CONTRADICTS, key="k2")
    assert b"k1" in one.word(CONTRADICTS, key="k1")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("title", HOSTILE_TITLES, ids=range(len(HOSTILE_TITLES)))
def test_no_title_breaks_wording_or_its_budget(kind: str, title: str) -> None:
    for alert in (CONTRADICTS, NEW, SUMMARY):
        message = channel(kind).word(titled(title, alert), key=KEY)
        assert message
        assert len(message) < BUDGET.get(kind, 24_000)
        assert b"\0" not in message
        message.decode()


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet=st.characters(), max_size=200))
def test_any_text_in_any_field_is_worded(kind: str, text: str) -> None:
    """Feed text in every field it can reach, and config text as odd as a config can hold."""
    report = replace(CONTRADICTS.report, title=text, url=text, outlet=text, language=text)
    alert = replace(
        CONTRADICTS,
        report=report,
        evidence=text,
        marks=(text[:10],),
        hedge=text,
        speaker=text,
        notes=(text,),
        why=(text,),
        nearest=text,
        evidence_language=text,
        topic_title=text,
        tlp=text or "CLEAR",
        change=replace(CONTRADICTS.change, old=text, new=text),  # type: ignore[type-var]
    )
    for each in (alert, replace(alert, claim=None)):
        message = shown(kind, channel(kind).word(each, key=KEY))
        assert "CONTRADICTS" in message


@pytest.mark.parametrize("kind", KINDS)
async def test_closing_an_unused_channel_twice_is_harmless(kind: str) -> None:
    one = channel(kind)
    await one.close()
    await one.close()


@pytest.mark.parametrize("kind", KINDS)
def test_a_summary_of_500_reports_leaves_no_title_out(kind: str) -> None:
    entry = SUMMARY.entries[0]
    many = tuple(
        replace(entry, report=replace(entry.report, title=f"CWID-c-{n} {'word ' * 20}")) for n in range(500)
    )
    message = shown(kind, channel(kind).word(replace(SUMMARY, entries=many), key=KEY))
    if kind == "email":
        assert "text/html" not in message  # it would be over 20 kB
        message = message.replace("=\n", "")
    ids = {int(n) for n in re.findall(r"CWID-c-(\d+) ", message)}
    assert ids == set(range(500))
    assert clean(many[7].report.title)[:40] in " ".join(message.split())
