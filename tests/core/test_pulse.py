from datetime import UTC, datetime, timedelta

from claimwatch.core.pulse import ROUND, Pulse

START = datetime(2026, 7, 14, 8, tzinfo=UTC)


def test_stations_that_finish_their_rounds_work() -> None:
    pulse = Pulse(("poll", "assess"), START)
    for minute in range(10):
        at = START + timedelta(minutes=minute)
        pulse.done("poll", at)
        pulse.done("assess", at)
        pulse.done("upkeep", START)  # seldom, and not watched
        assert pulse.stopped(at) == ()


def test_one_that_fails_or_hangs_is_named_until_it_works_again() -> None:
    pulse = Pulse(("poll", "assess"), START)
    pulse.failed("assess")
    assert pulse.stopped(START) == ("assess",)
    late = START + ROUND + timedelta(seconds=1)
    pulse.done("assess", late)
    assert pulse.stopped(late) == ("poll",)
    pulse.done("poll", late)
    assert pulse.stopped(late) == ()
