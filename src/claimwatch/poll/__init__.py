"""First station: take due feeds, fetch and read them, select what is new, match topics, commit."""

from claimwatch.poll.station import NETWORK_DOWN, PollStation

__all__ = ["NETWORK_DOWN", "PollStation"]
