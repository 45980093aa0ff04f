"""The doors: every replaceable part, each method with its promise and errors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from claimwatch.core.model import Alert, Assessment, Document, Feed, Fetched, Pair, PollState, Receipt


class Fetcher(Protocol):
    """Brings a feed's document over the network, politely and within bounds."""

    async def fetch(self, feed: Feed, state: PollState) -> Fetched:
        """Return what the server answered; `body` is None for "unchanged".

        Sends the validators of `state` only to the address they came from.

        Raises: FetchError, with the kind of failure and what the server asked us to wait.
        """


class Parser(Protocol):
    """Reads a feed document; expensive, hostile or broken ones cost bounded time and memory."""

    async def parse(self, body: bytes, *, content_type: str | None, url: str | None) -> Document:
        """Return the document with items in the order of the feed.

        Raises: ParseError, with what came instead of a feed.
        """


class Judge(Protocol):
    """Says what texts say of claims. `name` carries a version: `lexical-1`."""

    name: str

    def assess(self, pairs: Sequence[Pair]) -> list[Assessment]:
        """Return one assessment a pair, in order.

        Raises: JudgeError, when it can answer none of them.
        """


class Channel(Protocol):
    """One named receiver's way to be reached."""

    def word(self, alert: Alert, *, key: str) -> bytes:
        """Return the message for this receiver, ready to send: the same alert and key give the same bytes.

        `key` identifies the delivery (stable through crashes); ids a receiver can recognise a copy by are
        made from it.
        """

    async def send(self, message: bytes, *, key: str) -> Receipt:
        """Hand over what `word` returned.

        Raises: DeliveryError, saying whether a retry can help and how long to wait.
        """

    async def close(self) -> None:
        """Let go of connections."""
