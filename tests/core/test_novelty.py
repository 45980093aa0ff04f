from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimwatch.core.model import Item
from claimwatch.core.novelty import (
    Novelty,
    NoveltyKind,
    content_hash,
    entry_key,
    select_new,
    shares_no_item,
    title_likeness,
    with_sane_dates,
)

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
TROOPS = Item(
    id="g-1", title="Avaria to send 5,000 soldiers to Norland", summary="The ministry said so on Monday."
)
SHIPS = Item(
    id="g-2", title="Two Avarian ships leave the port of Sel", summary="Containers were seen on deck."
)


def remembered(news: list[Novelty], known: dict[str, str] | None = None) -> dict[str, str]:
    return {**(known or {}), **{novelty.key: novelty.hash for novelty in news}}


def kinds(news: list[Novelty]) -> list[str]:
    return [novelty.kind.value for novelty in news]


def test_all_is_new_at_first_and_nothing_at_the_second_poll() -> None:
    news = select_new([TROOPS, SHIPS], {})
    assert kinds(news) == ["new", "new"]
    assert [novelty.item for novelty in news] == [TROOPS, SHIPS]
    assert select_new([SHIPS, TROOPS], remembered(news)) == []


@pytest.mark.parametrize(
    "churned",
    [
        replace(TROOPS, id="another-guid-at-every-poll"),
        replace(TROOPS, url="https://other.example/x?sid=77"),
        replace(TROOPS, published_at=NOW, updated_at=NOW),
        replace(TROOPS, title="  AVARIA to send 5,000 soldiers – to Norland! "),
        replace(TROOPS, authors=("Someone Else",)),
    ],
)
def test_an_item_known_word_for_word_is_no_news_whatever_else_changed(churned: Item) -> None:
    assert select_new([churned], remembered(select_new([TROOPS], {}))) == []


def test_an_edited_item_is_a_revision_under_its_key() -> None:
    known = remembered(select_new([TROOPS], {}))
    edited = replace(TROOPS, title="Avaria to send 6,000 soldiers to Norland")
    (news,) = select_new([edited], known)
    assert (news.kind, news.key, news.reason) == (NoveltyKind.REVISION, entry_key(TROOPS), "the text changed")
    more = replace(TROOPS, summary="The ministry said so on Monday. More follows.")
    assert kinds(select_new([more], known)) == ["revision"]


def test_an_id_used_again_for_another_story_is_a_new_item_once() -> None:
    known = remembered(select_new([TROOPS], {}))
    reused = replace(SHIPS, id=TROOPS.id)
    (news,) = select_new([reused], known)
    assert news.kind is NoveltyKind.NEW
    assert news.key != entry_key(TROOPS)
    assert select_new([reused, TROOPS], remembered([news], known)) == []


def test_items_of_one_document_do_not_swallow_each_other() -> None:
    same_id = [replace(SHIPS, id="x"), replace(TROOPS, id="x")]
    news = select_new(same_id, {})
    assert kinds(news) == ["new", "new"]
    assert len({novelty.key for novelty in news}) == 2
    twice = select_new([TROOPS, replace(TROOPS, id="copy")], {})
    assert len(twice) == 1


def test_an_edited_item_beside_the_old_one_is_another_item() -> None:
    known = remembered(select_new([TROOPS], {}))
    beside = replace(TROOPS, title="Avaria to send 6,000 soldiers to Norland")
    (news,) = select_new([TROOPS, beside], known)
    assert (news.kind, news.key != entry_key(TROOPS)) == (NoveltyKind.NEW, True)
    assert select_new([beside, TROOPS], remembered([news], known)) == []


def test_items_of_next_to_no_words_are_told_apart_by_their_address() -> None:
    first, second = Item(id="http://a.example/1", title="Video"), Item(id="http://a.example/2", title="Video")
    assert len(select_new([first, second], {})) == 2


def test_an_address_as_id_survives_what_servers_do_to_addresses() -> None:
    plain = entry_key(Item(id="https://www.herald.example/news/17?id=4"))
    for churned in (
        "http://herald.example/news/17/?id=4",
        "https://www.herald.example/news/17?id=4&utm_source=rss&utm_medium=x",
        "https://www.herald.example/news/17;jsessionid=AB12?PHPSESSID=9&id=4#comments",
    ):
        assert entry_key(Item(id=churned)) == plain
    assert entry_key(Item(id="https://www.herald.example/news/17?id=5")) != plain
    assert entry_key(Item(id="https://www.herald.example/news/17?id=4#entry-2")) != plain


def test_headlines_are_likened_by_their_words_in_any_script() -> None:
    korean = content_hash(Item(id="1", title="북한군 3만명 러시아 추가 파병 가능성"))
    edited = content_hash(Item(id="1", title="북한군 2만명 러시아 추가 파병 가능성"))
    other = content_hash(Item(id="1", title="서울 지하철 요금 인상 발표"))
    assert title_likeness(korean, edited) > 0.5
    assert title_likeness(korean, other) < 0.2
    assert title_likeness(korean, content_hash(Item(id="1"))) == 1.0


def test_dates_in_the_future_become_the_time_of_first_sight() -> None:
    fast = replace(TROOPS, published_at=NOW + timedelta(minutes=10))
    absurd = replace(TROOPS, published_at=NOW + timedelta(days=3), updated_at=NOW - timedelta(days=1))
    assert with_sane_dates(fast, NOW) == fast
    assert with_sane_dates(absurd, NOW) == replace(absurd, published_at=NOW)


def test_two_polls_that_share_no_item_may_have_missed_some() -> None:
    known = remembered(select_new([TROOPS], {}))
    assert shares_no_item([SHIPS], known)
    assert not shares_no_item([SHIPS, TROOPS], known)
    assert shares_no_item([SHIPS], {})
    assert not shares_no_item([], known)


ITEMS = st.builds(
    Item,
    id=st.text(max_size=30)
    | st.sampled_from(["g", "http://a.example/x?utm_x=1", "http://[::1", "http://a/%zz"]),
    title=st.text(max_size=60),
    summary=st.text(max_size=60),
)


@given(st.lists(ITEMS, max_size=12))
def test_whatever_comes_nothing_is_news_twice(items: list[Item]) -> None:
    news = select_new(items, {})
    known = remembered(news)
    assert len(known) == len(news)
    assert select_new(list(reversed(items)), known) == []
    assert all(len(novelty.key) <= 600 for novelty in news)


@given(st.lists(ITEMS, max_size=12, unique_by=content_hash))
def test_whatever_comes_no_item_with_words_of_its_own_is_swallowed(items: list[Item]) -> None:
    hashes = {content_hash(item).partition(".")[0] for item in items}
    assert len(select_new(items, {})) == len(hashes)
