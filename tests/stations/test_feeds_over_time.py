"""What becomes of feeds over days: they move, fall silent, roll over too fast."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from claimwatch.core.feed_health import GAP
from claimwatch.core.model import Fetched
from claimwatch.errors import ParseError
from tests.stations.stage import HOUR, Stage, news


async def test_a_feed_that_moved_keeps_its_items_and_is_asked_at_its_new_address(stage: Stage) -> None:
    new_address = "https://news.a.example/rss"
    body = [news("soldiers leave")]

    async def moved() -> Fetched:
        fetched = await stage.web.answer("a", body)
        return replace(fetched, url=new_address, moved_to=new_address)

    await stage.poll_all(a=body)
    for _ in range(3):
        stage.clock.move(25 * HOUR)
        stage.web.answers = {"a": moved, "b": [], "c": []}
        await stage.poll.poll_all()
    assert stage.state("a").address == new_address
    stage.clock.move(HOUR)
    await stage.poll_all(a=body)
    assert stage.web.urls[-3:].count(new_address) == 1
    assert stage.reader.queues().items == 1


async def test_a_login_page_at_a_new_address_is_not_believed(stage: Stage) -> None:
    for _ in range(4):
        await stage.poll_all(a=ParseError("a login page came in place of a feed"))
        stage.clock.move(25 * HOUR)
    assert stage.state("a").moved_to is None


async def test_the_configs_language_wins_over_a_header_but_not_over_an_items_own(stage: Stage) -> None:
    stage.feeds = [replace(feed, language="uk") for feed in stage.feeds]
    stage.die()
    entries = [
        news("port one"),
        replace(news("port two"), language="en-GB"),
        replace(news("port three"), language="ru"),
    ]
    await stage.poll_all(a=entries)  # the document's header says "en"
    with stage.database.read() as c:
        rows = c.execute(sa.text("SELECT title, language FROM items ORDER BY id")).all()
    assert dict(map(tuple, rows)) == {"port one": "uk", "port two": "uk", "port three": "ru"}


async def test_a_poll_that_shares_no_item_with_the_last_one_says_so(stage: Stage) -> None:
    await stage.poll_all(a=[news("port one")])
    stage.clock.move(HOUR)
    await stage.poll_all(a=[news("port nine")])
    assert GAP in stage.state("a").outcome
