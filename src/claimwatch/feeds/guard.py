"""Which network addresses a feed may live on: public ones only, unless the config says otherwise."""

from __future__ import annotations

import ipaddress
from ipaddress import IPv4Address, IPv6Address

# What Python's `is_global` lets pass (3.11), and what leads somewhere private by way of a public address.
_REFUSED = tuple(
    ipaddress.ip_network(net)
    for net in (
        "0.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT; Alibaba's metadata service lives here
        "192.0.0.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "198.18.0.0/15",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/96",  # IPv4-compatible
        "::ffff:0:0/96",
        "::ffff:0:0:0/96",  # IPv4-translated
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",  # Teredo, ORCHID and other protocol assignments
        "2001:db8::/32",
        "2002::/16",  # 6to4
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",  # site-local
        "ff00::/8",
    )
)


def why_refused(address: str) -> str | None:
    """Return in words why nothing may connect to this address, or None when it is public.

    Any text that is no plain IP address is refused too.
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "no IP address"
    if isinstance(ip, IPv6Address) and (inner := ip.ipv4_mapped) is not None:
        return why_refused(str(inner)) or "an IPv4 address written as IPv6"
    if ip.is_loopback:
        return "loopback"
    if ip.is_link_local:
        return "link-local"
    if ip.is_multicast:
        return "multicast"
    if ip.is_unspecified:
        return "the unspecified address"
    if any(ip in net for net in _REFUSED if net.version == ip.version):
        return "reserved"
    return None if ip.is_global else "private" if ip.is_private else "not public"


def is_ip(host: str) -> bool:
    """Return whether `host` is an IP address in its one canonical form (others go to the resolver)."""
    try:
        ip: IPv4Address | IPv6Address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return str(ip) == host.lower()
