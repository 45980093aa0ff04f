"""`websub:` of claimwatch.yaml."""

from __future__ import annotations

from pathlib import Path

import pytest

from claimwatch.config import Settings, load
from claimwatch.config.settings import WebSubAddress
from claimwatch.errors import ConfigError


def settings(tmp_path: Path, text: str) -> Settings:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "claimwatch.yaml").write_text(text, "utf-8")
    return load(tmp_path / "config", environ={})


def test_nobody_may_push_unless_the_config_says_where(tmp_path: Path) -> None:
    assert settings(tmp_path, "timezone: UTC\n").websub is None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (
            'callback: "https://cw.example.org/websub/"',
            WebSubAddress("https://cw.example.org/websub", "127.0.0.1", 8765),
        ),
        (
            'callback: "https://cw.example.org", listen: "[::1]:80"',
            WebSubAddress("https://cw.example.org", "::1", 80),
        ),
    ],
)
def test_the_callback_is_public_and_we_listen_on_loopback(
    tmp_path: Path, text: str, meant: WebSubAddress
) -> None:
    assert settings(tmp_path, f"websub: {{{text}}}\n").websub == meant


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{listen: "127.0.0.1:8765"}', "websub has no callback"),
        ("{callback: cw.example.org}", 'callback: "https://cw.example.org/websub"'),
        ('{callback: "https://cw.example.org/?a=b"}', "without ? and #"),
        ('{callback: "https://cw.example.org:port/"}', "public address"),
        ('{callback: "https://cw.example.org", listen: 8765}', 'listen: "127.0.0.1:8765"'),
        ('{callback: "https://cw.example.org", listen: "localhost:99999"}', "reverse proxy"),
        ('{calback: "https://cw.example.org"}', "callback"),
        ("true", "websub takes settings"),
    ],
)
def test_what_cannot_be_meant_is_told_with_what_to_write(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigError) as refused:
        settings(tmp_path, f"websub: {text}\n")
    assert told in str(refused.value)
