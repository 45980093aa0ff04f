"""People judge alerts while the daemon runs; a wrong one is taken back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from claimwatch.cli.judging import person
from claimwatch.config import load
from claimwatch.core.model import Entry, Relation, Report, Section
from claimwatch.core.work import Findings
from claimwatch.storage.judging import SqlJudgementStore
from tests.cli.conftest import NOW, Claimwatch, Past


@pytest.fixture
def alerted(past: Past) -> Past:
    past.polled("Alpha")
    past.alerted("K7Q2MD", Relation.CORROBORATES, title="Seoul counts ten ships")
    return past


def shown(claimwatch: Claimwatch, config: Path, code: str) -> dict[str, object]:
    row: dict[str, object] = json.loads(claimwatch("alerts", "show", code, "-c", config, "--json").out)
    return row


def test_a_judgement_says_who_when_and_why(claimwatch: Claimwatch, config: Path, alerted: Past) -> None:
    assert claimwatch("alerts", "ack", "k7q2md", "-c", config, "--by", "x").out == "K7Q2MD is acknowledged.\n"
    assert claimwatch("alerts", "right", "K7Q2MD", "-c", config).code == 0
    first, second = shown(claimwatch, config, "K7Q2MD")["judgements"]  # type: ignore[misc]
    assert (first["word"], first["by"]) == ("ack", "x")
    assert (second["word"], second["by"]) == ("right", person(None))
    said = claimwatch("alerts", "show", "K7Q2MD", "-c", config)
    assert "acknowledged by x" in said.out
    assert "judged right by" in said.out


def test_wrong_tells_those_who_got_it_and_the_evidence_counts_no_more(
    claimwatch: Claimwatch, config: Path, alerted: Past
) -> None:
    alerted.outbox.store_message(1, b"as sent")
    alerted.sent(1)
    assert "1 for" in claimwatch("claims", "show", "harbour-ships", "-c", config).out
    said = claimwatch("alerts", "wrong", "K7Q2MD", "--why", "independence", "-c", config, "--by", "a.lemoine")
    assert said.code == 0
    assert "CORRECTION K7Q2MD-c1 goes to the 1 receiver who got it." in said.out
    assert "1 for" not in claimwatch("claims", "show", "harbour-ships", "-c", config).out
    (due,) = alerted.outbox.take_due(now=NOW + timedelta(days=365), lease=timedelta(minutes=1), each=9)
    assert due.delivery.receiver == "desk"
    assert due.alert.answers == (("desk", "fp-K7Q2MD.1"),)
    text = claimwatch("alerts", "show", "k7q2md-c1", "-c", config).out
    assert "CORRECTION to alert K7Q2MD: the origin is not independent" in text
    assert "WE SAID" in text
    assert "MARKED    by a.lemoine" in text


def test_wrong_twice_tells_once(claimwatch: Claimwatch, config: Path, alerted: Past) -> None:
    claimwatch("alerts", "wrong", "K7Q2MD", "-c", config)
    assert claimwatch("alerts", "wrong", "K7Q2MD", "-c", config).out == "K7Q2MD is judged wrong.\n"


def test_who_still_waits_for_a_wrong_alert_does_not_get_it(
    claimwatch: Claimwatch, config: Path, alerted: Past
) -> None:
    said = claimwatch("alerts", "wrong", "K7Q2MD", "-c", config)
    assert "nobody had got it. 1 receiver who waited for it will not get it." in " ".join(said.out.split())
    later = NOW + timedelta(days=365)
    assert alerted.outbox.take_due(now=later, lease=timedelta(minutes=1), each=9) == []
    claimwatch("alerts", "right", "K7Q2MD", "-c", config)
    (due,) = alerted.outbox.take_due(now=later, lease=timedelta(minutes=1), each=9)
    assert due.alert.code == "K7Q2MD"


def test_a_judgement_is_written_while_the_daemon_has_the_database_open(
    claimwatch: Claimwatch, config: Path, alerted: Past
) -> None:
    with alerted.database.read() as reading:
        reading.exec_driver_sql("SELECT count(*) FROM alerts").scalar()
        assert claimwatch("alerts", "right", "K7Q2MD", "-c", config).code == 0
    alerted.sent(1)  # and the daemon goes on writing


def test_what_cannot_be_judged_says_what_can(claimwatch: Claimwatch, config: Path, alerted: Past) -> None:
    claimwatch("alerts", "wrong", "K7Q2MD", "-c", config)
    first = SqlJudgementStore(alerted.database).find("K7Q2MD")
    assert first is not None
    summary = replace(
        first,
        fingerprint="s",
        code="SSSSSS",
        entries=(Entry(Relation.NEW, Report("New", "Alpha", item=1)),) * 2,
    )
    digest = replace(first, fingerprint="d", code="DDDDDD", sections=(Section("A", ("b",)),))
    alerted.ledger.commit(Findings((), ((summary, ()), (digest, ()))), now=NOW)
    for line, told in (
        (("wrong", "ZZZZZZ"), 'There is no alert "ZZZZZZ"'),
        (("wrong", "K7Q2MD-c1"), "Judge what it corrects:  claimwatch alerts right K7Q2MD"),
        (("wrong", "SSSSSS"), "claimwatch alerts wrong SSSSSS --line 1"),
        (("wrong", "SSSSSS", "--line", "3"), "SSSSSS has no line 3"),
        (("right", "DDDDDD"), "DDDDDD is a digest"),
        (("right", "K7Q2MD", "--line", "1"), "Leave --line out"),
    ):
        said = claimwatch("alerts", *line, "-c", config)
        assert said.code == 1
        assert " ".join(told.split()) in " ".join(said.err.split())
    assert claimwatch("alerts", "wrong", "SSSSSS", "--line", "2", "-c", config).code == 0
    assert claimwatch("alerts", "wrong", "K7Q2MD", "--why", "mood", "-c", config).code == 2


def test_what_is_often_wrong_is_told_with_how_to_undo_it(
    claimwatch: Claimwatch, config: Path, past: Past
) -> None:
    past.polled("Alpha")
    said = ""
    for code in ("AAAAA2", "AAAAA3", "AAAAA4", "AAAAA5", "AAAAA6", "AAAAA7"):
        assert "once a day" not in said
        past.alerted(code, Relation.UPDATES)
        said = claimwatch("alerts", "wrong", code, "-c", config).out
    assert "6 of the last 6 judged UPDATES of route all were wrong" in said
    assert claimwatch("alerts", "promote", "all", "UPDATES", "-c", config).code == 0
    again = claimwatch("alerts", "promote", "all", "updates", "-c", config)
    assert again.code == 1
    assert "UPDATES on route all comes at once already." in again.err


def test_a_claim_that_left_the_config_still_has_a_standing(
    claimwatch: Claimwatch, config: Path, alerted: Past
) -> None:
    first = SqlJudgementStore(alerted.database).find("K7Q2MD")
    assert first is not None
    claim = load(config, environ={}).claims[0]
    told = replace(first, fingerprint="c", code="CCCCCC", claim=claim)
    alerted.ledger.commit(Findings((), ((told, ()),)), now=NOW)
    text = (config / "topic.yaml").read_text()
    (config / "topic.yaml").write_text(text.partition("claim:")[0])
    assert claimwatch("alerts", "wrong", "CCCCCC", "-c", config).code == 0
    shown = claimwatch("alerts", "show", "CCCCCC-c1", "-c", config).out
    assert "NOW       1 origin for, 0 against" in shown
