from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from claimwatch.core.model import PollState
from claimwatch.storage import due
from claimwatch.storage.database import Database
from claimwatch.storage.leasing import SqlLeases
from claimwatch.storage.place import Server
from claimwatch.storage.polling import SqlPollStore

NOW = datetime(2026, 7, 14, 8, tzinfo=UTC)


def test_feeds_that_left_the_config_hold_up_no_others(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(due, "AT_MOST", 2)
    database = Database(server)
    long_due = [PollState(f"gone {n}", NOW - timedelta(days=9)) for n in range(5)]
    SqlPollStore(database).register([*long_due, PollState("kept", NOW)])
    asked = due.SqlDue(
        database,
        SqlLeases(database, "one"),
        host_of={"kept": "kept.example"}.get,
        hosts=lambda: {"kept.example"},
        clock=lambda: NOW,
    )
    assert asked.due()[0] == {"kept.example"}
    database.close()
