"""The chat and push services people name in `type:`, each as settings that become an Apprise address."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Literal
from urllib.parse import quote, urlsplit

from pydantic import BaseModel, ConfigDict, SecretStr, field_validator, model_validator

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


class SlackSettings(ServiceSettings):
    """An incoming webhook's `url`, or a bot's `token` (xoxb-...) and `channel`."""

    service: ClassVar[str] = "slack"
    scheme: ClassVar[str] = "slack"
    url: SecretStr | None = None
    token: SecretStr | None = None
    channel: str | None = None

    @model_validator(mode="after")
    def _one_way(self) -> SlackSettings:
        if (self.url is None) == (self.token is None) or (self.token and not self.channel):
            raise ValueError("Slack needs either url (an incoming webhook) or token and channel (a bot)")
        if self.url:
            _web(self.url, "a Slack webhook")
        return self

    def address(self) -> str:
        if self.url:
            return self.url.get_secret_value()
        token = self.token.get_secret_value() if self.token else ""
        return f"slack://{quote(token, safe='')}/{quote('#' + (self.channel or '').lstrip('#'), safe='')}/"


class DiscordSettings(ServiceSettings):
    """A channel webhook's `url`."""

    service: ClassVar[str] = "discord"
    scheme: ClassVar[str] = "discord"
    url: SecretStr

    @field_validator("url")
    @classmethod
    def _is_web(cls, url: SecretStr) -> SecretStr:
        return _web(url, "a Discord webhook")

    def address(self) -> str:
        return self.url.get_secret_value()


class TeamsSettings(DiscordSettings):
    """The `url` of a Power Automate workflow "Send webhook alerts to a channel"."""

    service: ClassVar[str] = "teams"
    scheme: ClassVar[str] = "workflow"


class MattermostSettings(ServiceSettings):
    """An incoming webhook's `url`: https://chat.example.org/hooks/..."""

    service: ClassVar[str] = "mattermost"
    scheme: ClassVar[str] = "mmost"
    url: SecretStr

    @field_validator("url")
    @classmethod
    def _is_hook(cls, url: SecretStr) -> SecretStr:
        if "/hooks/" not in urlsplit(url.get_secret_value()).path:
            raise ValueError("a Mattermost webhook's address looks like https://chat.example.org/hooks/...")
        return _web(url, "a Mattermost webhook")

    def address(self) -> str:
        parts = urlsplit(self.url.get_secret_value())
        before, _, token = parts.path.partition("/hooks/")
        scheme = "mmosts" if parts.scheme == "https" else "mmost"
        return f"{scheme}://{parts.netloc}{before}/{quote(token.strip('/'), safe='')}"


class TelegramSettings(ServiceSettings):
    """A bot's `token`, and the `chat` it writes to (a number, or @name of a channel)."""

    service: ClassVar[str] = "telegram"
    scheme: ClassVar[str] = "tgram"
    token: SecretStr
    chat: str | int

    def address(self) -> str:
        chat = quote(str(self.chat), safe="@-")
        return f"tgram://{quote(self.token.get_secret_value(), safe=':')}/{chat}/?preview=no"


class NtfySettings(ServiceSettings):
    """A `topic`, on ntfy.sh or an own `server`; `token`, or `user` and `password`, where it is protected."""

    service: ClassVar[str] = "ntfy"
    scheme: ClassVar[str] = "ntfy"
    topic: str
    server: str = "https://ntfy.sh"
    token: SecretStr | None = None
    user: str | None = None
    password: SecretStr | None = None
    priority: Literal["min", "low", "default", "high", "max"] | None = None  # None: high for CONTRADICTS

    @field_validator("server")
    @classmethod
    def _is_web(cls, server: str) -> str:
        _web(SecretStr(server), "a server's address")
        return server

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
