"""Signed JSON to any address, with the headers of Standard Webhooks 1.0."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx
from pydantic import BaseModel, ConfigDict, SecretStr, field_validator

from claimwatch.channels.context import ChannelContext
from claimwatch.channels.faults import fault
from claimwatch.channels.guard import AddressRefused, GuardedTransport
from claimwatch.channels.mime import identifier
from claimwatch.core.model import NO_THREAD, Alert, Receipt, Thread
from claimwatch.core.safety import clean
from claimwatch.core.wording import read
from claimwatch.core.wording_json import alert_json
from claimwatch.errors import DeliveryError

_TEMPORARY = {408, 409, 421, 423, 425, 429}  # of 4xx; the others cannot be helped by sending the same again
_LONGEST_WAIT = timedelta(hours=24)


class WebhookSettings(BaseModel):
    """`url` is a secret: many services put their token in the path. `private` allows a private address."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: SecretStr
    secret: SecretStr | None = None  # whsec_... (base64), or any text
    private: bool = False
    timeout_seconds: float = 20.0

    @field_validator("url")
    @classmethod
    def _is_http(cls, url: SecretStr) -> SecretStr:
        try:
            parsed = httpx.URL(url.get_secret_value())
        except httpx.InvalidURL:
            raise ValueError("this is not an address; write https://...") from None
        if parsed.scheme not in {"http", "https"} or not parsed.host:
            raise ValueError("a webhook's address begins with https:// or http://")
        return url


class WebhookChannel:
    """One address that takes alerts as JSON."""

    place = ""

    def __init__(self, name: str, settings: WebhookSettings, context: ChannelContext) -> None:
        self._name = name
        self._url = httpx.URL(settings.url.get_secret_value())
        self._secret = _key(settings.secret)
        self._now = context.now
        self._zone = context.timezone
        self._timeout = settings.timeout_seconds
        self._private = settings.private
        self._client: httpx.AsyncClient | None = None

    def word(self, alert: Alert, *, key: str, thread: Thread = NO_THREAD) -> bytes:
        body = alert_json(alert, read(alert, self._zone), key)
        return json.dumps(body, ensure_ascii=True, separators=(",", ":")).encode()

    async def send(self, message: bytes, *, key: str) -> Receipt:
        if self._client is None:
            self._client = httpx.AsyncClient(
                transport=GuardedTransport(private=self._private),
                follow_redirects=False,
                timeout=self._timeout,
            )
        host = self._url.host
        try:
            # The body is not read beyond what says why: a receiver's answer is not ours to keep.
            async with self._client.stream(
                "POST", self._url, content=message, headers=self._headers(message, key)
            ) as r:
                said = await _beginning(r)
        except AddressRefused as error:
            hint = 'If it is yours, write "private: true" for this receiver.'
            raise DeliveryError(f"{error}. {hint}", permanent=True) from error
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise DeliveryError(f"{host}: {fault(error)}") from None
        if 200 <= r.status_code < 300:
            return Receipt(f"{r.status_code} {r.reason_phrase}".strip())
        problem = clean(f"{host} answered {r.status_code} {r.reason_phrase}: {said}", limit=200)
        if r.status_code >= 500 or r.status_code in _TEMPORARY:
            raise DeliveryError(problem, retry_after=retry_after(r.headers.get("retry-after"), self._now()))
        raise DeliveryError(problem, permanent=True)

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    def _headers(self, message: bytes, key: str) -> dict[str, str]:
        ident, stamp = identifier(key), str(int(self._now().timestamp()))
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "claimwatch",
            "Idempotency-Key": ident,
            "webhook-id": ident,
            "webhook-timestamp": stamp,
        }
        if self._secret is not None:
            signed = hmac.new(self._secret, f"{ident}.{stamp}.".encode() + message, hashlib.sha256).digest()
            headers["webhook-signature"] = "v1," + base64.b64encode(signed).decode()
        return headers


def retry_after(value: str | None, now: datetime) -> timedelta | None:
    """Return what Retry-After asks for, seconds or a date, at most 24 hours; None when unusable."""
    if not value:
        return None
    try:
        wait = timedelta(seconds=float(value))
    except (ValueError, OverflowError):
        try:
            wait = parsedate_to_datetime(value) - now
        except (TypeError, ValueError, OverflowError):
            return None
    return min(wait, _LONGEST_WAIT) if wait > timedelta(0) else None


async def _beginning(response: httpx.Response) -> str:
    """Return the first words of the answer; reads raw bytes, so a compressed bomb stays small."""
    if response.headers.get("content-encoding"):
        return ""
    async for chunk in response.aiter_raw(1000):
        return chunk[:1000].decode("utf-8", "replace")
    return ""


def _key(secret: SecretStr | None) -> bytes | None:
    if secret is None:
        return None
    text = secret.get_secret_value()
    if text.startswith("whsec_"):
        try:
            return base64.b64decode(text.removeprefix("whsec_"), validate=True)
        except (binascii.Error, ValueError):
            pass
    return text.encode()
