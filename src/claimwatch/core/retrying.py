"""When a message that was not taken is tried again."""

from __future__ import annotations

from datetime import timedelta

FIRST = timedelta(seconds=2)
LONGEST = timedelta(minutes=30)
ASKED_AT_MOST = timedelta(hours=24)  # a Retry-After beyond this is held to it
# three times as long each time: 2 s, 6 s, 18 s, 54 s, 2.7 min, 8.1 min, 24 min, then every 30 min


def wait_before_retry(attempts: int, retry_after: timedelta | None) -> timedelta:
    """Return how long to wait after the `attempts`-th failed try, never less than the service asked for."""
    own = min(LONGEST, FIRST * int(3 ** min(attempts - 1, 12)))
    return max(own, min(retry_after, ASKED_AT_MOST)) if retry_after else own
