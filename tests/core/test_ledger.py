from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from claimwatch.core.ledger import Evidence, standing, voices
from claimwatch.core.model import Stance
from tests.core.stories import CLAIM, NOW


def piece(
    item: int,
    stance: Stance = Stance.SUPPORTS,
    origin: str = "Seoul",
    outlet: str = "Alpha",
    revision: int = 1,
) -> Evidence:
    return Evidence("t-5k", item, revision, stance, origin, outlet, NOW)


pieces = st.lists(
    st.builds(
        piece,
        st.integers(1, 9),
        st.sampled_from([s for s in Stance if s is not Stance.NEUTRAL]),
        st.sampled_from(["Seoul", "Kyiv", "GUR", "Alpha", "Beta", "Reuters"]),
        st.sampled_from(["Alpha", "Beta"]),
        st.integers(1, 3),
    ),
    max_size=12,
)


@settings(max_examples=40)
@given(pieces)
def test_outlets_are_never_fewer_than_newsrooms(evidence: list[Evidence]) -> None:
    result = standing(CLAIM, evidence)
    assert result.outlets >= result.newsrooms


def test_a_newsroom_that_only_carries_a_denial_is_none_that_an_origin_came_through() -> None:
    denied = piece(1, Stance.CONTRADICTS)
    assert standing(CLAIM, [denied]).newsrooms == 0
    assert standing(CLAIM, [denied, piece(2, outlet="Beta")]).newsrooms == 1


@settings(max_examples=40)
@given(pieces)
def test_a_claim_somebody_contradicts_is_disputed_and_no_other(evidence: list[Evidence]) -> None:
    result = standing(CLAIM, evidence)
    assert (result.status in ("disputed", "withdrawn")) == (result.origins_against > 0)


@settings(max_examples=40)
@given(
    st.lists(st.builds(piece, st.integers(1, 99), st.sampled_from(list(Stance))), unique_by=lambda e: e.item)
)
def test_printing_the_same_again_moves_nothing_but_the_outlets(evidence: list[Evidence]) -> None:
    again = [replace(e, item=e.item + 100, outlet="Gamma", reprint_of=e.item) for e in evidence]
    one, other = standing(CLAIM, evidence), standing(CLAIM, [*evidence, *again])
    assert replace(one, outlets=0) == replace(other, outlets=0)
    assert other.outlets == one.outlets + bool(evidence)


def test_a_claim_begins_with_the_origins_it_was_taken_from() -> None:
    result = standing(CLAIM, [])
    assert (result.origins_for, result.status) == (1, "unverified")


def test_a_source_does_not_corroborate_itself() -> None:
    result = standing(CLAIM, [piece(1, origin="GUR"), piece(2, origin="Norland GUR", outlet="Beta")])
    assert (result.origins_for, result.status) == (1, "unverified")


def test_a_second_named_origin_corroborates() -> None:
    result = standing(CLAIM, [piece(1)])
    assert (result.origins_for, result.status) == (2, "corroborated")


def test_outlets_that_name_nobody_may_have_it_from_one_place() -> None:
    unnamed = [piece(n, origin=f"Outlet {n}", outlet=f"Outlet {n}") for n in range(1, 5)]
    result = standing(CLAIM, unnamed)
    assert (result.origins_for, result.outlets, result.status) == (1, 4, "partly corroborated")
    nobody = replace(CLAIM, said_by=())
    assert standing(nobody, unnamed).origins_for == 1
    assert standing(nobody, unnamed).status == "unverified"


def test_an_agencys_own_words_are_an_origin() -> None:
    assert standing(CLAIM, [piece(1, origin="Reuters", outlet="Reuters")]).status == "corroborated"


def test_of_an_edited_item_the_latest_text_counts() -> None:
    edited = [piece(1), piece(1, Stance.CONTRADICTS, revision=2)]
    result = standing(CLAIM, edited)
    assert (result.origins_for, result.origins_against, result.outlets) == (1, 1, 1)


def test_an_unnamed_denial_still_disputes() -> None:
    result = standing(CLAIM, [piece(1, Stance.CONTRADICTS, origin="Alpha")])
    assert (result.origins_against, result.status) == (1, "disputed")


def test_voices_are_counted_once_under_all_their_names() -> None:
    assert voices([piece(1, origin="GUR"), piece(2, origin="Seoul")], known=("Norland GUR",)) == [
        "Norland GUR",
        "Seoul",
    ]


def test_a_claim_whose_every_origin_speaks_against_it_is_withdrawn() -> None:
    gone = piece(1, Stance.CONTRADICTS, origin="GUR")
    assert standing(CLAIM, [gone]).status == "withdrawn"
    assert standing(CLAIM, [gone, piece(2)]).status == "disputed"
    assert standing(CLAIM, [piece(1, Stance.CONTRADICTS)]).status == "disputed"


def test_a_figure_of_its_own_source_or_of_two_origins_supersedes_a_claim() -> None:
    def figure(item: int, origin: str, value: str = "6,000", outlet: str = "Alpha") -> Evidence:
        return replace(piece(item, Stance.UPDATES, origin=origin, outlet=outlet), figure=value)

    assert standing(CLAIM, [figure(1, "GUR")]).status == "superseded"
    assert standing(CLAIM, [figure(1, "Seoul")]).status == "unverified"
    assert standing(CLAIM, [figure(1, "Seoul"), figure(2, "Kyiv", "7,000")]).status == "unverified"
    assert standing(CLAIM, [figure(1, "Seoul"), figure(2, "Kyiv")]).status == "superseded"
    assert standing(CLAIM, [figure(1, "GUR"), piece(2, Stance.CONTRADICTS)]).status == "disputed"
