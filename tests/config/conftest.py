"""Configs written for a test, in a folder of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Return what writes files ({path: text}) and gives the config directory; one is in their folder."""
    monkeypatch.chdir(tmp_path)

    def written(files: dict[str, str] | None = None, **more: str) -> Path:
        (tmp_path / "config").mkdir(exist_ok=True)
        for name, text in {**(files or {}), **more}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        return Path("config")

    return written
