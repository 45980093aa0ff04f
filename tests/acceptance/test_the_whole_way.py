"""From a feed on loopback to a mail in the sink, through every station, with real HTTP and SMTP."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path

from claimwatch.app import now, open_app
from claimwatch.config import load
from claimwatch.daemon import run_once
from claimwatch.storage.database import Database
from claimwatch.storage.digesting import SqlDigestStore
from tests.acceptance.conftest import Watch, rss
from tests.acceptance.servers import Page, text_of

CONTRADICTION = "Avaria denies it will send 5,000 soldiers to Norland"
NEWS = "Velmar harbour opens a second pier"  # on a topic without claims: the judge has no say


def once(watch: Watch) -> None:
    """What `claimwatch run --once` does."""

    async def go() -> None:
        async with open_app(load(watch.config, environ={})) as app:
            await run_once(app)

    asyncio.run(go())


def test_a_new_item_becomes_one_mail_with_its_title(watch: Watch) -> None:
    watch.feeds.pages["a"] = Page(rss("Weather: sunny"))
    watch.write("a")
    once(watch)
    assert watch.mail.messages == []

    watch.feeds.pages["a"] = Page(rss(NEWS, "Weather: sunny"))
    once(watch)
    once(watch)
    (mail,) = watch.mail.messages
    assert NEWS in text_of(mail).replace("\n", " ")
    assert mail["X-Claimwatch-Relation"] == "NEW"


def test_a_denial_contradicts_the_claim_and_shows_the_words(watch: Watch) -> None:
    watch.feeds.pages["a"] = Page(rss("Weather: sunny"))
    watch.write("a")
    once(watch)
    watch.feeds.pages["a"] = Page(rss(CONTRADICTION))
    once(watch)
    (mail,) = watch.mail.messages
    assert mail["X-Claimwatch-Relation"] == "CONTRADICTS"
    assert mail["X-Claimwatch-Claim"] == "border-5k"
    assert ">>denies<<" in text_of(mail)


def test_the_first_poll_of_a_feed_comes_as_one_summary_and_old_items_are_only_counted(watch: Watch) -> None:
    young = [f"Velmar harbour takes in ship number {n}, day {n}" for n in range(1, 31)]
    watch.feeds.pages["a"] = Page(rss(*young))
    watch.feeds.pages["b"] = Page(rss("Velmar harbour mends the old fort", hours_ago=72))
    watch.write("a", "b")
    once(watch)
    (mail,) = watch.mail.messages
    text = text_of(mail).replace("\n", " ")
    assert all(title in " ".join(text.split()) for title in young)
    assert "old fort" not in text


def test_look_alikes_stay_silent(watch: Watch) -> None:
    watch.feeds.pages["a"] = Page(rss("Weather: sunny"))
    watch.write("a")
    once(watch)
    watch.feeds.pages["a"] = Page(
        rss("Norland harbour opens a pier", "Avarian football soldiers on", "Avaria wins chess cup")
    )
    once(watch)
    assert watch.mail.messages == []


def test_a_reprint_by_another_outlet_is_counted_and_not_sent(watch: Watch) -> None:
    for name in ("a", "b"):
        watch.feeds.pages[name] = Page(rss("Weather: sunny"))
    watch.write("a", "b")
    once(watch)
    watch.feeds.pages["a"] = Page(rss(NEWS))
    once(watch)
    watch.feeds.pages["b"] = Page(rss(NEWS))
    once(watch)
    assert len(watch.mail.messages) == 1


def test_a_mail_server_that_is_down_costs_no_alert(watch: Watch) -> None:
    watch.feeds.pages["a"] = Page(rss("Weather: sunny"))
    watch.write("a")
    once(watch)
    watch.mail.refuse = ["451 try later"]
    watch.feeds.pages["a"] = Page(rss(NEWS))
    once(watch)
    assert watch.mail.messages == []
    asyncio.run(asyncio.sleep(2.1))  # the first wait of core/retrying
    once(watch)
    assert len(watch.mail.messages) == 1


def test_without_any_receiver_alerts_go_to_the_terminal_and_to_a_file(
    watch: Watch, capsys: object, tmp_path: Path
) -> None:
    watch.feeds.pages["a"] = Page(rss("Weather: sunny"))
    watch.write("a", routes="# nobody yet\n")
    once(watch)
    watch.feeds.pages["a"] = Page(rss(NEWS))
    once(watch)
    assert NEWS in capsys.readouterr().out  # type: ignore[attr-defined]
    rows = [json.loads(line) for line in (tmp_path / "var" / "alerts.jsonl").read_text().splitlines()]
    assert [row["relation"]["value"] for row in rows] == ["NEW"]


def test_a_feed_that_fails_never_ends_the_round(watch: Watch) -> None:
    watch.feeds.pages["good"] = Page(rss("Weather: sunny"))
    watch.feeds.pages["html"] = Page(b"<html><body>Please log in</body></html>", "text/html")
    watch.feeds.pages["empty"] = Page(b"")
    watch.feeds.pages["broken"] = Page(b"<rss><channel><item><title>half", "application/rss+xml")
    watch.write("good", "html", "empty", "broken", "missing")
    once(watch)
    watch.feeds.pages["good"] = Page(rss(NEWS))
    once(watch)
    assert len(watch.mail.messages) == 1

    async def states() -> dict[str, str | None]:
        async with open_app(load(watch.config, environ={})) as app:
            return {s.feed: s.error for s in app.reader.feeds()}

    errors = asyncio.run(states())
    assert errors["good"] is None
    assert all(errors[name] for name in ("html", "empty", "missing"))


def test_a_report_that_is_only_counted_stands_in_the_digest(watch: Watch) -> None:
    support = "Avaria to send 5,000 soldiers to Norland, minister says"
    watch.feeds.pages["a"] = Page(rss("Weather: sunny"))
    watch.write("a")
    once(watch)
    watch.feeds.pages["a"] = Page(rss(support))
    once(watch)
    again = "Avaria will send up to 5,000 soldiers to Norland, officials say again"
    watch.feeds.pages["a"] = Page(rss(again, support))
    once(watch)
    settings = load(watch.config, environ={})
    database = Database(settings.storage)
    try:
        began = now() - timedelta(minutes=5)
        period = SqlDigestStore(database, settings.claims).period(began, now())
    finally:
        database.close()
    told = {message["X-Claimwatch-Relation"] for message in watch.mail.messages}
    assert told == {"CORROBORATES"}
    assert len(watch.mail.messages) == 1
    assert [(c.stance, c.title) for c in period.counted] == [("supports", again)]
