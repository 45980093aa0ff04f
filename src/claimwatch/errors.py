"""Every error claimwatch raises on purpose.

ClaimwatchError
 +-- ConfigError        a file people edit is wrong (carries every problem found)
 +-- FetchError         a feed could not be fetched
 +-- ParseError         a document is not a feed, or costs too much to read
 +-- DeliveryError      a channel did not take a message
 +-- StorageError       the database cannot be used
 |    +-- ServerAway        its server does not answer now
 |    +-- AlreadyRunning    another daemon holds the database
 +-- JudgeError         a judge could not answer
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Literal

FetchKind = Literal[
    "offline", "dns", "refused", "timeout", "tls", "blocked_address", "too_large", "redirects",
    "http_temporary", "http_gone", "http_denied", "http_missing", "encoding", "protocol", "bad_url",
]  # fmt: skip


class ClaimwatchError(Exception):
    """Base of all errors that are shown to people as one clear line."""


class ConfigError(ClaimwatchError):
    """Files people edit are wrong; `problems` holds one text each, ready to print."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n\n".join(problems))
        self.problems = tuple(problems)


class FetchError(ClaimwatchError):
    """A feed could not be fetched.

    `kind` groups causes (for back-off and for `status`), `retry_after` is what the server asked for.
    """

    def __init__(
        self,
        message: str,
        *,
        kind: FetchKind,
        status: int | None = None,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(message)
        self.kind: FetchKind = kind
        self.status = status
        self.retry_after = retry_after


class ParseError(ClaimwatchError):
    """A document is not a feed we can read; the message says what came instead."""


class DeliveryError(ClaimwatchError):
    """A channel did not take a message.

    With `permanent` a retry of the same bytes cannot help; else `retry_after` is what the service asked for.
    """

    def __init__(
        self, message: str, *, permanent: bool = False, retry_after: timedelta | None = None
    ) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.retry_after = retry_after


class StorageError(ClaimwatchError):
    """The database cannot be used; the message names the file and the remedy."""


class ServerAway(StorageError):
    """The database's server does not answer, or is being restarted: it may come back by itself."""


class AlreadyRunning(StorageError):
    """Another daemon holds this database."""


class JudgeError(ClaimwatchError):
    """A judge could not answer."""
