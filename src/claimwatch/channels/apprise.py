"""Chat and push through Apprise, with what it lacks: HTTP status, Retry-After, a second try in plain text."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

from claimwatch.channels.chat_api import NotUnderstood
from claimwatch.channels.context import ChannelContext
from claimwatch.channels.services import ServiceSettings
from claimwatch.channels.templates import chat_template, complaint
from claimwatch.channels.threads import in_thread
from claimwatch.channels.webhook import retry_after
from claimwatch.core.markup import PLAIN
from claimwatch.core.model import NO_THREAD, Alert, Receipt, Relation, Thread
from claimwatch.core.wording import read
from claimwatch.core.wording_chat import chat, push
from claimwatch.errors import DeliveryError

_CONNECT_SECONDS, _READ_SECONDS = 5, 15
_LONGEST_SECONDS = 60  # Apprise sleeps through some services' rate limits
_WAIT = timedelta(minutes=1)  # after 429 without Retry-After
_GONE = {401, 403, 404, 410}
_NOT_UNDERSTOOD = {400, 413, 415, 422}


@dataclass(slots=True)
class Heard:
    """What the service answered to the last request of this thread."""

    status: int | None = None
    reason: str = ""
    retry_after: str | None = None


class AppriseChannel:
    """One target of one service (an address with several targets would give one answer for all)."""

    place = ""

    def __init__(self, name: str, settings: ServiceSettings, context: ChannelContext) -> None:
        self._style = settings.style()
        self._address = settings.address()
        service = settings.service or self._address.partition("://")[0]
        self._label = f"{name} ({service})"  # never the address: it is a secret
        self._name = name
        self._own = chat_template(context.templates, settings.service or "apprise", self._style.markup)
        self._priority = getattr(settings, "priority", None)
        self._zone = context.timezone
        self._now = context.now
        self._sent: dict[str, int] = {}  # key -> parts taken, of messages that failed half way

    @property
    def template_problem(self) -> str:
        return complaint(self._own)

    def word(self, alert: Alert, *, key: str, thread: Thread = NO_THREAD) -> bytes:
        reading = read(alert, self._zone)
        title = ""
        parts: tuple[str, ...] = ()
        plain: tuple[str, ...] = ()
        if self._style.push:
            title, parts = push(reading, limit=self._style.limit)
        else:
            parts = chat(reading, self._style.markup, limit=self._style.limit)
            plain = chat(reading, PLAIN, limit=self._style.limit) if self._style.markup is not PLAIN else ()
        own = self._own.render(reading, self._name, limit=self._style.limit)
        if own is not None:
            parts = (own.strip(),)
        priority = self._priority or ("high" if alert.relation is Relation.CONTRADICTS else "default")
        body = {
            "title": title,
            "format": self._style.markup.name,
            "parts": parts,
            "plain": plain,
            "link": reading.link,
            "priority": priority,
            "silent": alert.relation is Relation.NEW,
        }
        return json.dumps(body, ensure_ascii=True, separators=(",", ":")).encode()

    async def send(self, message: bytes, *, key: str) -> Receipt:
        content = json.loads(message)
        try:
            await self._send_parts(content, "parts", content["format"], key)
        except NotUnderstood:
            # It gets the same in plain words: no alert is lost over a bracket.
            if not content["plain"]:
                raise
            self._sent.pop(key, None)
            await self._send_parts(content, "plain", "text", key)
        self._sent.pop(key, None)
        return Receipt("taken")

    async def close(self) -> None:
        """Nothing is held between messages."""

    async def _send_parts(self, content: dict[str, Any], which: str, form: str, key: str) -> None:
        for number, part in enumerate(content[which]):
            if number < self._sent.get(key, 0):
                continue
            taken, heard = await self._asked(partial(self._notify, content, part, form))
            if not taken:
                raise self._problem(heard)
            self._sent[key] = number + 1

    async def _asked(self, work: Callable[[], tuple[bool, Heard]]) -> tuple[bool, Heard]:
        try:
            return await asyncio.wait_for(in_thread(work, name=self._label), _LONGEST_SECONDS)
        except TimeoutError:
            text = f"{self._label}: no end after {_LONGEST_SECONDS} s; it may still arrive"
        except DeliveryError:
            raise
        except Exception as error:  # noqa: BLE001 - 140 services, each with its own ways to fail
            text = f"{self._label}: Apprise failed: {type(error).__name__}"
        raise DeliveryError(text)

    def _notify(self, content: dict[str, Any], part: str, form: str) -> tuple[bool, Heard]:
        """Runs in a thread of its own. Returns whether it was taken, and what was heard last."""
        import apprise  # half a second: only for those who use it

        quiet()
        _HEARD.last = Heard()
        service = open_service(
            self._address, priority=content["priority"], link=content["link"], silent=content["silent"]
        )
        if service is None:
            raise DeliveryError(f"{self._label}: Apprise does not understand this address", permanent=True)
        sender = apprise.Apprise(asset=service.asset)
        sender.add(service)
        taken = sender.notify(body=part, title=content["title"], body_format=apprise.NotifyFormat(form))
        return bool(taken), _HEARD.last

    def _problem(self, heard: Heard) -> DeliveryError:
        if heard.status is None:
            return DeliveryError(f"{self._label}: no answer")
        text = f"{self._label} answered {heard.status} {heard.reason}".strip()
        if heard.status == 429:
            return DeliveryError(text, retry_after=retry_after(heard.retry_after, self._now()) or _WAIT)
        if heard.status in _GONE or 300 <= heard.status < 400:
            return DeliveryError(text, permanent=True)
        if heard.status in _NOT_UNDERSTOOD:
            return NotUnderstood(text, permanent=True)
        return DeliveryError(text, retry_after=retry_after(heard.retry_after, self._now()))


def open_service(
    address: str, *, priority: str = "default", link: str | None = None, silent: bool = False
) -> Any:
    """Return Apprise's object for an address, without remote pictures or redirects; None if it is wrong."""
    import apprise

    quiet()
    asset = apprise.AppriseAsset(
        app_id="claimwatch",
        app_desc="claimwatch",
        app_url="",
        image_url_mask="",
        image_url_logo="",
        async_mode=False,
        secure_logging=True,
        service_timeout=0,  # else it sends from a pool of its own, which the end of the program waits for
    )
    options = {
        "redirect": "no",
        "image": "no",
        "footer": "no",
        "avatar": "no",
        "retry": "0",
        "cto": str(_CONNECT_SECONDS),
        "rto": str(_READ_SECONDS),
    }
    if address.startswith("ntfy"):
        options |= {"priority": priority} | ({"click": link} if link else {})
    if address.startswith("tgram") and silent:
        options |= {"silent": "yes"}
    glue = "&" if "?" in address else "?"
    return apprise.Apprise.instantiate(f"{address}{glue}{urlencode(options)}", asset=asset)


_HEARD = threading.local()
_PREPARED = threading.Event()


def quiet() -> None:
    """Keep Apprise's and its HTTP library's log lines in: they can hold whole addresses with their tokens.

    Also listens to what services answer: Apprise says only yes or no, and a Retry-After must be obeyed.
    """
    if _PREPARED.is_set():
        return
    _PREPARED.set()
    import requests

    for name in ("apprise", "urllib3", "requests"):
        logger = logging.getLogger(name)
        logger.setLevel(logging.CRITICAL)
        logger.propagate = False
    inner = requests.Session.send

    def send(self: Any, request: Any, **kwargs: Any) -> Any:
        answer = inner(self, request, **kwargs)
        with suppress(Exception):
            _HEARD.last = Heard(answer.status_code, str(answer.reason or ""), _wanted_wait(answer))
        return answer

    requests.Session.send = send  # type: ignore[method-assign]


def _wanted_wait(answer: Any) -> str | None:
    """Return what the service asks us to wait, in seconds or as a date; Telegram says so in the body only."""
    if answer.headers.get("Retry-After"):
        return str(answer.headers["Retry-After"])
    if answer.status_code == 429:
        body = json.loads(answer.content[:10_000])
        return str(body.get("retry_after") or body.get("parameters", {}).get("retry_after"))
    return None
