"""Slack: a bot (chat.postMessage), whose messages form threads, or an incoming webhook, whose cannot."""

from __future__ import annotations

from typing import Any

from claimwatch.channels.apprise import AppriseChannel
from claimwatch.channels.chat_api import ChatApi, NotUnderstood, ThreadGone
from claimwatch.channels.context import ChannelContext
from claimwatch.channels.services import SlackSettings, Style
from claimwatch.channels.threaded import Post, ThreadedChat
from claimwatch.core.markup import SLACK
from claimwatch.core.safety import clean
from claimwatch.errors import DeliveryError
from claimwatch.protocols import Channel

STYLE = Style(SLACK, 3000)
_LATER = {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"}
_THREAD = {"thread_not_found", "message_not_found", "cannot_reply_to_message", "invalid_thread_ts"}
_WORDS = {"msg_too_long", "no_text", "invalid_blocks", "msg_blocks_too_long"}


def slack(name: str, settings: SlackSettings, context: ChannelContext) -> Channel:
    """Return the channel for what the settings hold."""
    return AppriseChannel(name, settings, context) if settings.url else SlackBot(name, settings, context)


class SlackBot(ThreadedChat):
    """One channel that a bot was invited to; a message's id is "channel/timestamp"."""

    broadcasts = True

    def __init__(self, name: str, settings: SlackSettings, context: ChannelContext) -> None:
        token = settings.token.get_secret_value() if settings.token else ""
        self._label = f"{name} (slack)"
        api = ChatApi(self._label, {"Authorization": f"Bearer {token}"}, context.now)
        super().__init__(name, "slack-bot", STYLE, api, context)
        self._server = settings.server
        self._channel = settings.channel or ""
        self.place = f"slack {self._channel}"

    async def _send(self, post: Post) -> str:
        body: dict[str, Any] = {
            "channel": self._channel,
            "text": post.text,
            "mrkdwn": post.marked_up,
            "parse": "none",
            "link_names": False,
            "unfurl_links": False,
            "unfurl_media": False,
        }
        if post.root:
            body |= {"thread_ts": post.root.rpartition("/")[2], "reply_broadcast": post.aloud}
        answer = await self._call("chat.postMessage", body, post.key)
        return clean(f"{answer.get('channel', self._channel)}/{answer.get('ts', '')}", limit=100)

    async def _edit(self, remote_id: str, post: Post) -> None:
        channel, _, stamp = remote_id.rpartition("/")
        await self._call("chat.update", {"channel": channel, "ts": stamp, "text": post.text}, "")

    async def _call(self, method: str, body: dict[str, Any], key: str) -> dict[str, Any]:
        answer = await self._api.call("POST", f"{self._server}/api/{method}", body, key=key)
        if answer.get("ok") is True:
            return answer
        error = clean(str(answer.get("error") or "something that is no answer"), limit=80)
        text = f"{self._label} answered {error}"
        if error in _THREAD:
            raise ThreadGone(text, permanent=True)
        if error in _WORDS:
            raise NotUnderstood(text, permanent=True)
        raise DeliveryError(text, permanent=bool(answer.get("error")) and error not in _LATER)
