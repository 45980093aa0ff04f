"""JSON to a chat service's own interface, with what it answers turned into what to do next."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx

from claimwatch.channels.faults import fault
from claimwatch.channels.mime import identifier
from claimwatch.channels.webhook import retry_after
from claimwatch.core.safety import clean
from claimwatch.errors import DeliveryError

_WAIT = timedelta(minutes=1)  # after 429 without any word on how long
_NOT_UNDERSTOOD = {400, 413, 415, 422}
_LONGEST = timedelta(hours=24)


class NotUnderstood(DeliveryError):
    """The service could not read the message."""


class ThreadGone(DeliveryError):
    """What the message was to answer is not there any more."""


class Refused(NotUnderstood):
    """An answer that no retry helps, with what the service said in it."""

    def __init__(self, message: str, body: Mapping[str, Any]) -> None:
        super().__init__(message, permanent=True)
        self.body = body


class ChatApi:
    """One service. Its addresses may hold secrets: errors name the host only."""

    def __init__(self, label: str, headers: Mapping[str, str], now: Callable[[], datetime]) -> None:
        self._label = label
        self._headers = {"User-Agent": "claimwatch", **headers}
        self._now = now
        self._client: httpx.AsyncClient | None = None

    async def call(self, method: str, url: str, body: Mapping[str, Any], *, key: str = "") -> dict[str, Any]:
        """Return what the service answered. Raises: DeliveryError; `Refused` where it did not understand."""
        if self._client is None:
            for name in ("httpx", "httpcore"):  # they log whole addresses; some hold a token
                logging.getLogger(name).setLevel(logging.WARNING)
            self._client = httpx.AsyncClient(follow_redirects=False, timeout=20, headers=self._headers)
        ids = {"Idempotency-Key": identifier(key, limit=60)} if key else {}
        try:
            answer = await self._client.request(method, url, json=body, headers=ids)
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise DeliveryError(f"{self._label}, {urlsplit(url).hostname}: {fault(error)}") from None
        found = _json(answer)
        if 200 <= answer.status_code < 300:
            return found
        raise self._problem(answer, found)

    async def close(self) -> None:
        """Let go of connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    def _problem(self, answer: httpx.Response, body: dict[str, Any]) -> DeliveryError:
        said = " ".join(str(body[k]) for k in ("description", "message", "errcode", "error") if k in body)
        text = clean(f"{self._label} answered {answer.status_code} {said}", limit=200).strip()
        if answer.status_code == 429:
            return DeliveryError(text, retry_after=self._wait(answer, body))
        if answer.status_code in _NOT_UNDERSTOOD:
            return Refused(text, body)
        if answer.status_code >= 500 or answer.status_code == 408:
            return DeliveryError(
                text, retry_after=retry_after(answer.headers.get("retry-after"), self._now())
            )
        return Gone(text, body) if answer.status_code == 404 else DeliveryError(text, permanent=True)

    def _wait(self, answer: httpx.Response, body: dict[str, Any]) -> timedelta:
        if wait := retry_after(answer.headers.get("retry-after"), self._now()):
            return wait
        parameters = body.get("parameters")
        asked = parameters.get("retry_after") if isinstance(parameters, dict) else body.get("retry_after")
        milliseconds = body.get("retry_after_ms")  # Matrix, before the header was specified
        for value, unit in ((asked, 1.0), (milliseconds, 0.001)):
            if isinstance(value, (int, float)) and 0 < value * unit <= _LONGEST.total_seconds():
                return timedelta(seconds=value * unit)
        return _WAIT


class Gone(DeliveryError):
    """404: the channel, or what the message was to answer."""

    def __init__(self, message: str, body: Mapping[str, Any]) -> None:
        super().__init__(message, permanent=True)
        self.body = body


def _json(answer: httpx.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
