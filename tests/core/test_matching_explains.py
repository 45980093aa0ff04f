"""Golden explanations: what people read when they ask why, or why not."""

from __future__ import annotations

import pytest

from claimwatch.core.matching import TopicIndex
from claimwatch.core.model import Band, Found, Item, Match, NameLine, NearMiss, Topic

TOPIC = Topic(
    "nk-troops",
    "North Korean troops",
    (
        NameLine("who", ("North Korea", "Corée du Nord", "nord-coréen", "КНДР", "북한")),
        NameLine("where", ("Kursk", "Russia", "러시아", "Россия")),
        NameLine("what", ("troops", "soldiers", "soldat", "войска", "병력")),
    ),
    vetoes=("World Cup",),
)
INDEX = TopicIndex([TOPIC])


@pytest.mark.parametrize(
    ("item", "score", "band", "found"),
    [
        (
            Item("1", title="North Korea sends troops to Kursk", language="en"),
            1.0,
            Band.STRONG,
            (
                Found("who", "North Korea", "North Korea", "title", "exact", 1.0),
                Found("where", "Kursk", "Kursk", "title", "exact", 1.0),
                Found("what", "troops", "troops", "title", "exact", 1.0),
            ),
        ),
        (
            Item("2", title="Des soldats nord-coréens près de Koursk", language="fr"),
            0.946,
            Band.STRONG,
            (
                Found("who", "nord-coréen", "nord-coréens", "title", "inflected", 0.985),
                Found("where", "Kursk", "Koursk", "title", "spelled", 0.93),
                Found("what", "soldat", "soldats", "title", "inflected", 0.97),
            ),
        ),
        (
            Item("3", title="Войска КНДР в Курске", language="ru"),
            0.953,
            Band.STRONG,
            (
                Found("who", "КНДР", "КНДР", "title", "exact", 1.0),
                Found("where", "Kursk", "Курске", "title", "transliterated", 0.93),
                Found("what", "войска", "Войска", "title", "exact", 1.0),
            ),
        ),
        (
            Item("4", title="News", summary="북한이 러시아에 병력을 보냈다.", language="ko"),
            0.921,
            Band.STRONG,
            (
                Found("who", "북한", "북한이", "summary", "inflected", 0.97),
                Found("where", "러시아", "러시아에", "summary", "inflected", 0.97),
                Found("what", "병력", "병력을", "summary", "inflected", 0.97),
            ),
        ),
        (
            Item("5", title="Norht Korea moves soldeirs to Russia", language="en"),
            0.841,
            Band.GOOD,
            (
                Found("who", "North Korea", "Norht Korea", "title", "typo", 0.9),
                Found("where", "Russia", "Russia", "title", "exact", 1.0),
                Found("what", "soldiers", "soldeirs", "title", "typo", 0.875),
            ),
        ),
    ],
    ids=lambda value: value.id if isinstance(value, Item) else "",
)
def test_a_match_says_which_name_was_found_where_and_how(
    item: Item, score: float, band: Band, found: tuple[Found, ...]
) -> None:
    match = INDEX.explain(item, "nk-troops")
    assert isinstance(match, Match)
    assert match.found == found
    assert match.band is band
    assert match.score == pytest.approx(score, abs=0.002)


@pytest.mark.parametrize(
    ("title", "empty", "nearest"),
    [
        ("Kyiv has no information on North Korean soldiers", ("where",), None),
        ("North Korea sends troops to Kurzk", ("where",), 'where: "Kurzk" is 80% like "Kursk"'),
        ("South Korea keeps troops near Kursk", ("who",), 'who: "South Korea" is 80% like "North Korea"'),
        ("Weather in Kursk", ("who", "what"), None),
    ],
)
def test_a_miss_says_which_line_stayed_empty_and_what_came_nearest(
    title: str, empty: tuple[str, ...], nearest: str | None
) -> None:
    miss = INDEX.explain(Item("i", title=title, language="en"), "nk-troops")
    assert isinstance(miss, NearMiss)
    assert miss.empty == empty
    assert miss.nearest == nearest


def test_a_miss_shows_what_was_found_all_the_same() -> None:
    miss = INDEX.explain(Item("i", title="North Korea tests a missile"), "nk-troops")
    assert isinstance(miss, NearMiss)
    assert [(found.line, found.text) for found in miss.found] == [("who", "North Korea")]


def test_a_miss_says_when_names_stand_too_far_apart() -> None:
    near = TopicIndex([Topic("t", "T", TOPIC.lines, within="sentence")])
    item = Item("i", title="North Korea", summary="Troops march. Rain in Kursk.")
    miss = near.explain(item, "t")
    assert isinstance(miss, NearMiss)
    assert miss.nearest is not None
    assert miss.nearest.endswith("stands too far from the other names")


def test_an_unknown_topic_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        INDEX.explain(Item("i", title="x"), "no-such-topic")
