"""Files beside the database: a change of the config that was refused, and the topics followed so far."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from claimwatch.errors import StorageError
from claimwatch.storage.place import Place, beside


@dataclass(frozen=True, slots=True)
class Refusal:
    """When a change was refused, and what was wrong with it, a line each."""

    at: datetime
    problems: tuple[str, ...]


class FollowedTopics:
    """A mark for each topic that stored items were matched with: others came while nothing ran."""

    def __init__(self, database: Place) -> None:
        self._path = beside(database, ".topics.json")

    def read(self) -> dict[str, str] | None:
        """Return topic -> mark, None when there is nothing to compare with."""
        try:
            said = json.loads(self._path.read_text("utf-8"))
        except (OSError, ValueError):
            return None
        return {str(k): str(v) for k, v in said.items()} if isinstance(said, dict) else None

    def write(self, marks: Mapping[str, str]) -> None:
        """Remember the marks, all or nothing. Raises: StorageError."""
        new = self._path.with_name(self._path.name + ".new")
        try:
            new.write_text(json.dumps(marks), "utf-8")
            new.replace(self._path)
        except OSError as error:
            raise StorageError(f"cannot write {self._path}: {error.strerror}") from error


class ReloadNote:
    """There while the files say something else than what runs; a file, readable without any lock."""

    def __init__(self, database: Place) -> None:
        self._path = beside(database, ".refused-config.json")

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
