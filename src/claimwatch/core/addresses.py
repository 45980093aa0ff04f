"""Which network addresses a public feed or webhook may live on."""

from __future__ import annotations

import ipaddress

NO_ADDRESS = "no IP address"
# Python's `is_global` calls several of these global: the list is explicit (IANA special-purpose registries).
_REFUSED = tuple(
    (ipaddress.ip_network(net), why)
    for net, why in (
        ("0.0.0.0/8", "this network"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "carrier-grade NAT"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local (cloud metadata lives here)"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved for protocols"),
        ("192.0.2.0/24", "documentation"),
        ("192.31.196.0/24", "AS112"),
        ("192.52.193.0/24", "AMT"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("192.175.48.0/24", "AS112"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
        ("::1/128", "loopback"),
        ("::/96", "unspecified or IPv4-compatible"),
        ("::ffff:0:0:0/96", "IPv4-translated"),
        ("64:ff9b::/96", "NAT64"),
        ("64:ff9b:1::/48", "local NAT64"),
        ("100::/64", "discard"),
        ("2001::/23", "reserved for protocols (Teredo, ORCHID)"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4"),
        ("3fff::/20", "documentation"),
        ("5f00::/16", "segment routing"),
        ("fc00::/7", "private"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
    )
)


def refusal(ip: str) -> str | None:
    """Return why a public server may not have this address, or None when it may."""
    why = why_special(ip)
    if why is None or why == NO_ADDRESS:
        return why and f"{ip[:60]} is not an IP address"
    return f"{ip.partition('%')[0]} is not a public address ({why})"


def why_special(ip: str) -> str | None:
    """Return in a word or two what an address is that nothing may connect to, or None when it is public.

    Any text that is no plain IP address is refused too (NO_ADDRESS).
    """
    try:
        address = ipaddress.ip_address(ip.partition("%")[0])
    except ValueError:
        return NO_ADDRESS
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        return why_special(str(address.ipv4_mapped)) or "an IPv4 address written as IPv6"
    for net, why in _REFUSED:
        if address.version == net.version and address in net:
            return why
    return None if address.is_global else "not public"
