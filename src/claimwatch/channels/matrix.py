"""Matrix rooms, spoken to directly: the transaction id makes the server drop a repeated message."""

from __future__ import annotations

import json
from datetime import timedelta
from urllib.parse import quote, urlsplit

import httpx
from pydantic import BaseModel, ConfigDict, SecretStr, field_validator

from claimwatch.channels.context import ChannelContext
from claimwatch.channels.mime import identifier
from claimwatch.channels.webhook import retry_after
from claimwatch.core.markup import HTML, PLAIN
from claimwatch.core.model import NO_THREAD, Alert, Receipt, Thread
from claimwatch.core.safety import clean
from claimwatch.core.wording import read
from claimwatch.core.wording_chat import chat
from claimwatch.errors import DeliveryError

_LIMIT = 8000  # characters; an event may have 64 kB, with text and HTML in it


class MatrixSettings(BaseModel):
    """`server` is the homeserver's address, `room` its id (!abc:example.org), `token` an access token."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    server: str
    room: str
    token: SecretStr

    @field_validator("server")
    @classmethod
    def _is_web(cls, server: str) -> str:
        if urlsplit(server).scheme not in {"http", "https"} or not urlsplit(server).hostname:
            raise ValueError("the homeserver's address begins with https://")
        return server.rstrip("/")

    @field_validator("room")
    @classmethod
    def _is_room(cls, room: str) -> str:
        if not room.startswith("!"):
            raise ValueError("a room is given by its id, like !abc:example.org (Room settings, Advanced)")
        return room


class MatrixChannel:
    """One room; the token's user must have joined it."""

    def __init__(self, name: str, settings: MatrixSettings, context: ChannelContext) -> None:
        room = quote(settings.room, safe="")
        self.place = settings.room
        self._address = f"{settings.server}/_matrix/client/v3/rooms/{room}/send/m.room.message/"
        self._host = urlsplit(settings.server).hostname
        self._headers = {"Authorization": f"Bearer {settings.token.get_secret_value()}"}
        self._zone = context.timezone
        self._now = context.now
        self._client: httpx.AsyncClient | None = None

    def word(self, alert: Alert, *, key: str, thread: Thread = NO_THREAD) -> bytes:
        reading = read(alert, self._zone)
        texts = chat(reading, PLAIN, limit=_LIMIT)
        pages = chat(reading, HTML, limit=_LIMIT)
        if len(pages) != len(texts):  # a long summary: the texts alone are complete
            pages = ()
        events = []
        for number, text in enumerate(texts):
            event = {"msgtype": "m.text", "body": text, "m.mentions": {}}
            if pages:
                event |= {"format": "org.matrix.custom.html", "formatted_body": pages[number]}
            events.append(event)
        return json.dumps(events, ensure_ascii=True, separators=(",", ":")).encode()

    async def send(self, message: bytes, *, key: str) -> Receipt:
        if self._client is None:
            self._client = httpx.AsyncClient(follow_redirects=False, timeout=20, headers=self._headers)
        last = ""
        for number, event in enumerate(json.loads(message)):
            transaction = identifier(key) + (f".{number}" if number else "")
            try:
                answer = await self._client.put(self._address + transaction, json=event)
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                said = clean(str(error) or type(error).__name__, limit=160)
                raise DeliveryError(f"{self._host}: {said}") from None
            if answer.status_code != 200:
                raise self._problem(answer)
            last = clean(str(_json(answer).get("event_id", "")), limit=255)
        return Receipt("200 OK", remote_id=last or None)

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    def _problem(self, answer: httpx.Response) -> DeliveryError:
        body = _json(answer)
        said = clean(f"{body.get('errcode', '')} {body.get('error', '')}", limit=160)
        text = f"{self._host} answered {answer.status_code} {said}".strip()
        if answer.status_code == 429:
            wait = retry_after(answer.headers.get("retry-after"), self._now())
            asked = body.get("retry_after_ms")  # before the header was specified
            if wait is None and isinstance(asked, int) and 0 < asked < 86_400_000:
                wait = timedelta(milliseconds=asked)
            wait = wait or timedelta(minutes=1)
            return DeliveryError(text, retry_after=wait)
        return DeliveryError(text, permanent=400 <= answer.status_code < 500 and answer.status_code != 408)


def _json(answer: httpx.Response) -> dict[str, object]:
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
