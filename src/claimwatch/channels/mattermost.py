"""Mattermost: a bot, whose messages form threads, or an incoming webhook, whose cannot."""

from __future__ import annotations

from claimwatch.channels.apprise import AppriseChannel
from claimwatch.channels.chat_api import ChatApi, Refused, ThreadGone
from claimwatch.channels.context import ChannelContext
from claimwatch.channels.mime import identifier
from claimwatch.channels.services import STYLES, MattermostSettings
from claimwatch.channels.threaded import Post, ThreadedChat
from claimwatch.core.safety import clean
from claimwatch.protocols import Channel


def mattermost(name: str, settings: MattermostSettings, context: ChannelContext) -> Channel:
    """Return the channel for what the settings hold."""
    if settings.url:
        return AppriseChannel(name, settings, context)
    return MattermostBot(name, settings, context)


class MattermostBot(ThreadedChat):
    """One channel that a bot is a member of. The server drops a copy that comes soon (pending_post_id)."""

    def __init__(self, name: str, settings: MattermostSettings, context: ChannelContext) -> None:
        token = settings.token.get_secret_value() if settings.token else ""
        api = ChatApi(f"{name} (mattermost)", {"Authorization": f"Bearer {token}"}, context.now)
        super().__init__(name, "mattermost", STYLES["mmost"], api, context)
        self._posts = f"{settings.server}/api/v4/posts"
        self._channel = settings.channel
        self.place = f"mattermost {settings.channel}"

    async def _send(self, post: Post) -> str:
        body = {
            "channel_id": self._channel,
            "message": post.text,
            "root_id": post.root or "",
            "pending_post_id": identifier(post.key),
            "props": {"mentionHighlightDisabled": True, "disable_group_highlight": True},
        }
        try:
            answer = await self._api.call("POST", self._posts, body, key=post.key)
        except Refused as error:
            if post.root and "root_id" in str(error.body.get("id", "")):
                raise ThreadGone(str(error), permanent=True) from error
            raise
        return clean(str(answer.get("id", "")), limit=60)

    async def _edit(self, remote_id: str, post: Post) -> None:
        await self._api.call("PUT", f"{self._posts}/{remote_id}/patch", {"message": post.text})
