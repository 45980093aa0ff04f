"""What went wrong between us and a server, in words."""

from __future__ import annotations

import errno
import os
import re
import socket

from claimwatch.core.safety import clean

_NUMBER = re.compile(r"\[Errno (-?\d+)\]")
_WORDS = {
    errno.ECONNREFUSED: "nobody listens there (connection refused)",
    errno.ECONNRESET: "the server broke the connection off",
    errno.EHOSTUNREACH: "there is no way to this machine",
    errno.ENETUNREACH: "the network cannot be reached",
    errno.ETIMEDOUT: "no answer in time",
    socket.EAI_NONAME: "there is no host of this name",
    socket.EAI_AGAIN: "the name cannot be looked up now",
}


def fault(error: BaseException, *, limit: int = 160) -> str:
    """Return in words why a connection failed; an error number alone helps nobody."""
    said = str(error.__cause__ or error) or type(error).__name__
    found = _NUMBER.search(said)
    number = int(found[1]) if found else getattr(error, "errno", None)
    if number in _WORDS:
        return _WORDS[number]
    if found and int(found[1]) > 0:
        return os.strerror(int(found[1])).lower()
    return clean(said, limit=limit)
