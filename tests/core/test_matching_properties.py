"""What must hold for any name, any text, any set of topics."""

from __future__ import annotations

import random
import unicodedata

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from claimwatch.cli.bench_match_material import Material
from claimwatch.core.matching import TopicIndex
from claimwatch.core.model import Item, NameLine, Topic

WORDS = st.sampled_from(
    ["Kursk", "Północna", "Corée", "Северная", "Корея", "Київ", "북한군", "Pantsir", "S1", "KN", "23",
     "Hwasong", "déployé", "straße", "30,000", "उत्तर", "كوريا", "Triều", "nord-coréen", "İzmir", "ЕЁ"]
)  # fmt: skip
UNCUT = st.sampled_from(
    ["朝鲜", "北朝鮮", "ロシア", "ベルゴロド", "キム・ジョンウン", "火星-11", "KN-23", "용병", "S1"]
)
NAMES = st.lists(WORDS, min_size=1, max_size=3).map(" ".join) | st.lists(UNCUT, min_size=1, max_size=2).map(
    " ".join
)
AROUND = st.sampled_from(
    ["", " ", "“", "”", "(", ")", "…", "!", "?", ":", ";", ",", "—", "'", "\u202b", "\u200b", "\n"]
)
FORMS = st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"])
CASES = st.sampled_from([str, str.upper, str.lower, str.title, str.swapcase])


def topic(name: str, *names: str) -> Topic:
    return Topic(name, name, (NameLine("what", names or (name,)),))


@settings(deadline=None)
@given(NAMES, CASES, FORMS, AROUND, AROUND)
def test_a_name_always_matches_itself(name, case, form, before, after) -> None:  # type: ignore[no-untyped-def]
    assume(len(name) > 2 or not name.isupper())  # "US" counts in capitals only
    text = unicodedata.normalize(form, before + case(name) + after)
    assert TopicIndex([topic(name)]).match(Item("i", title=text))


@settings(deadline=None)
@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_can_be_asked_about_any_name(name: str, text: str) -> None:
    try:
        index = TopicIndex([topic("t", name)])
    except ValueError:
        return  # says why it is no name
    item = Item("i", title=text, summary=text, content=text)
    assert bool(index.match(item)) == (type(index.explain(item, "t")).__name__ == "Match")


MATERIAL = Material(seed=7)
TOPICS = MATERIAL.topics(60)
ITEMS = [plant.item for plant in MATERIAL.planted(60, TOPICS)] + MATERIAL.items(40, TOPICS)
WHOLE = TopicIndex(TOPICS)
# Looser: every planted name alone makes a match, so that there is much to compare.
LOOSE = [Topic(topic.id, topic.title, topic.lines, at_least=1) for topic in TOPICS]


@settings(max_examples=10, deadline=None)
@given(st.randoms(use_true_random=False))
def test_order_of_topics_is_irrelevant(shuffler: random.Random) -> None:
    shuffled = LOOSE[:]
    shuffler.shuffle(shuffled)
    one, other = TopicIndex(LOOSE), TopicIndex(shuffled)
    assert [one.match(item) for item in ITEMS] == [other.match(item) for item in ITEMS]


@settings(max_examples=10, deadline=None)
@given(st.sets(st.integers(0, len(LOOSE) - 1), min_size=1, max_size=10))
def test_adding_topics_never_changes_another_topics_matches(chosen: set[int]) -> None:
    few = [LOOSE[number] for number in sorted(chosen)]
    wanted = {topic.id for topic in few}
    small, large = TopicIndex(few), TopicIndex(LOOSE)
    for item in ITEMS:
        assert small.match(item) == [match for match in large.match(item) if match.topic in wanted]


def test_what_was_read_before_never_changes_an_answer() -> None:
    used = TopicIndex(LOOSE)
    first = [used.match(item) for item in ITEMS]
    assert list(reversed([used.match(item) for item in reversed(ITEMS)])) == first


def test_the_index_finds_what_comparing_everything_finds() -> None:
    few = LOOSE[:12]
    items = [plant.item for plant in MATERIAL.planted(35, few)]
    fast, exhaustive = TopicIndex(few), TopicIndex(few, exhaustive=True)
    assert [fast.match(item) for item in items] == [exhaustive.match(item) for item in items]
    assert sum(bool(fast.match(item)) for item in items) >= 34  # a typo may make a short name another word


def test_reloading_step_by_step_is_as_good_as_starting_anew() -> None:
    stepwise = TopicIndex(LOOSE[:20]).with_topics(LOOSE[10:40]).with_topics(LOOSE)
    fresh = TopicIndex(LOOSE)
    assert [stepwise.match(item) for item in ITEMS] == [fresh.match(item) for item in ITEMS]
