"""Which hosts of a feed's address are addresses already, and need no look-up."""

from __future__ import annotations

import ipaddress
from ipaddress import IPv4Address, IPv6Address


def is_ip(host: str) -> bool:
    """Return whether `host` is an IP address in its one canonical form (others go to the resolver)."""
    try:
        ip: IPv4Address | IPv6Address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return str(ip) == host.lower()
