"""`full_text: true`: the pages of what may be on topic are read, once, and nothing is lost when they cannot be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest
import sqlalchemy as sa

from claimwatch.core.model import Feed, Item
from claimwatch.core.work import PageTexts
from claimwatch.storage.schema import items
from tests.stations.stage import Stage, news
from tests.storage.refusing import refuse, relent


@dataclass
class Pages:
    """The pages of a site; what is not among them is refused."""

    texts: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def read(self, feed: Feed, urls: Sequence[str]) -> PageTexts:
        self.asked += urls
        return PageTexts(
            {url: self.texts[url] for url in urls if url in self.texts},
            {url: "HTTP 403: forbids access" for url in urls if url not in self.texts},
        )


@pytest.fixture
async def pages(stage: Stage) -> Pages:
    """The pages of feed `a`, which asks for full text; its first poll is over."""
    stage.close()
    stage.pages = pages = Pages()
    stage.feeds = [replace(feed, full_text=feed.name == "a") for feed in stage.feeds]
    stage.open()
    await stage.begin()
    return pages


def page(title: str, number: int = 1, **more: str) -> Item:
    return replace(news(title), url=f"https://a.example/{number}", **more)


def contents(stage: Stage) -> dict[str, str]:
    with stage.database.read() as c:
        return {
            row.title: row.content
            for row in c.execute(sa.select(items))
            if not row.title.startswith("Weather")
        }


async def test_the_page_of_an_item_on_topic_is_stored_with_it_and_asked_once(
    stage: Stage, pages: Pages
) -> None:
    pages.texts["https://a.example/1"] = "The whole story."
    for _ in range(2):
        await stage.poll_all(a=[page("soldiers leave"), page("Football", 2)])
    assert contents(stage) == {"soldiers leave": "The whole story.", "Football": ""}
    assert pages.asked == ["https://a.example/1"]


async def test_an_item_that_only_comes_near_a_topic_is_read_too(stage: Stage, pages: Pages) -> None:
    pages.texts["https://a.example/1"] = "The whole story."
    await stage.poll_all(a=[page("something near it")])
    assert contents(stage) == {"something near it": "The whole story."}


async def test_a_page_that_cannot_be_read_costs_no_item_and_is_told(stage: Stage, pages: Pages) -> None:
    await stage.poll_all(a=[page("soldiers leave", content="What the feed says.")])
    assert contents(stage) == {"soldiers leave": "What the feed says."}
    outcome = stage.state("a").outcome
    assert "1 of 1 pages not read (HTTP 403: forbids access): the feed's own text is used" in outcome
    await stage.tell()
    assert len(stage.boxes["desk"].lines) == 1


async def test_items_and_their_pages_are_stored_together_or_not_at_all(stage: Stage, pages: Pages) -> None:
    pages.texts["https://a.example/1"] = "The whole story."
    with stage.database.write() as c:
        refuse(c, "items")
    await stage.poll_all(a=[page("soldiers leave")])
    assert contents(stage) == {}
    with stage.database.write() as c:
        relent(c)
    stage.die()
    await stage.poll_all(a=[page("soldiers leave")])
    assert contents(stage) == {"soldiers leave": "The whole story."}


async def test_a_feed_that_does_not_ask_for_it_and_long_texts_are_left_alone(
    stage: Stage, pages: Pages
) -> None:
    await stage.poll_all(a=[page("soldiers leave", content="Long. " * 300)], b=[page("soldiers come", 2)])
    assert pages.asked == []


async def test_no_more_than_ten_pages_are_asked_for_at_one_poll(stage: Stage, pages: Pages) -> None:
    await stage.poll_all(a=[page(f"soldiers leave town {n}", n) for n in range(30)])
    assert len(pages.asked) == 10
    assert len(contents(stage)) == 30


async def test_a_page_that_cannot_be_read_again_after_an_edit_takes_nothing_back(
    stage: Stage, pages: Pages
) -> None:
    pages.texts["https://a.example/1"] = "Avaria denies it all, its ministry says in the whole story."
    await stage.round(a=[page("soldiers leave the camp", id="1")])
    assert [line.partition(":")[0] for line in stage.desk] == ["CONTRADICTS"]
    pages.texts.clear()
    await stage.round(a=[page("soldiers leave the camp today", id="1")])
    assert contents(stage) == {
        "soldiers leave the camp today": "Avaria denies it all, its ministry says in the whole story."
    }
    assert len(stage.desk) == 1
    assert stage.reader.claims()["t-5k"].status == "disputed"
