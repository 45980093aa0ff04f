"""Telegram: a bot's messages; those on one claim answer the first."""

from __future__ import annotations

from typing import Any

from claimwatch.channels.chat_api import ChatApi
from claimwatch.channels.context import ChannelContext
from claimwatch.channels.services import STYLES, TelegramSettings
from claimwatch.channels.threaded import Post, ThreadedChat
from claimwatch.core.safety import clean
from claimwatch.errors import DeliveryError


class TelegramBot(ThreadedChat):
    """One chat. An answer stands in the chat like any message, so nothing has to be said twice."""

    broadcasts = True

    def __init__(self, name: str, settings: TelegramSettings, context: ChannelContext) -> None:
        api = ChatApi(f"{name} (telegram)", {}, context.now)
        super().__init__(name, "telegram", STYLES["tgram"], api, context)
        token = settings.token.get_secret_value()
        self._bot = f"{settings.server}/bot{token}"
        self._chat = settings.chat
        self.place = f"telegram {token.partition(':')[0]} {settings.chat}"

    async def _send(self, post: Post) -> str:
        body = self._body(post) | {"disable_notification": post.silent}
        if post.root and post.root.isdecimal():
            body["reply_parameters"] = {"message_id": int(post.root), "allow_sending_without_reply": True}
        answer = await self._api.call("POST", f"{self._bot}/sendMessage", body, key=post.key)
        result = answer.get("result")
        return clean(str(result.get("message_id", "")) if isinstance(result, dict) else "", limit=40)

    async def _edit(self, remote_id: str, post: Post) -> None:
        body = self._body(post) | {"message_id": int(remote_id)}
        try:
            await self._api.call("POST", f"{self._bot}/editMessageText", body)
        except DeliveryError as error:
            if "not modified" not in str(error):
                raise

    def _body(self, post: Post) -> dict[str, Any]:
        mode = {"parse_mode": "HTML"} if post.marked_up else {}
        return {
            "chat_id": self._chat,
            "text": post.text,
            "link_preview_options": {"is_disabled": True},
            **mode,
        }
