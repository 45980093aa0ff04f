"""`hosts:` of claimwatch.yaml."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from claimwatch.config import Settings, load
from claimwatch.core.model import HostPace
from claimwatch.core.pacing import OWN_HOST, PUBLIC_HOST, host_pace
from claimwatch.errors import ConfigError

FEEDS = """
feed:
  - {name: Herald, url: "https://herald.example/rss", language: en, reliability: B}
  - {name: Post, url: "https://news.post.example/rss", language: en, reliability: B}
  - {name: Mine, url: "http://127.0.0.1:8000/rss", language: en, reliability: B, private: true}
"""


def settings(tmp_path: Path, hosts: str) -> Settings:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "feeds.yaml").write_text(FEEDS, "utf-8")
    (tmp_path / "config" / "claimwatch.yaml").write_text(hosts, "utf-8")
    return load(tmp_path / "config", environ={})


def test_a_host_is_asked_politely_and_ones_own_as_fast_as_it_can(tmp_path: Path) -> None:
    herald, post, mine = settings(tmp_path, "timezone: UTC\n").feeds
    assert (host_pace(herald), host_pace(post), host_pace(mine)) == (PUBLIC_HOST, PUBLIC_HOST, OWN_HOST)


def test_the_config_may_name_another_pace_for_a_host_and_its_subdomains(tmp_path: Path) -> None:
    herald, post, _ = settings(
        tmp_path, "hosts:\n  herald.example: {at_once: 1, spacing: 10s}\n  post.example: {spacing: 0s}\n"
    ).feeds
    assert host_pace(herald) == HostPace(1, timedelta(seconds=10))
    assert host_pace(post) == HostPace(PUBLIC_HOST.at_once, timedelta(0))


@pytest.mark.parametrize(
    ("hosts", "told"),
    [
        ("hosts:\n  https://herald.example/: {at_once: 1}\n", "is not the name of a host"),
        ("hosts:\n  herald.example: 3\n", "herald.example: {at_once: 1, spacing: 10s}"),
        ("hosts:\n  herald.example: {at_onec: 1}\n", "at_once"),
        ("hosts:\n  herald.example: {spacing: 1h}\n", "0s to 10m"),
        ("hosts:\n  herald.example: {at_once: 0}\n", "from 1 to 64"),
    ],
)
def test_what_cannot_be_meant_is_told_with_what_to_write(tmp_path: Path, hosts: str, told: str) -> None:
    with pytest.raises(ConfigError) as refused:
        settings(tmp_path, hosts)
    assert told in str(refused.value)
