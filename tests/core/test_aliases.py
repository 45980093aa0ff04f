from __future__ import annotations

import pytest

from claimwatch.core.aliases import AliasBook

ENTRIES = {
    "north-korea": {"names": ["North Korea", "КНДР", "북한"], "also_as_actor": ["Pyongyang"]},
    "south-korea": {"names": ["South Korea"]},
    "georgia": {"names": ["Georgia"], "signs": ["Tbilisi"]},
    "georgia-us": {"names": ["Georgia"], "signs": ["Atlanta"]},
}


def test_names_of_an_entry_end_with_those_it_has_as_an_actor() -> None:
    book = AliasBook.from_entries(ENTRIES)
    assert book.names_of("north-korea") == ("North Korea", "КНДР", "북한", "Pyongyang")


def test_a_name_tells_its_entry_whatever_its_case_accents_and_hyphens() -> None:
    book = AliasBook.from_entries({"nk": {"names": ["Corée du Nord"]}})
    assert book.entities_named("COREE-DU-NORD") == ("nk",)
    assert book.entities_named("Corée du Sud") == ()


def test_one_name_may_belong_to_two_entries() -> None:
    book = AliasBook.from_entries(ENTRIES)
    assert book.entities_named("georgia") == ("georgia", "georgia-us")


def test_confusable_entries_know_each_other() -> None:
    book = AliasBook.from_entries(ENTRIES, [["north-korea", "south-korea"]])
    assert book.confusable_with("south-korea") == {"north-korea"}
    assert book.confusable_with("georgia") == frozenset()


@pytest.mark.parametrize(
    ("entries", "together", "says"),
    [
        ({"a": {"nmaes": ["A"]}}, [], 'a: there is no key "nmaes"'),
        ({"a": {"names": "A"}}, [], "a.names: a list of names"),
        ({"a": {"names": ["", "A"]}}, [], "a.names: a list of names"),
        ({"a": {"signs": ["x"]}}, [], "a: no names"),
        ({"a": {"names": ["A"]}}, [["a", "b"]], 'there is no entry "b"'),
    ],
)
def test_what_is_wrong_with_an_entry_is_said(
    entries: dict[str, dict[str, list[str]]], together: list[list[str]], says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        AliasBook.from_entries(entries, together)
