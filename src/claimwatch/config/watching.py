"""Noticing that somebody edited the files of a config."""

from __future__ import annotations

from pathlib import Path

from claimwatch.config.load import files_of
from claimwatch.config.problems import Problems

Signature = tuple[tuple[str, int, int, int], ...]


def signature(path: Path) -> Signature:
    """Return what changes whenever a file of the config at `path` is written, added, removed or replaced."""
    marks = []
    for file in files_of(path, Problems()):
        try:
            stat = file.stat()
        except OSError:  # removed meanwhile: the next look tells
            continue
        marks.append((str(file), stat.st_mtime_ns, stat.st_size, stat.st_ino))
    return tuple(marks)
