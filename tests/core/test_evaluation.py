"""The measures of a judge, on counts worked out by hand."""

from __future__ import annotations

import pytest

from claimwatch.core.evaluation import (
    Judged,
    false_alarms,
    precision_at_recall,
    score,
    swapped,
    wilson,
)


def _pairs(scheme: str, *told: tuple[str, str, int]) -> list[Judged]:
    return [Judged(label, stance, 0.5, scheme) for label, stance, count in told for _ in range(count)]


def test_macro_f1_is_the_mean_over_the_classes_that_occur() -> None:
    found = score(
        _pairs(
            "3way",
            ("supports", "supports", 6),
            ("supports", "neutral", 2),
            ("contradicts", "contradicts", 3),
            ("contradicts", "supports", 1),
            ("neutral", "neutral", 8),
        )
    )
    assert found.classes["contradicts"].precision == 1.0
    assert found.classes["contradicts"].recall == 0.75
    assert found.classes["supports"].precision == pytest.approx(6 / 7)
    assert found.accuracy == pytest.approx(17 / 20)
    expected = (2 * (6 / 7) * 0.75 / (6 / 7 + 0.75) + 2 * 0.75 / 1.75 + 2 * 0.8 / 1.8) / 3
    assert found.macro_f1 == pytest.approx(expected)


def test_a_set_of_contradictions_counts_everything_else_as_the_rest() -> None:
    found = score(_pairs("binary_contra", ("contradicts", "contradicts", 2), ("neutral", "supports", 2)))
    assert found.macro_f1 == 1.0
    assert set(found.classes) == {"contradicts", "rest"}


def test_a_changed_figure_counts_as_neutral_where_labels_know_no_updates() -> None:
    found = score(_pairs("3way", ("neutral", "updates", 1), ("contradicts", "updates", 1)))
    assert found.confusion == {("neutral", "neutral"): 1, ("contradicts", "neutral"): 1}


def test_where_only_two_answers_exist_a_third_is_a_miss_and_no_false_alarm() -> None:
    found = score(_pairs("2way_sr", ("supports", "neutral", 1), ("contradicts", "contradicts", 1)))
    assert found.classes["contradicts"].precision == 1.0
    assert found.classes["supports"].recall == 0.0


def test_another_accepted_label_counts_as_right() -> None:
    found = score([Judged("contradicts", "neutral", 0.5, "news", ("neutral",))])
    assert found.accuracy == 1.0


def test_false_alarms_are_counted_on_unrelated_pairs_only() -> None:
    pairs = _pairs("4way", ("unrelated", "contradicts", 1), ("unrelated", "neutral", 999))
    rate = false_alarms([*pairs, Judged("supports", "contradicts", 0.9)])
    assert (rate.count, rate.size, rate.per_thousand) == (1, 1000, 1.0)
    assert rate.low < 1.0 < rate.high


def test_the_interval_of_nothing_is_everything_and_of_none_begins_at_zero() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    low, high = wilson(0, 1000)
    assert low == 0.0
    assert high == pytest.approx(0.00383, abs=1e-4)


def test_precision_is_read_where_the_surest_answers_reach_the_recall() -> None:
    pairs = [
        Judged("contradicts", "contradicts", 0.9),
        Judged("neutral", "contradicts", 0.8),
        Judged("contradicts", "contradicts", 0.7),
        Judged("contradicts", "neutral", 0.5),
    ]
    assert precision_at_recall(pairs, steps=(0.3, 0.6, 0.9)) == [
        (0.3, 1.0),
        (0.6, pytest.approx(2 / 3)),
        (0.9, None),
    ]


def test_a_swap_is_support_taken_for_contradiction_or_the_reverse() -> None:
    pairs = _pairs(
        "3way", ("supports", "contradicts", 1), ("contradicts", "updates", 1), ("supports", "neutral", 1)
    )
    assert swapped(pairs) == (1, 3)
