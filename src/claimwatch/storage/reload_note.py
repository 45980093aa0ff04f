"""A file beside the database that says that the config was changed into one that cannot be used."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from claimwatch.errors import StorageError


@dataclass(frozen=True, slots=True)
class Refusal:
    """When a change was refused, and what was wrong with it, a line each."""

    at: datetime
    problems: tuple[str, ...]


class ReloadNote:
    """There while the files say something else than what runs; a file, readable without any lock."""

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(database.name + ".refused-config.json")

    def write(self, problems: Sequence[str], *, now: datetime) -> None:
        """Note the refusal. Raises: StorageError."""
        try:
            self._path.write_text(
                json.dumps({"at": now.isoformat(), "problems": list(problems)}, ensure_ascii=False), "utf-8"
            )
        except OSError as error:
            raise StorageError(f"cannot write {self._path}: {error.strerror}") from error

    def clear(self) -> None:
        """What runs is what the files say."""
        self._path.unlink(missing_ok=True)

    def read(self) -> Refusal | None:
        """Return the refusal, None when there is none (or it cannot be read)."""
        try:
            said = json.loads(self._path.read_text("utf-8"))
            return Refusal(datetime.fromisoformat(said["at"]), tuple(map(str, said["problems"])))
        except (OSError, ValueError, KeyError, TypeError):
            return None
