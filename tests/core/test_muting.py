from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from claimwatch.core.model import Alert, Claim, Relation, Report
from claimwatch.core.muting import Mute, muted_by, span_of

NOW = datetime(2026, 7, 25, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
CLAIM = Claim("containers", "arms", "Containers were shipped.", "Containers")


def mute(name: str, kind: str = "claim", **more: datetime) -> Mute:
    return Mute(kind, name, NOW - HOUR, NOW + HOUR, "drill", "x", **more)  # type: ignore[arg-type]


def alert(topic: str = "arms", *, claim: Claim | None = CLAIM, also: tuple[str, ...] = ()) -> Alert:
    return Alert(
        "f", "K7Q2MD", Relation.NEW, "first", topic, "T", Report("t", "o"), NOW, claim=claim, also=also
    )


def test_a_mute_silences_its_claim_and_no_other() -> None:
    assert muted_by(alert(), [mute("other"), mute("containers")]) == mute("containers")
    assert muted_by(alert(), [mute("other")]) is None
    assert muted_by(alert(claim=None), [mute("containers")]) is None


def test_a_topic_is_silent_only_where_the_alert_is_on_no_other() -> None:
    assert muted_by(alert(), [mute("arms", "topic")])
    assert muted_by(alert(also=("troops",)), [mute("arms", "topic")]) is None
    assert muted_by(alert(also=("troops",)), [mute("arms", "topic"), mute("troops", "topic")])


def test_a_mute_begins_and_ends() -> None:
    one = mute("containers")
    assert [one.covers(NOW + h * HOUR) for h in (-2, -1, 0, 1)] == [False, True, True, False]
    assert not mute("containers", lifted_at=NOW).covers(NOW)


@pytest.mark.parametrize(
    ("text", "hours"),
    [("90m", 1.5), ("24h", 24), (" 3d", 72), ("2w", 336), ("3", None), ("0d", None), ("", None)],
)
def test_spans_are_read(text: str, hours: float | None) -> None:
    assert span_of(text) == (None if hours is None else timedelta(hours=hours))


def test_a_mute_of_over_a_year_is_refused() -> None:
    assert span_of("9999w") is None
    assert span_of("367d") is None
