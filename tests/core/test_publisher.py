from __future__ import annotations

import pytest

from claimwatch.core.publisher import marked


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("WITHDRAWN: Kyiv denies the plan", (True, "Kyiv denies the plan")),
        ("CORRECTED-Kyiv denies the plan", (False, "Kyiv denies the plan")),
        ("CORRECTED-OFFICIAL: Kyiv denies the plan", (False, "Kyiv denies the plan")),
        ("Correction: 3,000 soldiers, not 30,000", (False, "3,000 soldiers, not 30,000")),
        ("[RETRACTED] Kyiv denies the plan", (True, "Kyiv denies the plan")),
        ("Kyiv denies the plan (corrected)", (False, "Kyiv denies the plan")),
        ("RECTIFICATIF : Kiev nie le projet", (False, "Kiev nie le projet")),
        ("ИСПРАВЛЕНО: Киев отрицает план", (False, "Киев отрицает план")),
        ("정정: 키이우는 계획을 부인했다", (False, "키이우는 계획을 부인했다")),
        ("Corrections officers leave the border", None),
        ("Troops withdrawn from Avaria", None),
        ("Kill the plan, says Kyiv", None),
        ("", None),
        ("(" * 5000 + "corrected", None),
    ],
)
def test_titles_that_take_a_report_back_are_known(title: str, found: tuple[bool, str] | None) -> None:
    assert marked(title) == found
