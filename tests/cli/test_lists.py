from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from claimwatch.core.model import Relation
from claimwatch.poll import NETWORK_DOWN
from tests.cli.conftest import NOW, Claimwatch, Past

LISTS = [("alerts", "list"), ("feeds", "list"), ("topics", "list"), ("claims", "list"), ("status",)]


def rows(said: object) -> list[dict[str, object]]:
    return [json.loads(line) for line in said.out.splitlines()]  # type: ignore[attr-defined]


@pytest.mark.parametrize("line", LISTS)
def test_before_the_first_run_lists_work_and_store_nothing(
    claimwatch: Claimwatch, config: Path, line: tuple[str, ...]
) -> None:
    said = claimwatch(*line, "--config", config)
    assert said.code == (1 if line == ("status",) else 0)
    assert said.out
    assert said.err == ""
    assert not (config.parent / "var").exists()


@pytest.mark.parametrize("line", LISTS)
def test_json_is_one_object_a_line_on_standard_output(
    claimwatch: Claimwatch, config: Path, past: Past, line: tuple[str, ...]
) -> None:
    past.polled("Alpha")
    past.alerted("K7Q2MD")
    said = claimwatch(*line, "--config", config, "--json")
    assert rows(said)
    assert said.err == ""


@pytest.mark.parametrize("line", [*LISTS, ("alerts", "show", "K7Q2MD"), ("claims", "show", "harbour-ships")])
def test_a_wrong_config_is_told_and_exits_with_1(
    claimwatch: Claimwatch, config: Path, line: tuple[str, ...]
) -> None:
    (config / "feeds.yaml").write_text("feed:\n  - {nmae: x}\n")
    said = claimwatch(*line, "--config", config)
    assert said.code == 1
    assert "feeds.yaml:2" in said.err
    assert said.err.rstrip().endswith("Nothing was started.")


def test_a_damaged_database_is_named(claimwatch: Claimwatch, config: Path, past: Past) -> None:
    past.database.close()
    path = past.database.place
    assert isinstance(path, Path)
    path.write_bytes(b"damage" * 1000)
    said = claimwatch("status", "--config", config)
    assert said.code == 1
    assert f"claimwatch: {path}: the database is damaged" in " ".join(said.err.split())


def test_status_is_0_when_all_is_well(claimwatch: Claimwatch, config: Path, past: Past) -> None:
    for feed in ("Alpha", "Beta"):
        past.polled(feed)
    past.alerted("K7Q2MD")
    past.sent(1)
    said = claimwatch("status", "--config", config)
    assert said.code == 0
    assert said.out.endswith("all well\n")
    (row,) = rows(claimwatch("status", "-c", config, "--json"))
    assert row["ok"] is True
    assert row["deliveries"] == {"sent": 1, "due": 0, "dead": 0}


@pytest.mark.parametrize(
    ("errors", "told"),
    [
        ({"Alpha": "404 Not Found"}, "1 feed failing: Alpha"),
        ({"Alpha": "404", "Beta": "a web page"}, "no feed can be read, 2 fail"),
        ({"Alpha": NETWORK_DOWN, "Beta": NETWORK_DOWN}, "no feed answers: our network seems to be down"),
    ],
)
def test_status_is_1_when_feeds_fail_and_says_which(
    claimwatch: Claimwatch, config: Path, past: Past, errors: dict[str, str], told: str
) -> None:
    for feed in ("Alpha", "Beta"):
        past.polled(feed, errors.get(feed))
    said = claimwatch("status", "--config", config)
    assert said.code == 1
    assert told in said.out
    assert said.out.endswith("something is wrong\n")


def test_status_is_1_when_no_feed_is_configured_any_more(
    claimwatch: Claimwatch, config: Path, past: Past
) -> None:
    past.polled("Alpha")
    feeds = config / "feeds.yaml"
    feeds.write_text("")
    said = claimwatch("status", "--config", config)
    assert said.code == 1
    assert "no feed is configured, so nothing is watched: claimwatch feeds add URL" in " ".join(
        said.out.split()
    )


def test_several_receivers_who_all_got_an_alert_are_counted(
    claimwatch: Claimwatch, config: Path, past: Past
) -> None:
    past.polled("Alpha")
    past.alerted("K7Q2MD", to=("desk", "chat"))
    past.sent(1)
    assert "chat due" in claimwatch("alerts", "list", "--config", config).out
    past.sent(2)
    said = claimwatch("alerts", "list", "--config", config)
    assert "2 sent" in said.out
    assert "chat" not in said.out


def test_status_is_1_when_feeds_are_late(claimwatch: Claimwatch, config: Path, past: Past) -> None:
    for feed in ("Alpha", "Beta"):
        past.polled(feed, next_in=-timedelta(hours=2))
    said = claimwatch("status", "--config", config)
    assert said.code == 1
    assert "should have been polled long ago; no daemon is running: claimwatch run" in " ".join(
        said.out.split()
    )


def test_status_is_1_when_a_delivery_was_refused_and_names_the_receiver(
    claimwatch: Claimwatch, config: Path, past: Past
) -> None:
    for feed in ("Alpha", "Beta"):
        past.polled(feed)
    past.alerted("K7Q2MD")
    past.outbox.commit_dead(1, "550 no such user", now=NOW)
    said = claimwatch("status", "--config", config)
    assert said.code == 1
    assert "dead  desk: 550 no such user (1 tries)" in said.out


def test_status_leaves_out_feeds_that_are_gone_from_the_config(
    claimwatch: Claimwatch, config: Path, past: Past
) -> None:
    for feed in ("Alpha", "Beta"):
        past.polled(feed, "404" if feed == "Beta" else None)
    text = (config / "feeds.yaml").read_text()
    (config / "feeds.yaml").write_text("\n".join(text.splitlines()[:2]) + "\n")
    assert claimwatch("status", "--config", config).code == 0


def test_alerts_are_listed_and_narrowed_down(claimwatch: Claimwatch, config: Path, past: Past) -> None:
    past.polled("Alpha")
    past.alerted("K7Q2MD", Relation.UPDATES, title="Avaria sends more")
    past.alerted("9HDM4C")
    codes = {row["code"] for row in rows(claimwatch("alerts", "list", "-c", config, "--json"))}
    assert codes == {"K7Q2MD", "9HDM4C"}
    (row,) = rows(claimwatch("alerts", "list", "-c", config, "--json", "--relation", "updates"))
    assert row["code"] == "K7Q2MD"
    assert len(rows(claimwatch("alerts", "list", "-c", config, "--json", "--limit", "1"))) == 1
    said = claimwatch("alerts", "list", "-c", config)
    assert "Avaria sends more" in said.out
    assert "desk due" in said.out


def test_an_unknown_topic_is_told_with_the_nearest(claimwatch: Claimwatch, config: Path, past: Past) -> None:
    for command in ("alerts", "claims"):
        said = claimwatch(command, "list", "-c", config, "--topic", "border-trops")
        assert said.code == 1
        assert 'There is no topic "border-trops". Did you mean "border-troops"?' in said.err


def test_an_alert_is_shown_by_its_code_in_any_case_with_its_deliveries(
    claimwatch: Claimwatch, config: Path, past: Past
) -> None:
    past.polled("Alpha")
    past.alerted("K7Q2MD")
    past.sent(1)
    said = claimwatch("alerts", "show", "k7q2md", "-c", config)
    assert said.code == 0
    assert "NEW: Avarian troops" in said.out
    assert "desk: sent" in said.out
    assert "250 Ok" in said.out
    (row,) = rows(claimwatch("alerts", "show", "K7Q2MD", "-c", config, "--json"))
    (delivery,) = row["deliveries"]  # type: ignore[misc]
    assert delivery["state"] == "sent"
    assert "T" in delivery["settled_at"]


def test_an_alert_that_does_not_exist_is_told(claimwatch: Claimwatch, config: Path, past: Past) -> None:
    said = claimwatch("alerts", "show", "ZZZZZZ", "-c", config)
    assert said.code == 1
    assert 'There is no alert "ZZZZZZ"' in said.err


def test_feeds_show_their_state(claimwatch: Claimwatch, config: Path, past: Past) -> None:
    past.polled("Alpha")
    alpha, beta = rows(claimwatch("feeds", "list", "-c", config, "--json"))
    assert (alpha["feed"], alpha["state"], alpha["ok"], alpha["items"]) == (
        "Alpha",
        "ok",
        True,
        1,
    )
    assert (beta["state"], beta["ok"], beta["last_ok_at"]) == ("new", None, None)
    said = claimwatch("feeds", "list", "-c", config)
    assert "Alpha" in said.out
    assert said.out.endswith("1 ok, 1 new\n")
    assert all(len(line.rstrip()) <= 80 for line in said.out.splitlines())
    said = claimwatch("feeds", "list", "-c", config, "--state", "new", "--json")
    assert [row["feed"] for row in rows(said)] == ["Beta"]


def test_feeds_that_are_not_well_say_since_when_and_what_the_last_poll_said(
    claimwatch: Claimwatch, config: Path, past: Past
) -> None:
    past.polled("Alpha", error="HTTP 403: forbids access")
    past.polled("Beta")
    said = claimwatch("feeds", "list", "-c", config)
    assert "HTTP 403: forbids access" in said.out
    file = config / "feeds.yaml"
    file.write_text(file.read_text().replace("reliability: C", "reliability: C, tags: [lakes, north]"))
    said = claimwatch("feeds", "list", "-c", config, "--tag", "lakes")
    assert "lakes, north" in said.out
    assert "Alpha" not in said.out


def test_topics_show_their_names_and_how_much_was_found(
    claimwatch: Claimwatch, config: Path, past: Past
) -> None:
    past.polled("Alpha")
    topic, _ = rows(claimwatch("topics", "list", "-c", config, "--json"))
    assert (topic["topic"], topic["claims"], topic["items"]) == ("border-troops", [], 1)
    assert "Border troops" in claimwatch("topics", "list", "-c", config).out


def test_claims_show_their_evidence(claimwatch: Claimwatch, config: Path, past: Past) -> None:
    past.polled("Alpha")
    past.alerted("K7Q2MD")
    (claim,) = rows(claimwatch("claims", "list", "-c", config, "--json"))
    assert (claim["claim"], claim["supports"], claim["contradicts"]) == ("harbour-ships", 1, 0)
    said = claimwatch("claims", "show", "harbour-ships", "-c", config)
    assert "1 for" in said.out
    assert "said by Norland intelligence" in said.out


def test_an_unknown_claim_is_told_with_the_nearest(claimwatch: Claimwatch, config: Path) -> None:
    said = claimwatch("claims", "show", "harbour-ship", "-c", config)
    assert said.code == 1
    assert 'Did you mean "harbour-ships"?' in said.err


def test_a_topic_is_shown_with_its_names_its_claims_and_what_was_found(
    claimwatch: Claimwatch, config: Path, past: Past
) -> None:
    past.polled("Alpha")
    said = claimwatch("topics", "show", "border-troops", "--config", config)
    assert "what    troops, soldiers" in said.out
    assert "1 found so far" in said.out
    assert "harbour-ships" in claimwatch("topics", "show", "harbour", "--config", config).out
    (row,) = rows(claimwatch("topics", "show", "harbour", "--config", config, "--json"))
    assert row["claims"] == {"harbour-ships": "unverified"}
    said = claimwatch("topics", "show", "harbor", "--config", config)
    assert said.code == 1
    assert 'Did you mean "harbour"?' in said.err


def test_a_claim_is_shown_as_it_was_understood(claimwatch: Claimwatch, config: Path) -> None:
    said = claimwatch("claims", "show", "harbour-ships", "--config", config)
    assert "how many: " in said.out
    assert "10 ships" in said.out
