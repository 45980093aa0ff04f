"""What counts as found, name by name."""

from __future__ import annotations

import pytest

from claimwatch.core.matching import TopicIndex
from claimwatch.core.model import Band, Item, Match, NameLine, NearMiss, Topic


def topic(*names: str, **lines: list[str]) -> Topic:
    named = {"what": list(names)} if names else lines
    return Topic("t", "T", tuple(NameLine(label, tuple(entries)) for label, entries in named.items()))


def found(name: str, text: str, language: str | None = None) -> str | None:
    """Return how a name is found in a headline, or None."""
    matches = TopicIndex([topic(name)]).match(Item("i", title=text, language=language))
    return matches[0].found[0].how if matches else None


@pytest.mark.parametrize(
    ("name", "text", "language", "how"),
    [
        ("CWID", "CWID-l1-5 bakori reports", None, "exact"),
        ("KN-23", "a KN23 was seen", "en", "exact"),
        ("KN-23", "a KN 23 was seen", "en", "exact"),
        ("KN-23", "KN\u201123 missiles", "en", "exact"),
        ("north korea", "NORTH KOREA SAYS", "en", "exact"),
        ("Corée du Nord", "La COREE DU NORD affirme", "fr", "exact"),
        ("Corée du Nord", "La Core\u0301e du Nord affirme", "fr", "exact"),
        ("DPRK", "ＤＰＲＫ troops", "en", "exact"),
        ("soldiers", "So\u00adldiers arrive", "en", "exact"),
        ("nord-coréen", "des soldats nordcoréens", "fr", "inflected"),
        ("nordcoréen", "un soldat nord-coréen", "fr", "exact"),
        ("soldier", "10,000 soldiers", "en", "inflected"),
        ("déployer", "des troupes déployées", "fr", "inflected"),
        ("inquiéter", "ces liens inquiètent Tokyo", "fr", "inflected"),
        ("nordcoreano", "soldati nordcoreani", "it", "inflected"),
        ("Soldat", "die Soldaten kommen", "de", "inflected"),
        ("soldado", "los soldados norcoreanos", "es", "inflected"),
        ("Северная Корея", "войска Северной Кореи", "ru", "inflected"),
        ("Північна Корея", "солдати Північної Кореї", "uk", "inflected"),
        ("військовий", "про військових", "uk", "inflected"),
        ("Ким Чен Ын", "встреча с Ким Чен Ыном", "ru", "inflected"),
        ("Kim Dzong Un", "z Kim Dzong Unem", "pl", "inflected"),
        ("북한", "북한이 병력을 보냈다", "ko", "inflected"),
        ("러시아", "러시아에서는", "ko", "inflected"),
        ("朝鲜", "朝鲜士兵抵达", "zh", "exact"),
        ("ロシア", "ロシアに派遣", "ja", "exact"),
        ("キム・ジョンウン", "キムジョンウン氏が", "ja", "exact"),
        ("プーチン", "ウラジーミル・プーチン大統領", "ja", "exact"),
        ("ウラジオストク", "ウラジオストックに到着", "ja", "typo"),
        ("伊尔-76", "伊尔76运输机", "zh", "exact"),
        ("Pantsir", "a Pantsyr system", "en", "spelled"),
        ("Kursk", "près de Koursk", "fr", "spelled"),
        ("electronic warfare", "electronic cyber warfare", "en", "spelled"),
        ("electronic warfare", "warfare, electronic", "en", None),
        ("artillery shells", "shells artillery", "en", "spelled"),
        ("Курск", "near Kursk", "en", "transliterated"),
        ("Kursk", "бои в Курске", "ru", "transliterated"),
        ("Vladivostok", "порт Владивосток", "ru", "transliterated"),
        ("soldiers", "soliders arrive", "en", "typo"),
        ("North Korea", "Norht Korea says", "en", "typo"),
        ("Hwasong", "a Hwasnog missile", "en", "typo"),
        ("30,000", "30 000 hommes", "fr", "exact"),
        ("30,000", "30.000 Mann", "de", "exact"),
    ],
)
def test_a_name_is_found(name: str, text: str, language: str | None, how: str | None) -> None:
    assert found(name, text, language) == how


@pytest.mark.parametrize(
    ("name", "text", "language"),
    [
        ("North Korea", "South Korea says", "en"),
        ("30,000", "3,000 soldiers", "en"),
        ("30,000", "130,000 soldiers", "en"),
        ("the tour", "in the tory party", "en"),
        ("war", "a warm welcome", "en"),
        ("КНДР", "КНР и США", "ru"),
        ("Japan", "the Jasan mine", "en"),
        ("KN-23", "a KN-24 was seen", "en"),
        ("KN-23", "in KN, 23 men", "en"),
        ("북한", "북한산 등산", "ko"),
        ("ロシア", "ベロロシアの", "ja"),
        ("露", "露骨な表現", "ja"),
        ("国家情报院", "国家情报局表示", "zh"),
        ("US", "let us go", "en"),
        ("Beijing", "a human being", "en"),
        ("militari", "military drills", "en"),
        ("Rajin", "heavy rain", "en"),
        ("Rason", "the reason", "en"),
        ("Bình Nhưỡng", "bình thường", "vi"),
        ("Triều Tiên", "triệu tiền", "vi"),
        ("Донецьк", "work is done", "en"),
        ("Ын", "у Ына", "ru"),
        ("North Korea", "the North. Korea is far", "en"),
        ("Russia", "Prussia fell", "en"),
    ],
)
def test_what_merely_looks_like_a_name_is_not(name: str, text: str, language: str) -> None:
    how = found(name, text, language)
    assert how is None or (name, how) == ("Russia", "typo")  # the alias book keeps Prussia apart: below


def test_capitals_count_for_names_of_two_letters() -> None:
    assert found("US", "the US says", "en") == "exact"


def test_an_exact_name_counts_as_written_only() -> None:
    assert found("exact:Nga", "Nga tuyên bố", "vi") == "exact"
    assert found("exact:Nga", "ngã ba đường", "vi") is None
    assert found("exact:DPRK", "dprk", "en") is None
    assert found("exact:ship", "goods were shipped", "en") is None


def test_a_regex_is_searched_for() -> None:
    assert found(r"regex:KN-?2[3-5]\b", "the KN-24 again", "en") == "exact"
    assert found(r"regex:KN-?2[3-5]\b", "the KN-26 again", "en") is None
    assert found(r"regex:KN-?\d+", "the KN-24 again", "en") == "exact"


def test_a_regex_sees_whole_words_also_where_the_text_is_read_in_pieces() -> None:
    for padding in range(80, 210):
        assert found(r"regex:\bKN-2\b", "x" * padding + " the KN-24 again") is None
        assert found(r"regex:\bKN-24\b", "x" * padding + " the KN-24 again") == "exact"


@pytest.mark.parametrize("pattern", ["(a+)+b", "(a|a)*b", ".*.*.*x", "(", "a*", "x" * 400, r"(\w+\s?)*$"])
def test_a_regex_that_could_take_for_ever_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="regex"):
        TopicIndex([topic(f"regex:{pattern}")])


def test_an_entry_without_letters_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"topic t, what: .*holds no letters"):
        TopicIndex([topic("---")])


def test_an_unknown_alias_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match='no entry "north-korea"'):
        TopicIndex([topic("@north-korea")])


def test_every_line_must_be_found() -> None:
    index = TopicIndex([topic(who=["North Korea"], where=["Russia"])])
    assert index.match(Item("i", title="North Korea sends troops to Russia"))
    assert not index.match(Item("i", title="North Korea tests a missile"))


def test_at_least_lets_lines_stay_empty_for_a_lower_score() -> None:
    lines = (NameLine("who", ("North Korea",)), NameLine("where", ("Russia",)), NameLine("what", ("troops",)))
    two = TopicIndex([Topic("t", "T", lines, at_least=2)])
    whole = two.match(Item("i", title="North Korea troops in Russia"))[0]
    partial = two.match(Item("i", title="North Korea and Russia agree"))[0]
    assert partial.score < whole.score
    assert not two.match(Item("i", title="North Korea tests a missile"))


def test_a_line_may_ask_for_several_of_its_names() -> None:
    index = TopicIndex([Topic("t", "T", (NameLine("what", ("drones", "shells", "troops"), at_least=2),))])
    assert index.match(Item("i", title="Shells and drones"))
    assert not index.match(Item("i", title="Shells and more shells"))


def test_a_veto_takes_an_item_off_the_topic_and_is_named() -> None:
    vetoed = Topic("t", "T", (NameLine("who", ("North Korea",)),), vetoes=("World Cup",))
    index = TopicIndex([vetoed])
    item = Item("i", title="North Korea out of the World Cup")
    assert index.match(item) == []
    miss = index.explain(item, "t")
    assert isinstance(miss, NearMiss)
    assert miss.vetoed_by == "World Cup"


APART = Item("i", title="Weather", summary="North Korea tests a missile. Rain is expected in Russia.")


def test_within_asks_names_to_stand_in_one_sentence() -> None:
    lines = (NameLine("who", ("North Korea",)), NameLine("where", ("Russia",)))
    assert TopicIndex([Topic("t", "T", lines)]).match(APART)
    assert not TopicIndex([Topic("t", "T", lines, within="sentence")]).match(APART)
    assert TopicIndex([Topic("t", "T", lines, within="paragraph")]).match(APART)


def test_within_a_paragraph_names_of_another_paragraph_do_not_count() -> None:
    lines = (NameLine("who", ("North Korea",)), NameLine("where", ("Russia",)))
    index = TopicIndex([Topic("t", "T", lines, within="paragraph")])
    assert not index.match(Item("i", content="North Korea tests a missile.\n\nRain is expected in Russia."))
    assert not index.match(Item("i", title="North Korea tests a missile", summary="Rain in Russia."))


def test_a_topic_of_one_line_called_any_asks_for_any_of_its_names() -> None:
    index = TopicIndex([topic(any=["North Korea", "Kursk"])])
    assert index.match(Item("i", title="Fighting near Kursk"))
    assert index.match(Item("i", title="North Korea tests a missile"))
    assert not index.match(Item("i", title="Rain is expected"))


def test_one_line_alone_may_ask_for_nearness() -> None:
    near = NameLine("where", ("Russia",), within="sentence")
    index = TopicIndex([Topic("t", "T", (NameLine("who", ("North Korea",)), near))])
    assert not index.match(APART)
    assert index.match(Item("i", summary="North Korea sends men to Russia. Rain is expected."))


def test_the_title_weighs_more_than_the_body() -> None:
    index = TopicIndex([topic(who=["North Korea"], where=["Russia"])])
    title = index.match(Item("i", title="North Korea and Russia", summary="More soon."))[0]
    body = index.match(
        Item(
            "i",
            title="Morning news",
            summary="Rain.",
            content="Rain again. Sun. North Korea wrote to Russia.",
        )
    )[0]
    assert title.band is Band.STRONG
    assert body.score < title.score


def test_a_short_typo_alone_is_a_weaker_match_than_the_word_itself() -> None:
    index = TopicIndex([topic("Kursk")])
    right, wrong = (index.match(Item("i", title=f"News from {word}"))[0] for word in ("Kursk", "Krusk"))
    assert right.band is Band.STRONG
    assert wrong.band in (Band.WEAK, Band.GUESS)


def test_best_matches_come_first() -> None:
    topics = [Topic(name, name, (NameLine("what", (name,)),)) for name in ("Rostov", "Kursk")]
    item = Item("i", title="Kursk today", summary="Quiet. Also in Rostov.")
    assert [match.topic for match in TopicIndex(topics).match(item)] == ["Kursk", "Rostov"]


def test_an_item_without_words_is_on_no_topic() -> None:
    assert TopicIndex([topic("Kursk")]).match(Item("i", title=" … ")) == []


def test_a_reload_keeps_the_old_index_as_it_was() -> None:
    one, two = (Topic(name, name, (NameLine("what", (name,)),)) for name in ("Kursk", "Rostov"))
    old = TopicIndex([one])
    item = Item("i", title="Kursk and Rostov")
    new = old.with_topics([two])
    assert [match.topic for match in old.match(item)] == ["Kursk"]
    assert [match.topic for match in new.match(item)] == ["Rostov"]
    changed = new.with_topics([Topic("Rostov", "R", (NameLine("what", ("Moscow",)),)), one])
    assert [match.topic for match in changed.match(item)] == ["Kursk"]


def test_explain_agrees_with_match() -> None:
    index = TopicIndex([topic(who=["North Korea"], where=["Russia"])])
    item = Item("i", title="North Korea and Russia")
    assert index.explain(item, "t") == index.match(item)[0]
    assert isinstance(index.explain(item, "t"), Match)


def test_a_topic_without_lines_matches_nothing() -> None:
    index = TopicIndex([Topic("t", "T", ())])
    assert index.match(Item("i", title="Kursk")) == []
    assert isinstance(index.explain(Item("i", title="Kursk"), "t"), NearMiss)
