"""By which name an entry is known, whatever its publisher does to guids and links."""

from __future__ import annotations

import pytest

from claimwatch.core.novelty import NoveltyKind, select_new
from tests.feeds.documents import entry, read, rss


def news(*documents: bytes) -> list[str]:
    """Titles of what is new over successive polls of one feed, revisions in brackets."""
    known: dict[str, str] = {}
    found = []
    for body in documents:
        for novelty in select_new(read(body).items, known):
            known[novelty.key] = novelty.hash
            title = novelty.item.title
            found.append(title if novelty.kind is NoveltyKind.NEW else f"[{title}]")
    return found


def ids(body: bytes) -> list[str]:
    return [item.id for item in read(body).items]


def test_an_entry_goes_by_its_guid_else_its_link_else_its_words() -> None:
    link = "<link>http://herald.example/2</link>"
    with_guid, with_link, with_words = read(
        rss(entry("One", "g-1", more=link) + entry("Two", more=link) + entry("Three troops"))
    ).items
    assert (with_guid.id, with_link.id) == ("g-1", "http://herald.example/2")
    assert with_words.id.startswith("words:")


def test_an_aggregator_that_renames_everything_goes_by_publisher_and_title() -> None:
    def poll(token: str) -> bytes:
        more = (
            f"<link>https://news.google.com/rss/articles/{token}?oc=5</link>"
            '<source url="https://post.example">Norland Post</source>'
        )
        return rss(entry("Troops leave - Norland Post", token, more=more))

    assert ids(poll("CBMi1")) == ids(poll("CBMi2"))
    assert news(poll("CBMi1"), poll("CBMi2")) == ["Troops leave - Norland Post"]


def test_entries_that_share_a_guid_or_a_link_all_come_through() -> None:
    same_guid = rss("".join(entry(f"Report number {n}", "same") for n in range(5)))
    link = "<link>http://herald.example/live</link>"
    same_link = rss("".join(entry(f"Report number {n}", f"g{n}", more=link) for n in range(3)))
    assert len(set(ids(same_guid))) == 5
    assert len(news(same_guid, same_guid)) == 5
    assert len(news(same_link, same_link)) == 3


@pytest.mark.parametrize(
    "churn",
    [
        lambda n: entry("Troops leave the border", f"guid-{n}", "Text of the report."),
        lambda n: entry(
            "Troops leave the border",
            "",
            "Text.",
            f"<link>http://h.example/1?PHPSESSID={n}&amp;utm_x={n}</link>",
        ),
        lambda n: entry(
            "Troops leave the border", "", "Text.", f"<link>http{'s' * (n % 2)}://h.example/1</link>"
        ),
        lambda n: entry("Troops leave the border", "", "Text.", f"<link>http://cdn{n}.h.example/1</link>"),
        lambda n: entry(
            "Troops leave the border", "1", "Text.", f"<pubDate>2026-07-0{n + 1}T08:00:00Z</pubDate>"
        ),
    ],
)
def test_a_feed_that_churns_something_at_every_poll_brings_its_item_once(churn) -> None:  # type: ignore[no-untyped-def]
    assert news(*(rss(churn(n)) for n in range(4))) == ["Troops leave the border"]


def test_a_login_page_or_an_empty_feed_in_between_makes_nothing_new() -> None:
    full = rss(entry("Troops leave the border", "1") + entry("Ships sail", "2"))
    assert news(full, rss(""), full) == ["Troops leave the border", "Ships sail"]


def test_an_edited_title_is_a_revision_and_another_story_under_the_guid_is_new() -> None:
    first = rss(entry("Troops leave the border at dawn", "1", "x"))
    typo = rss(entry("Troops leave the borders at dawn", "1", "x"))
    other = rss(entry("Football: Norland beats Avaria", "1", "y"))
    assert news(first, typo, other, other) == [
        "Troops leave the border at dawn",
        "[Troops leave the borders at dawn]",
        "Football: Norland beats Avaria",
    ]


def test_a_feed_that_moves_brings_nothing_new_although_its_ids_are_relative() -> None:
    body = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title>
    <entry><id>post-1</id><title>Troops leave</title><link href="p/1"/></entry></feed>"""
    known = {n.key: n.hash for n in select_new(read(body, url="http://a.example/f").items, {})}
    assert select_new(read(body, url="https://b.example/new/f").items, known) == []
