"""Matrix rooms, spoken to directly: the transaction id makes the server drop a repeated message."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlsplit

from pydantic import BaseModel, ConfigDict, SecretStr, field_validator

from claimwatch.channels.chat_api import ChatApi
from claimwatch.channels.context import ChannelContext
from claimwatch.channels.mime import identifier
from claimwatch.core.markup import HTML, PLAIN
from claimwatch.core.model import NO_THREAD, Alert, Receipt, Relation, Thread
from claimwatch.core.safety import clean
from claimwatch.core.wording import read
from claimwatch.core.wording_chat import chat, moves, status_line

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
    """One room; the token's user must have joined it. Messages on one claim are a thread."""

    def __init__(self, name: str, settings: MatrixSettings, context: ChannelContext) -> None:
        room = quote(settings.room, safe="")
        self.place = f"matrix {settings.room}"
        self._address = f"{settings.server}/_matrix/client/v3/rooms/{room}/send/m.room.message/"
        token = settings.token.get_secret_value()
        self._api = ChatApi(f"{name} (matrix)", {"Authorization": f"Bearer {token}"}, context.now)
        self._zone = context.timezone

    def word(self, alert: Alert, *, key: str, thread: Thread = NO_THREAD) -> bytes:
        reading = read(alert, self._zone)
        texts = chat(reading, PLAIN, limit=_LIMIT)
        pages = chat(reading, HTML, limit=_LIMIT)
        if len(pages) != len(texts):  # a long summary: the texts alone are complete
            pages = ()
        kind = "m.notice" if alert.relation is Relation.NEW else "m.text"  # a notice rings nobody
        events = [_event(kind, text, *pages[number : number + 1]) for number, text in enumerate(texts)]
        if thread.root_id:
            for event in events:
                event["m.relates_to"] = {
                    "rel_type": "m.thread",
                    "event_id": thread.root_id,
                    "is_falling_back": True,
                    "m.in_reply_to": {"event_id": thread.last_id or thread.root_id},
                }
            if moves(alert):
                events.append(_event("m.text", status_line(reading, PLAIN), status_line(reading, HTML)))
        return json.dumps(events, ensure_ascii=True, separators=(",", ":")).encode()

    async def send(self, message: bytes, *, key: str) -> Receipt:
        ids = []
        for number, event in enumerate(json.loads(message)):
            transaction = identifier(key) + (f".{number}" if number else "")
            answer = await self._api.call("PUT", self._address + transaction, event)
            ids.append(clean(str(answer.get("event_id", "")), limit=255))
        return Receipt("200 OK", remote_id=ids[0] or None)

    async def edit(self, message: bytes, remote_id: str) -> None:
        """Put other words into a message that was sent; nobody is rung for it. Raises: DeliveryError."""
        new = json.loads(message)[0]
        new.pop("m.relates_to", None)
        event = {
            **_event(new["msgtype"], f"* {new['body']}"),
            "m.new_content": new,
            "m.relates_to": {"rel_type": "m.replace", "event_id": remote_id},
        }
        await self._api.call("PUT", self._address + identifier(f"edit {remote_id} {new['body']}"), event)

    async def close(self) -> None:
        await self._api.close()


def _event(kind: str, text: str, page: str | None = None) -> dict[str, Any]:
    event = {"msgtype": kind, "body": text, "m.mentions": {}}
    if page is not None:
        event |= {"format": "org.matrix.custom.html", "formatted_body": page}
    return event
