"""Python's cyclic garbage collector, held back where very many lasting values are made."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

MANY = 50_000  # values; each pass over a million stops all threads for a fifth of a second


@contextmanager
def uncollected() -> Iterator[None]:
    """Look for no cycles meanwhile: configs and indexes hold none, and the passes cost a third of the time.

    When very many values were made, they are kept out of the collector's sight for good; they still go when
    they are dropped.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if gc.get_count()[0] > MANY:
            gc.freeze()
        if was_on:
            gc.enable()
