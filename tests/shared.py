"""The evaluation data beside the checkout: real feeds and labelled news, never part of the project."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("CLAIMWATCH_SHARED", Path(__file__).resolve().parents[2] / "shared"))
needs_shared = pytest.mark.skipif(
    not (SHARED / "data").is_dir(),
    reason=f"no evaluation data at {SHARED} (set CLAIMWATCH_SHARED to where it lies)",
)
