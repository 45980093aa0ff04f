"""A claim with very much evidence is read in bounded time, and stands as it did."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from claimwatch.core.ledger import standing
from claimwatch.core.model import Claim
from claimwatch.storage import evidence as module
from claimwatch.storage.assessing import SqlAssessStore
from claimwatch.storage.database import Database
from claimwatch.storage.schema import evidence, items
from tests.core.stories import NOW

CLAIM = Claim("t-5k", "troops", "Up to 5,000 soldiers may be sent.", "5,000 soldiers", said_by=("GUR",))


def fill(database: Database, rows: int) -> None:
    SqlAssessStore(database).register([CLAIM], now=NOW)
    item = {
        "feed": "a", "hash": "h", "words": "w", "revision": 1, "entry_id": "e", "title": "t", "summary": "",
        "content": "", "authors": [], "first_seen_at": NOW,
    }  # fmt: skip
    with database.write() as c:
        c.execute(sa.insert(items), [{**item, "id": n, "key": str(n)} for n in range(1, rows + 1)])
        c.execute(
            sa.insert(evidence),
            [
                {
                    "claim": CLAIM.id, "claim_revision": 1, "item": n, "item_revision": 1,
                    "stance": "contradicts" if n % 50 == 0 else "supports", "origin": f"Voice {n % 40}",
                    "outlet": f"Outlet {n % 40}", "assessment": {}, "at": NOW + timedelta(seconds=n),
                }
                for n in range(1, rows + 1)
            ],
        )  # fmt: skip


def test_of_much_evidence_only_what_the_standing_needs_is_read(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(database, 3000)
    store = SqlAssessStore(database)
    bounded = store.evidence([CLAIM.id])[CLAIM.id]
    monkeypatch.setattr(module, "RECENT", 10_000)
    whole = store.evidence([CLAIM.id])[CLAIM.id]
    assert len(whole) == 3000
    assert len(bounded) <= 1000 + 2 * 80
    assert standing(CLAIM, bounded) == standing(CLAIM, whole)


def test_the_evidence_of_an_item_is_there_however_old_it_is(database: Database) -> None:
    fill(database, 1500)
    found = SqlAssessStore(database).evidence([CLAIM.id], items=[300])[CLAIM.id]
    assert 300 in {piece.item for piece in found}
    assert [p.item for p in found] == sorted(p.item for p in found)
