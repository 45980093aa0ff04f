"""Dates are spans with a precision."""

from __future__ import annotations

from datetime import date

import pytest

from claimwatch.language.dates import find_dates


@pytest.mark.parametrize(
    ("language", "text", "first", "last", "precision"),
    [
        ("en", "on October 10, 2024 in Kursk", date(2024, 10, 10), date(2024, 10, 10), "day"),
        ("en", "on 24 February 2022", date(2022, 2, 24), date(2022, 2, 24), "day"),
        ("en", "in October 2024", date(2024, 10, 1), date(2024, 10, 31), "month"),
        ("en", "in 2023", date(2023, 1, 1), date(2023, 12, 31), "year"),
        ("fr", "le 1er août 2025", date(2025, 8, 1), date(2025, 8, 1), "day"),
        ("de", "am 3. März 2024", date(2024, 3, 3), date(2024, 3, 3), "day"),
        ("es", "el 12 de mayo de 2023", date(2023, 5, 12), date(2023, 5, 12), "day"),
        ("ru", "10 октября 2024 года", date(2024, 10, 10), date(2024, 10, 10), "day"),
        ("uk", "24 лютого 2022 року", date(2022, 2, 24), date(2022, 2, 24), "day"),
        ("ko", "2024년 10월 8일", date(2024, 10, 8), date(2024, 10, 8), "day"),
        ("zh", "2024年2月", date(2024, 2, 1), date(2024, 2, 29), "month"),
        ("ja", "2025年8月15日", date(2025, 8, 15), date(2025, 8, 15), "day"),
        ("en", "2024-10-05", date(2024, 10, 5), date(2024, 10, 5), "day"),
    ],
)
def test_a_date_is_read_with_its_precision(
    language: str, text: str, first: date, last: date, precision: str
) -> None:
    (found,) = find_dates(text, language)
    assert (found.first, found.last, found.precision) == (first, last, precision)
    assert found.text in text


def test_a_day_without_a_year_needs_one() -> None:
    assert find_dates("on October 10", "en") == []
    (found,) = find_dates("on October 10", "en", year=2024)
    assert found.first == date(2024, 10, 10)


def test_counts_and_impossible_days_are_no_dates() -> None:
    assert find_dates("he may march, 30,000 soldiers, 45.13.2024", "en") == []
