"""Alerts as an Atom feed in a file: whole at every moment, bounded, one entry an alert."""

from __future__ import annotations

import os
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import feedparser
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claimwatch.channels import files
from claimwatch.channels.atom import AtomChannel, AtomSettings
from claimwatch.core.model import Alert
from claimwatch.errors import DeliveryError
from tests.channels.examples import ALERTS, CONTRADICTS, HOSTILE_TITLES, NEW, context, titled


def feed(var: Path, **written: object) -> AtomChannel:
    return AtomChannel("desk-feed", AtomSettings.model_validate(written), context(var))


async def sent(channel: AtomChannel, alert: Alert, key: str) -> str:
    return (await channel.send(channel.word(alert, key=key), key=key)).answer


def parsed(var: Path) -> feedparser.FeedParserDict:
    found = feedparser.parse((var / "alerts.atom").read_bytes())
    assert not found.bozo
    return found


async def test_every_alert_is_an_entry_of_its_own_the_latest_first(tmp_path: Path) -> None:
    channel = feed(tmp_path)
    for number, alert in enumerate(ALERTS.values()):
        assert await sent(channel, alert, f"fp.{number}") == "written"
    found = parsed(tmp_path)
    assert found.version == "atom10"
    assert len({entry.id for entry in found.entries}) == len(ALERTS) == len(found.entries)
    assert [e.title.partition(" ")[0].strip(":") for e in found.entries] == [
        alert.relation.value for alert in reversed(ALERTS.values())
    ]
    assert found.feed.updated == max(entry.updated for entry in found.entries)


async def test_an_entry_answers_the_claim_and_leads_to_the_article(tmp_path: Path) -> None:
    channel = feed(tmp_path)
    await sent(channel, CONTRADICTS, "fp.1")
    await sent(channel, NEW, "fp.2")
    new, contradicts = parsed(tmp_path).entries
    assert contradicts["thr_in-reply-to"]["ref"].endswith(":claim:nk-troops-30k")
    assert "thr_in-reply-to" not in new
    assert contradicts.link == CONTRADICTS.report.url
    assert [tag.term for tag in contradicts.tags] == ["CONTRADICTS", "North Korean troops in Russia"]
    assert "<b>CONTRADICTS</b>" in contradicts.content[0].value


async def test_an_alert_that_stands_there_already_is_not_written_again(tmp_path: Path) -> None:
    await sent(feed(tmp_path), CONTRADICTS, "fp.1")
    before = (tmp_path / "alerts.atom").read_bytes()
    again = feed(tmp_path)  # after a crash: written, not noted
    assert await sent(again, CONTRADICTS, "fp.1") == "was written before"
    assert (tmp_path / "alerts.atom").read_bytes() == before
    assert await sent(again, CONTRADICTS, "fp.1.1") == "written"  # somebody asked for it again


async def test_only_the_latest_entries_are_kept(tmp_path: Path) -> None:
    channel = feed(tmp_path, entries=3)
    for number in range(7):
        await sent(channel, titled(f"report {number}"), f"fp.{number}")
    assert [entry.title[-8:] for entry in parsed(tmp_path).entries] == ["report 6", "report 5", "report 4"]


async def test_a_reader_sees_the_old_feed_or_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = feed(tmp_path)
    await sent(channel, CONTRADICTS, "fp.1")
    before = (tmp_path / "alerts.atom").read_bytes()
    real = os.fsync

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(DeliveryError, match="No space left on device") as caught:
        await sent(channel, NEW, "fp.2")
    assert not caught.value.permanent
    assert (tmp_path / "alerts.atom").read_bytes() == before
    monkeypatch.setattr(files.os, "fsync", real)
    assert await sent(channel, NEW, "fp.2") == "written"
    assert len(parsed(tmp_path).entries) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["alerts.atom"]


async def test_a_file_that_is_no_feed_of_ours_is_kept_aside(tmp_path: Path) -> None:
    (tmp_path / "alerts.atom").write_text("my notes")
    await sent(feed(tmp_path), CONTRADICTS, "fp.1")
    assert (tmp_path / "alerts.atom.not-ours").read_text() == "my notes"
    assert len(parsed(tmp_path).entries) == 1


@pytest.mark.parametrize("title", HOSTILE_TITLES, ids=range(len(HOSTILE_TITLES)))
async def test_no_title_breaks_the_feed(title: str, tmp_path: Path) -> None:
    channel = feed(tmp_path)
    await sent(channel, titled(title), "fp.1")
    await sent(channel, CONTRADICTS, "fp.2")
    ET.parse(tmp_path / "alerts.atom")
    assert len(parsed(tmp_path).entries) == 2


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet=st.characters(), max_size=120))
def test_any_text_is_well_formed(text: str, tmp_path: Path) -> None:
    alert = replace(titled(text), topic_title=text, evidence=text, speaker=text)
    ET.fromstring(feed(tmp_path).word(alert, key="k").replace(b"thr:", b""))
