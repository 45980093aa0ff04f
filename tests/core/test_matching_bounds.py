"""Hostile texts: what is read of them is bounded, whatever they are made of (seconds are for `bench`)."""

from __future__ import annotations

import pytest

from claimwatch.core.matching import TopicIndex
from claimwatch.core.matching.bounded_regex import CHUNK
from claimwatch.core.matching.finds import MOST_WORDS
from claimwatch.core.matching.lexicon import Lexicon, Seen
from claimwatch.core.matching.text import MOST_TEXT, MOST_TITLE, Text
from claimwatch.core.model import Item, NameLine, Topic
from claimwatch.language.words import LONGEST_WORD, WORD, fold, word_pattern

INDEX = TopicIndex([Topic("t", "T", (NameLine("what", ("Kursk", "朝鲜", "북한", "regex:K.{0,9}d")),))])

STRANGE = {
    "one letter": "a" * 1_000_000,
    "distinct words": " ".join(f"w{''.join(chr(97 + int(d)) for d in str(n))}" for n in range(100_000)),
    "combining marks": "e\u0301\u0327\u0316" * 200_000,
    "only marks": "\u0301\u0327" * 400_000,
    "right to left": "\u202eשלום \u202c" * 100_000,
    "unassigned": "\U000e0001\uffff\ufdd0" * 100_000,
    "surrogates": "\ud800\udfff" * 100_000,
    "zero-width": "\u200b\u200d" * 400_000,
    "one Chinese sign": "朝" * 1_000_000,
    "hyphens": "ab-" * 300_000,
    "digits": "1," * 400_000,
    "one sign for eighteen": "\ufdfa" * 300_000,
    "full stops": ". " * 400_000,
    "the name over and over": "Kursk " * 200_000,
}


@pytest.mark.parametrize("kind", STRANGE)
def test_a_strange_text_is_read_within_bounds(kind: str) -> None:
    for item in (Item("i", title=STRANGE[kind]), Item("i", content=STRANGE[kind])):
        text = Text(item)
        assert len(text.text) <= max(MOST_TEXT, MOST_TITLE)
        assert all(len(word) <= 400 for word in text.words)
        matches = INDEX.match(item)
        assert bool(matches) == ("Kursk" in STRANGE[kind])
        assert all(len(find.text) <= CHUNK for match in matches for find in match.found)


def test_what_stands_before_the_bound_is_found_and_what_stands_behind_is_not() -> None:
    before = Item("i", content="word " * 2_000 + "Kursk")
    behind = Item("i", content="word " * 3_000 + "Kursk")
    assert INDEX.match(before)
    assert not INDEX.match(behind)


def test_a_word_longer_than_any_is_cut_before_it_is_folded() -> None:
    assert all(len(fold(word)) <= LONGEST_WORD for word in WORD.findall("\ufdfa" * 1_000))


@pytest.mark.parametrize(
    "text",
    [
        "plain ASCII text, 30,000 words",
        "Gießen und 1.000 Städte",
        "朝鲜 and Kursk",
        "उत्तर कोरिया",
        "a\u200db c",
    ],
)
def test_the_quick_patterns_cut_as_the_whole_one_does(text: str) -> None:
    assert word_pattern(text).findall(text) == WORD.findall(text)


NAMES = tuple(f"Mar{a}{b}sk{c}" for a in "aeiou" for b in "bdgklmnprt" for c in "aeo")
NEAR_NAMES = " ".join(f"{name[:-1]}{end}{tail}" for name in NAMES for end in "iuy" for tail in ("", "n", "t"))


@pytest.mark.parametrize("kind", [*STRANGE, "near names", "hyphenated"])
def test_no_text_makes_more_words_be_read_closely_than_the_bound(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What costs is comparing a word with names like it: a strange text gets no more of that than a long one."""
    others = {"near names": NEAR_NAMES, "hyphenated": NEAR_NAMES.replace(" ", "-x ")}
    index = TopicIndex([Topic("t", "T", (NameLine("who", NAMES),))])
    read: list[str] = []
    look_up = Lexicon._look_up

    def counted(lexicon: Lexicon, raw: str, language: str | None) -> Seen:
        read.append(raw)
        return look_up(lexicon, raw, language)

    monkeypatch.setattr(Lexicon, "_look_up", counted)
    text = STRANGE.get(kind) or others[kind]
    index.match(Item("i", title=text[:MOST_TITLE], content=text))
    assert len(read) <= 2 * MOST_WORDS  # words, and compounds closed up
    if kind == "near names":
        assert len(read) == MOST_WORDS
