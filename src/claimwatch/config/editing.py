"""Edits of the files people write: comments and layout stay, and nothing wrong ever replaces what was right."""

from __future__ import annotations

import difflib
import fcntl
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from claimwatch.config.load import files_of, read
from claimwatch.config.nodes import Source
from claimwatch.config.problems import Problems
from claimwatch.config.yaml_reader import read_yaml
from claimwatch.errors import ClaimwatchError, ConfigError

Change = Callable[[dict[str, Any]], None]
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Edited:
    """What an edit did: the lines that went and those that came (without their ends), in the order of the file."""

    file: Path
    lines: tuple[str, ...]  # "- old", "+ new"

    def __bool__(self) -> bool:
        return bool(self.lines)


def file_for(config: Path, name: str) -> Path:
    """Return where a new `name` ("feeds.yaml", "topics/dam.yaml") belongs; a config of one file is that file."""
    return config if config.is_file() else config / name


def edit(
    config: Path, file: Path, change: Change, *, environ: Mapping[str, str], dry_run: bool = False
) -> Edited:
    """Let `change` edit what `file` says, and put the file in its place when the config is right with it.

    `change` gets plain dicts, lists and texts (None where nothing stands; an empty dict for a file that is not
    there yet) and edits them in place; objects it keeps keep their lines, letter by letter. A file that was
    changed by somebody meanwhile is left alone. Nothing is written with `dry_run`. Raises: ConfigError with the
    loader's messages, ClaimwatchError.
    """
    place = file.resolve()  # a link stays a link
    known = files_of(config, Problems())
    if file not in known:  # as the loader spells it
        file = next((each for each in known if each.resolve() == place), file)
    before = _content(place)
    after = _rewritten(file, before or b"", change)
    if after == (before or b""):
        return Edited(file, ())
    settings, problems = read(config, environ=environ, instead={file: after})
    if settings is None:
        raise ConfigError([each.render() for each in problems.all() if each.severity == "error"])
    if not dry_run:
        _replace(place, before, after)
    return Edited(file, tuple(_difference(before or b"", after)))


def _content(place: Path) -> bytes | None:
    try:
        return place.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ClaimwatchError(
            f"I cannot read {place}: {(error.strerror or 'unknown reason').lower()}."
        ) from error


def _rewritten(file: Path, body: bytes, change: Change) -> bytes:
    from claimwatch.config.rewriting import Layout
    from claimwatch.config.yaml_places import Unwritable

    _readable(file, body)
    try:
        layout = Layout(body.decode("utf-8-sig"))
        change(layout.tree)
        text = layout.rewritten()
        if _as_read(Layout(text).tree) != _as_read(layout.tree):
            raise Unwritable("what would come out is not what was meant")
    except Unwritable as reason:
        raise ClaimwatchError(
            f"{file} is laid out in a way that commands do not edit ({reason}). Please edit it yourself."
        ) from reason
    return (_BOM if body.startswith(_BOM) else b"") + text.encode()


def _readable(file: Path, body: bytes) -> None:
    problems = Problems()
    read_yaml(body, Source(str(file)), problems)
    if problems.failed:
        raise ConfigError([each.render() for each in problems.all()])


def _as_read(value: Any) -> Any:
    """Return what a reader finds of a value; nothing and empty are one."""
    if isinstance(value, dict):
        return {key: _as_read(each) for key, each in value.items()} or None
    if isinstance(value, (list, tuple)):
        return [_as_read(each) for each in value] or None
    return value if value is None or isinstance(value, str) else str(value).lower()


def _difference(before: bytes, after: bytes) -> Iterator[str]:
    old, new = before.decode("utf-8-sig").splitlines(), after.decode("utf-8-sig").splitlines()
    for line in difflib.unified_diff(old, new, n=0, lineterm=""):
        if line[0] in "+-" and line[:3] not in ("+++", "---"):
            yield f"{line[0]} {line[1:]}"


# ---------------------------------------------------------------- the file itself


def _replace(place: Path, before: bytes | None, after: bytes) -> None:
    """Put `after` where `before` stood, whole or not at all. Raises: ClaimwatchError when it changed meanwhile."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with _alone(place.parent):
            if _content(place) != before:
                raise ClaimwatchError(
                    f"{place} was changed by somebody else meanwhile. It was left as it is; try again."
                )
            _put(place, after)
    except OSError as error:
        raise ClaimwatchError(
            f"I cannot write {place}: {(error.strerror or 'unknown reason').lower()}."
        ) from error


def _put(place: Path, body: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.", suffix=".new")
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write(body)
            _same_owner(place, handle)
            opened.flush()
            os.fsync(handle)
        os.replace(name, place)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _same_owner(place: Path, handle: int) -> None:
    try:
        seen = place.stat()
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        os.fchmod(handle, 0o666 & ~mask)
        return
    if (seen.st_uid, seen.st_gid) != (os.geteuid(), os.getegid()):
        try:
            os.fchown(handle, seen.st_uid, seen.st_gid)
        except PermissionError:
            os.fchown(handle, -1, seen.st_gid) if seen.st_gid in os.getgroups() else None
    os.fchmod(handle, seen.st_mode & 0o7777)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold this folder against another of our commands."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
