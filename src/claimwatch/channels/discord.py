"""Discord: a bot, whose messages form threads, or a channel's webhook, which threads in forums only."""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import urlencode, urlsplit

from claimwatch.channels.chat_api import ChatApi, Gone, Refused, ThreadGone
from claimwatch.channels.context import ChannelContext
from claimwatch.channels.services import STYLES, DiscordSettings
from claimwatch.channels.threaded import Post, ThreadedChat
from claimwatch.core.safety import clean
from claimwatch.protocols import Channel

_NO_PREVIEW, _NO_RING = 1 << 2, 1 << 12
_UNKNOWN_CHANNEL, _UNKNOWN_MESSAGE, _THREAD_IS_THERE = 10003, 10008, 160004
_NAME = 100  # characters of a thread's name


def discord(name: str, settings: DiscordSettings, context: ChannelContext) -> Channel:
    """Return the channel for what the settings hold."""
    return DiscordWebhook(name, settings, context) if settings.url else DiscordBot(name, settings, context)


class DiscordWebhook(ThreadedChat):
    """One webhook; a message's id is "thread/message", the thread empty outside forums."""

    broadcasts = True  # nothing is hidden in a thread: without one a message stands in the channel

    def __init__(self, name: str, settings: DiscordSettings, context: ChannelContext) -> None:
        super().__init__(
            name, "discord", STYLES["discord"], ChatApi(f"{name} (discord)", {}, context.now), context
        )
        parts = urlsplit(settings.url.get_secret_value() if settings.url else "")
        self._url = parts._replace(query="").geturl().rstrip("/")
        self._forum = settings.forum
        self.place = f"discord {parts.path.rstrip('/').rpartition('/')[0].rpartition('/')[2]}"

    async def _send(self, post: Post) -> str:
        body = _body(post)
        query = {"wait": "true"}
        thread = (post.root or "").partition("/")[0] if self._forum else ""
        if thread:
            query["thread_id"] = thread
        elif self._forum:
            body["thread_name"] = post.name[:_NAME]
        try:
            answer = await self._api.call("POST", f"{self._url}?{urlencode(query)}", body, key=post.key)
        except Gone as error:
            if thread and error.body.get("code") == _UNKNOWN_CHANNEL:
                raise ThreadGone(str(error), permanent=True) from error
            raise
        container = answer.get("channel_id", "") if self._forum else ""
        return clean(f"{container}/{answer.get('id', '')}", limit=60)

    async def _edit(self, remote_id: str, post: Post) -> None:
        thread, _, message = remote_id.partition("/")
        query = f"?thread_id={thread}" if thread else ""
        await self._api.call("PATCH", f"{self._url}/messages/{message}{query}", _body(post))


class DiscordBot(ThreadedChat):
    """One channel; a message's id is "channel/message", and a thread's that of the message it began with."""

    def __init__(self, name: str, settings: DiscordSettings, context: ChannelContext) -> None:
        token = settings.token.get_secret_value() if settings.token else ""
        api = ChatApi(f"{name} (discord)", {"Authorization": f"Bot {token}"}, context.now)
        super().__init__(name, "discord", STYLES["discord"], api, context)
        self._channels = f"{settings.server}/api/v10/channels"
        self._channel = str(settings.channel)
        self.place = f"discord {settings.channel}"

    async def _send(self, post: Post) -> str:
        channel = self._channel
        body = _body(post) | {
            "nonce": hashlib.sha256(post.key.encode()).hexdigest()[:25],
            "enforce_nonce": True,  # a copy within minutes is dropped
        }
        if post.root:
            channel = await self._thread(post.root.rpartition("/")[2], post.name)
        answer = await self._api.call("POST", f"{self._channels}/{channel}/messages", body, key=post.key)
        return clean(f"{channel}/{answer.get('id', '')}", limit=60)

    async def _thread(self, root: str, name: str) -> str:
        """Return the thread of a message, which bears its id; begin it where there is none yet."""
        place = f"{self._channels}/{self._channel}/messages/{root}/threads"
        try:
            await self._api.call("POST", place, {"name": name[:_NAME], "auto_archive_duration": 10080})
        except Refused as error:
            if error.body.get("code") != _THREAD_IS_THERE:
                raise
        except Gone as error:
            if error.body.get("code") == _UNKNOWN_MESSAGE:
                raise ThreadGone(str(error), permanent=True) from error
            raise
        return root

    async def _edit(self, remote_id: str, post: Post) -> None:
        channel, _, message = remote_id.partition("/")
        await self._api.call("PATCH", f"{self._channels}/{channel}/messages/{message}", _body(post))


def _body(post: Post) -> dict[str, Any]:
    return {
        "content": post.text,
        "allowed_mentions": {"parse": []},
        "flags": _NO_PREVIEW | (_NO_RING if post.silent else 0),
    }
