"""A report that says where it has its news from is no second origin, in whatever language."""

from __future__ import annotations

from dataclasses import replace

import pytest

from claimwatch.core.citing import cited, publisher_keys
from claimwatch.core.ledger import Evidence, attributed, standing
from claimwatch.core.model import Stance
from tests.core.stories import CLAIM, NOW

OUTLETS = publisher_keys(
    ["Example Times", "Exemple Matin", "Приклад Новини", "例新聞", "예시일보", "Beta Times"]
)


@pytest.mark.parametrize(
    ("text", "outlet"),
    [
        ("Avaria sends soldiers, according to Example Times.", "Example Times"),
        ("Avaria sends soldiers, the minister said, citing the Example Times report.", "Example Times"),
        ("L'Avaria envoie des soldats, selon Example Times.", "Example Times"),
        ("D’après l’Exemple Matin, des soldats partent.", "Exemple Matin"),
        ("Laut Example Times schickt Avaria Soldaten.", "Example Times"),
        ("Avaria schickt Soldaten, berichtet die Example Times.", "Example Times"),
        ("Según Example Times, Avaria envía soldados.", "Example Times"),
        ("Secondo Example Times, Avaria invia soldati.", "Example Times"),
        ("Według Example Times Avaria wysyła żołnierzy.", "Example Times"),
        ("По данным Example Times, Авария отправляет солдат.", "Example Times"),
        ("Авария отправляет солдат, сообщает «Приклад Новини».", "Приклад Новини"),
        ("За даними Прикладу Новин, солдати їдуть.", "Приклад Новини"),
        ("例新聞によると、兵士が派遣された。", "例新聞"),
        ("예시일보에 따르면 병사들이 파견됐다.", "예시일보"),
        ("据Example Times报道,士兵已派出。", "Example Times"),
        ("According to the ministry, Example Times readers know better.", None),
        ("Beta Times reports its own news.", None),
        ("reported by Beta Times", None),
    ],
)
def test_the_outlet_a_text_cites(text: str, outlet: str | None) -> None:
    assert cited(text, OUTLETS, publisher="Beta Times") == outlet


def piece(item: int, origin: str, outlet: str) -> Evidence:
    return Evidence(CLAIM.id, item, 1, Stance.SUPPORTS, origin, outlet, NOW)


def test_a_translation_that_names_the_report_has_its_origin() -> None:
    claim = replace(CLAIM, said_by=())
    told = [piece(1, "Seoul", "Example Times"), piece(2, "Example Times", "Exemple Matin")]
    assert [e.voice for e in attributed(told)] == ["Seoul", "Seoul"]
    result = standing(claim, told)
    assert (result.origins_for, result.outlets, result.status) == (1, 2, "unverified")


def test_of_a_report_that_names_nobody_the_translation_makes_no_second_origin() -> None:
    claim = replace(CLAIM, said_by=())
    told = [piece(1, "Example Times", "Example Times"), piece(2, "Example Times", "Exemple Matin")]
    assert standing(claim, told).origins_for == 1
