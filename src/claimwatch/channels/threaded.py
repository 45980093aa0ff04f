"""Chat where messages can answer each other and be edited: what is common to its services."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

import structlog

from claimwatch.channels.chat_api import ChatApi, NotUnderstood, ThreadGone
from claimwatch.channels.context import ChannelContext
from claimwatch.channels.services import Style
from claimwatch.channels.templates import chat_template, complaint
from claimwatch.core.markup import PLAIN
from claimwatch.core.model import NO_THREAD, Alert, Receipt, Relation, Thread
from claimwatch.core.wording import read
from claimwatch.core.wording_chat import chat, moves, status_line

log = structlog.get_logger("claimwatch.channels")


@dataclass(frozen=True, slots=True)
class Post:
    """One message of a chat. `root` and `last` are the thread it goes into, as the service calls them."""

    text: str
    marked_up: bool
    key: str  # the same for every copy
    name: str  # of a thread that begins with it
    root: str | None = None
    last: str | None = None
    aloud: bool = False  # also seen outside the thread
    silent: bool = False


class ThreadedChat(ABC):
    """One room. The first message on a claim begins a thread; later ones go into it."""

    broadcasts = False  # a message of a thread can be shown in the room too, by itself

    def __init__(self, name: str, service: str, style: Style, api: ChatApi, context: ChannelContext) -> None:
        self._name = name
        self._style = style
        self._api = api
        self._own = chat_template(context.templates, service, style.markup)
        self._zone = context.timezone
        self._sent: dict[str, list[str]] = {}  # key -> ids of parts taken, of messages that failed half way

    @property
    def template_problem(self) -> str:
        return complaint(self._own)

    def word(self, alert: Alert, *, key: str, thread: Thread = NO_THREAD) -> bytes:
        reading = read(alert, self._zone)
        parts = chat(reading, self._style.markup, limit=self._style.limit)
        plain = chat(reading, PLAIN, limit=self._style.limit)
        own = self._own.render(reading, self._name, limit=self._style.limit)
        if own is not None:
            parts = (own.strip(),)
        aloud = bool(thread.root_id) and moves(alert)
        body = {
            "parts": parts,
            "plain": plain,
            "name": reading.short,
            "root": thread.root_id,
            "last": thread.last_id,
            "aloud": aloud,
            "line": status_line(reading, self._style.markup) if aloud and not self.broadcasts else "",
            "silent": alert.relation is Relation.NEW,
        }
        return json.dumps(body, ensure_ascii=True, separators=(",", ":")).encode()

    async def send(self, message: bytes, *, key: str) -> Receipt:
        content = json.loads(message)
        try:
            first = await self._send_parts(content, key)
        except NotUnderstood:
            # It gets the same in plain words: no alert is lost over a bracket.
            self._sent.pop(key, None)
            content["parts"], content["plain"] = content["plain"], None
            first = await self._send_parts(content, key)
        self._sent.pop(key, None)
        return Receipt("taken", remote_id=first or None)

    async def edit(self, message: bytes, remote_id: str) -> None:
        """Put other words into a message that was sent; nobody is rung for it. Raises: DeliveryError."""
        content = json.loads(message)
        await self._edit(remote_id, self._post(content, content["parts"][0], key=""))

    async def close(self) -> None:
        await self._api.close()

    async def _send_parts(self, content: dict[str, Any], key: str) -> str:
        taken = self._sent.setdefault(key, [])
        texts = [(text, False) for text in content["parts"]]
        if content["line"]:
            texts.append((content["line"], True))
        for number, (text, outside) in enumerate(texts):
            if number < len(taken):
                continue
            post = self._post(content, text, key=f"{key}.{number}" if number else key, outside=outside)
            try:
                taken.append(await self._send(post))
            except ThreadGone as error:
                log.warning("thread is gone, a new one begins", receiver=self._name, error=str(error))
                content["root"] = content["last"] = None
                content["line"], content["aloud"] = "", False
                taken.append(await self._send(self._post(content, text, key=post.key)))
        return taken[0]

    def _post(self, content: dict[str, Any], text: str, *, key: str, outside: bool = False) -> Post:
        return Post(
            text=text,
            marked_up=content["plain"] is not None,
            key=key,
            name=content["name"],
            root=None if outside else content["root"],
            last=None if outside else content["last"],
            aloud=content["aloud"] and not outside,
            silent=content["silent"],
        )

    @abstractmethod
    async def _send(self, post: Post) -> str:
        """Hand over one message and return its id. Raises: DeliveryError."""

    @abstractmethod
    async def _edit(self, remote_id: str, post: Post) -> None:
        """Replace the words of a message. Raises: DeliveryError."""
