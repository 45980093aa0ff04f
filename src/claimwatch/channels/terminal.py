"""Alerts printed where the program runs, readable on 80 columns."""

from __future__ import annotations

import os
import re
from functools import partial

from pydantic import BaseModel, ConfigDict

from claimwatch.channels.context import ChannelContext
from claimwatch.channels.templates import complaint, text_template
from claimwatch.channels.threads import in_thread
from claimwatch.core.model import NO_THREAD, Alert, Receipt, Relation, Thread
from claimwatch.core.wording import read
from claimwatch.core.wording_text import terminal_text
from claimwatch.errors import DeliveryError

_RULE = "-" * 79
_COLOURS = {"CONTRADICTS": "1;31", "UPDATES": "1;33", "CORROBORATES": "1;32", "NEW": "1;36"}
_WORDS = "|".join(relation.value for relation in Relation)
_RELATION = re.compile(rf"^( *\d+  )?({_WORDS})\b", re.MULTILINE)
_LABEL = re.compile(r"^(CLAIM|TOPIC|CHANGED|NOTE|EVIDENCE|SOURCE|STANDING|Article|Alert)(?=\s)", re.MULTILINE)
_MARKED = re.compile(r">>(.+?)<<", re.DOTALL)


class TerminalSettings(BaseModel):
    """Nothing to set; colours are used on a terminal unless NO_COLOR is set."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class TerminalChannel:
    """The program's own output."""

    place = ""

    def __init__(self, name: str, settings: TerminalSettings, context: ChannelContext) -> None:
        self._stream = context.stream
        self._zone = context.timezone
        self._name = name
        self._own = text_template(context.templates, "terminal")

    @property
    def template_problem(self) -> str:
        return complaint(self._own)

    def word(self, alert: Alert, *, key: str, thread: Thread = NO_THREAD) -> bytes:
        reading = read(alert, self._zone)
        text = self._own.render(reading, self._name, limit=100_000) or terminal_text(reading)
        return f"{_RULE}\n{text.rstrip()}\n".encode("utf-8", "replace")

    async def send(self, message: bytes, *, key: str) -> Receipt:
        text = message.decode("utf-8", "replace")
        try:
            if self._stream.isatty() and not os.environ.get("NO_COLOR"):
                text = _coloured(text)
            await in_thread(partial(self._print, text), name="terminal")
        except (OSError, ValueError) as error:  # ValueError: the stream was closed
            raise DeliveryError(f"the terminal is gone: {error}", permanent=True) from error
        return Receipt("printed")

    async def close(self) -> None:
        """Nothing is held."""

    def _print(self, text: str) -> None:
        encoding = getattr(self._stream, "encoding", None) or "utf-8"
        self._stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
        self._stream.flush()


def _coloured(text: str) -> str:
    text = _RELATION.sub(lambda m: f"{m[1] or ''}\x1b[{_COLOURS.get(m[2], '1')}m{m[2]}\x1b[0m", text)
    text = _LABEL.sub("\x1b[2m\\1\x1b[0m", text)
    return _MARKED.sub("\x1b[1m\\1\x1b[0m", text)
