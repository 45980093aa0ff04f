"""The chat and push services people name in `type:`, each as settings that become an Apprise address."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal
from urllib.parse import quote, urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, SecretStr, field_validator, model_validator

from claimwatch.core.markup import DISCORD, HTML, MARKDOWN, PLAIN, TELEGRAM, Markup


@dataclass(frozen=True, slots=True)
class Style:
    """How a service is written to: mark-up, characters one message takes, whether it is a push."""

    markup: Markup
    limit: int
    push: bool = False


# The first part of an Apprise address (without the "s" of its TLS form) -> how it is written to.
STYLES = {
    "discord": Style(DISCORD, 1900),
    "mmost": Style(MARKDOWN, 3800),
    "rocket": Style(MARKDOWN, 950),
    "slack": Style(HTML, 3000),
    "tgram": Style(TELEGRAM, 3800),
    "workflow": Style(MARKDOWN, 950),
    "ntfy": Style(PLAIN, 3500, push=True),
    "gotify": Style(PLAIN, 3500, push=True),
    "pover": Style(PLAIN, 1000, push=True),
}
OTHER = Style(PLAIN, 950)  # a service we do not know: plain words, no more than the smallest take


def style_of(url: str) -> Style:
    """Return how to write to the service behind an Apprise address (or a service's own https:// address)."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    for end, scheme in (("slack.com", "slack"), ("discord.com", "discord"), ("discordapp.com", "discord")):
        if parts.scheme == "https" and (host == end or host.endswith("." + end)):
            return STYLES[scheme]
    scheme = parts.scheme.lower()
    return STYLES.get(scheme) or STYLES.get(scheme.removesuffix("s")) or OTHER


class ServiceSettings(BaseModel, ABC):
    """`address` gives the secret Apprise address, `style` how the service is written to."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    service: ClassVar[str] = ""  # as people write it in `type:`
    scheme: ClassVar[str] = ""  # as Apprise calls it

    @abstractmethod
    def address(self) -> str: ...

    def style(self) -> Style:
        return STYLES[self.scheme]


def _web(url: SecretStr, what: str) -> SecretStr:
    parts = urlsplit(url.get_secret_value())
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"this is not {what}; it begins with https://")
    return url


def _server(url: str) -> str:
    return _web(SecretStr(url), "a server's address").get_secret_value().rstrip("/")


Server = Annotated[str, AfterValidator(_server)]


class SlackSettings(ServiceSettings):
    """An incoming webhook's `url`, or a bot's `token` (xoxb-...) and `channel`: a bot's messages thread."""

    service: ClassVar[str] = "slack"
    scheme: ClassVar[str] = "slack"
    url: SecretStr | None = None
    token: SecretStr | None = None
    channel: str | None = None
    server: Server = "https://slack.com"

    @model_validator(mode="after")
    def _one_way(self) -> SlackSettings:
        if (self.url is None) == (self.token is None) or (self.token and not self.channel):
            raise ValueError("Slack needs either url (an incoming webhook) or token and channel (a bot)")
        if self.url:
            _web(self.url, "a Slack webhook")
        return self

    def address(self) -> str:
        return self.url.get_secret_value() if self.url else ""


class DiscordSettings(ServiceSettings):
    """A channel webhook's `url` (`forum: true` where the channel is one), or a bot's `token` and `channel`."""

    service: ClassVar[str] = "discord"
    scheme: ClassVar[str] = "discord"
    url: SecretStr | None = None
    forum: bool = False
    token: SecretStr | None = None
    channel: str | None = None
    server: Server = "https://discord.com"

    @model_validator(mode="after")
    def _one_way(self) -> DiscordSettings:
        if (self.url is None) == (self.token is None) or (self.token and not self.channel):
            raise ValueError("Discord needs either url (a webhook) or token and channel (a bot)")
        if self.channel and not self.channel.isdecimal():
            raise ValueError(
                "a Discord channel is given by its id, a number (developer mode, Copy channel ID)"
            )
        if self.url:
            _web(self.url, "a Discord webhook")
        return self

    def address(self) -> str:
        return self.url.get_secret_value() if self.url else ""


class TeamsSettings(ServiceSettings):
    """The `url` of a Power Automate workflow "Send webhook alerts to a channel"."""

    service: ClassVar[str] = "teams"
    scheme: ClassVar[str] = "workflow"
    url: SecretStr

    @field_validator("url")
    @classmethod
    def _is_web(cls, url: SecretStr) -> SecretStr:
        return _web(url, "a Teams workflow's address")

    def address(self) -> str:
        return self.url.get_secret_value()


class MattermostSettings(ServiceSettings):
    """An incoming webhook's `url`, or a bot: `server`, `token` and the `channel`'s id. A bot's messages thread."""

    service: ClassVar[str] = "mattermost"
    scheme: ClassVar[str] = "mmost"
    url: SecretStr | None = None
    server: Server | None = None
    token: SecretStr | None = None
    channel: str | None = None

    @model_validator(mode="after")
    def _one_way(self) -> MattermostSettings:
        bot = (self.server, self.token, self.channel)
        if (self.url is None) == (self.token is None) or (self.token and None in bot):
            raise ValueError(
                "Mattermost needs either url (an incoming webhook) or server, token and channel (a bot)"
            )
        if self.channel and not re.fullmatch("[a-z0-9]{26}", self.channel):
            raise ValueError("a Mattermost channel is given by its id of 26 characters (View info)")
        if self.url:
            if "/hooks/" not in urlsplit(self.url.get_secret_value()).path:
                raise ValueError(
                    "a Mattermost webhook's address looks like https://chat.example.org/hooks/..."
                )
            _web(self.url, "a Mattermost webhook")
        return self

    def address(self) -> str:
        parts = urlsplit(self.url.get_secret_value() if self.url else "")
        before, _, token = parts.path.partition("/hooks/")
        scheme = "mmosts" if parts.scheme == "https" else "mmost"
        return f"{scheme}://{parts.netloc}{before}/{quote(token.strip('/'), safe='')}"


class TelegramSettings(BaseModel):
    """A bot's `token`, and the `chat` it writes to (a number, or @name of a channel)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    token: SecretStr
    chat: str | int
    server: Server = "https://api.telegram.org"


class GotifySettings(ServiceSettings):
    """A Gotify `server` and an application's `token`."""

    service: ClassVar[str] = "gotify"
    scheme: ClassVar[str] = "gotify"
    server: Server
    token: SecretStr

    def address(self) -> str:
        return _at(self.server, "gotify", quote(self.token.get_secret_value(), safe=""))


class PushoverSettings(ServiceSettings):
    """An application's `token` and the `user` key (or group key) it pushes to."""

    service: ClassVar[str] = "pushover"
    scheme: ClassVar[str] = "pover"
    token: SecretStr
    user: SecretStr

    def address(self) -> str:
        user, token = self.user.get_secret_value(), self.token.get_secret_value()
        return f"pover://{quote(user, safe='')}@{quote(token, safe='')}/"


class RocketChatSettings(ServiceSettings):
    """An incoming webhook's `url`: https://chat.example.org/hooks/ID/TOKEN."""

    service: ClassVar[str] = "rocketchat"
    scheme: ClassVar[str] = "rocket"
    url: SecretStr

    @field_validator("url")
    @classmethod
    def _is_hook(cls, url: SecretStr) -> SecretStr:
        _web(url, "a Rocket.Chat webhook")
        if not re.search(r"/hooks/[^/]+/[^/]+/?$", urlsplit(url.get_secret_value()).path):
            raise ValueError(
                "a Rocket.Chat webhook's address looks like https://chat.example.org/hooks/ID/TOKEN"
            )
        return url

    def address(self) -> str:
        parts = urlsplit(self.url.get_secret_value())
        before, _, hook = parts.path.rstrip("/").partition("/hooks/")
        scheme = "rockets" if parts.scheme == "https" else "rocket"
        return f"{scheme}://{hook}@{parts.netloc}{before}/?mode=webhook&avatar=no"


def _at(server: str, scheme: str, path: str) -> str:
    parts = urlsplit(server)
    return f"{scheme}{'s' * (parts.scheme == 'https')}://{parts.netloc}{parts.path}/{path}"


class NtfySettings(ServiceSettings):
    """A `topic`, on ntfy.sh or an own `server`; `token`, or `user` and `password`, where it is protected."""

    service: ClassVar[str] = "ntfy"
    scheme: ClassVar[str] = "ntfy"
    topic: str
    server: Server = "https://ntfy.sh"
    token: SecretStr | None = None
    user: str | None = None
    password: SecretStr | None = None
    priority: Literal["min", "low", "default", "high", "max"] | None = None  # None: high for CONTRADICTS

    def address(self) -> str:
        parts = urlsplit(self.server)
        login = ""
        if self.token:
            login = quote(self.token.get_secret_value(), safe="") + "@"
        elif self.user and self.password:
            login = f"{quote(self.user, safe='')}:{quote(self.password.get_secret_value(), safe='')}@"
        scheme = "ntfys" if parts.scheme == "https" else "ntfy"
        query = "?auth=token" if self.token else ""
        return f"{scheme}://{login}{parts.netloc}/{quote(self.topic, safe='')}{query}"


class AppriseSettings(ServiceSettings):
    """Any address Apprise understands: `url` like pover://user@token, gotify://host/token ..."""

    url: SecretStr

    @field_validator("url")
    @classmethod
    def _has_scheme(cls, url: SecretStr) -> SecretStr:
        if "://" not in url.get_secret_value():
            raise ValueError(
                "an Apprise address looks like service://...; see the list at appriseit.com/services"
            )
        return url

    def address(self) -> str:
        return self.url.get_secret_value()

    def style(self) -> Style:
        return style_of(self.url.get_secret_value())
