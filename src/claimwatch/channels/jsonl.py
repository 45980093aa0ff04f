"""Alerts as lines of JSON in a file, for programs and for the record."""

from __future__ import annotations

import asyncio
import json
import os
from functools import partial
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from claimwatch.channels.context import ChannelContext
from claimwatch.channels.files import sync_folder
from claimwatch.channels.threads import in_thread
from claimwatch.core.model import NO_THREAD, Alert, Receipt, Thread
from claimwatch.core.wording import read
from claimwatch.core.wording_json import alert_json
from claimwatch.errors import DeliveryError

_LOOK_BACK = 1 << 20  # octets at the end of the file searched for a line written before a crash


class JsonlSettings(BaseModel):
    """`path` is taken from the program's var directory unless it is absolute."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: Path = Path("alerts.jsonl")


class JsonlChannel:
    """One file. Each line's `id` is the delivery's key; a line that is there already is not written again."""

    place = ""

    def __init__(self, name: str, settings: JsonlSettings, context: ChannelContext) -> None:
        self._path = context.var / settings.path
        self._zone = context.timezone
        self._lock = asyncio.Lock()

    def word(self, alert: Alert, *, key: str, thread: Thread = NO_THREAD) -> bytes:
        body = alert_json(alert, read(alert, self._zone), key)
        return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"

    async def send(self, message: bytes, *, key: str) -> Receipt:
        async with self._lock:
            try:
                written = await in_thread(partial(_append, self._path, message), name="jsonl")
            except OSError as error:
                raise DeliveryError(f"cannot write {self._path}: {error.strerror or error}") from error
        return Receipt("written" if written else "was written before")

    async def close(self) -> None:
        """Nothing is held between lines."""


def _append(path: Path, line: bytes) -> bool:
    """Append the line and wait until it is on disk; False when it stands at the end of the file already."""
    path.parent.mkdir(parents=True, exist_ok=True)
    is_new = not path.exists()
    with path.open("a+b") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _LOOK_BACK))
        tail = file.read()
        if tail.startswith(line) or b"\n" + line in tail:
            return False
        torn = bool(tail) and not tail.endswith(b"\n")  # a crash in the middle of a line
        file.write(b"\n" + line if torn else line)
        file.flush()
        os.fsync(file.fileno())
    if is_new:
        sync_folder(path)
    return True
