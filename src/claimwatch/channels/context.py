"""What every channel may use of the running program."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, TextIO
from zoneinfo import ZoneInfo

from pydantic import SecretStr


@dataclass(frozen=True, slots=True)
class MailServer:
    """The relay that takes our mail, and how the mail names itself."""

    host: str = "localhost"
    port: int = 25
    tls: Literal["none", "starttls", "tls"] = "none"
    user: str | None = None
    password: SecretStr | None = None
    sender: str = (
        "claimwatch@localhost"  # the address in From, always the same; its name carries the relation
    )
    reply_to: str | None = None
    unsubscribe: tuple[str, ...] = ()  # mailto: and https: addresses; {id} stands for a mark of the reader
    subject: Literal["claim", "verb-first"] = "claim"  # a verb first costs the thread in Gmail
    domain: str | None = None  # right-hand side of message ids; None: the sender's
    timeout: timedelta = timedelta(seconds=30)  # of one step; the wait after the text is four times as long
    verify: bool = True  # the server's certificate


@dataclass(frozen=True, slots=True)
class ChannelContext:
    """`zone` is an IANA key, `now` the program's clock (webhooks sign the moment of sending)."""

    now: Callable[[], datetime]
    zone: str = "UTC"
    var: Path = Path("var")
    mail: MailServer = MailServer()
    templates: Path | None = None  # the folder of people's own words for alerts
    stream: TextIO = field(default_factory=lambda: sys.stdout)

    @property
    def timezone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)
