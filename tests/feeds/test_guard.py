from __future__ import annotations

import pytest

from claimwatch.core.addresses import why_special
from claimwatch.feeds.guard import is_ip


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.255.255.254",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "100.100.100.200",
        "192.0.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "192.88.99.1",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "::ffff:0:127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "localhost",
        "",
        "1.2.3",
        "0177.0.0.1",
    ],
)
def test_addresses_that_are_not_public_are_refused_with_a_reason(address: str) -> None:
    assert why_special(address)


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "93.184.215.14", "172.32.0.1", "2606:4700::1111", "2a00:1450::200e"]
)
def test_public_addresses_pass(address: str) -> None:
    assert why_special(address) is None


@pytest.mark.parametrize(
    "host", ["127.1", "0x7f000001", "2130706433", "017700000001", "::FFFF:7F00:1x", "a.example"]
)
def test_only_canonical_addresses_bypass_the_resolver(host: str) -> None:
    assert not is_ip(host)
    assert is_ip("127.0.0.1")
    assert is_ip("::1")
