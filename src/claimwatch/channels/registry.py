"""Every channel by the name people write in `type:`. A new channel is a module and its lines here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel

from claimwatch.channels.apprise import AppriseChannel
from claimwatch.channels.atom import AtomChannel, AtomSettings
from claimwatch.channels.context import ChannelContext
from claimwatch.channels.discord import discord
from claimwatch.channels.email import EmailChannel, EmailSettings
from claimwatch.channels.jsonl import JsonlChannel, JsonlSettings
from claimwatch.channels.matrix import MatrixChannel, MatrixSettings
from claimwatch.channels.mattermost import mattermost
from claimwatch.channels.services import (
    AppriseSettings,
    DiscordSettings,
    GotifySettings,
    MattermostSettings,
    NtfySettings,
    PushoverSettings,
    RocketChatSettings,
    SlackSettings,
    TeamsSettings,
    TelegramSettings,
)
from claimwatch.channels.slack import slack
from claimwatch.channels.telegram import TelegramBot
from claimwatch.channels.terminal import TerminalChannel, TerminalSettings
from claimwatch.channels.webhook import WebhookChannel, WebhookSettings
from claimwatch.protocols import Channel

_CHANNELS: dict[str, tuple[type[BaseModel], Callable[[str, Any, ChannelContext], Channel]]] = {
    "email": (EmailSettings, EmailChannel),
    "webhook": (WebhookSettings, WebhookChannel),
    "terminal": (TerminalSettings, TerminalChannel),
    "jsonl": (JsonlSettings, JsonlChannel),
    "atom": (AtomSettings, AtomChannel),
    "matrix": (MatrixSettings, MatrixChannel),
    "slack": (SlackSettings, slack),
    "mattermost": (MattermostSettings, mattermost),
    "discord": (DiscordSettings, discord),
    "telegram": (TelegramSettings, TelegramBot),
    "ntfy": (NtfySettings, AppriseChannel),
    "pushover": (PushoverSettings, AppriseChannel),
    "gotify": (GotifySettings, AppriseChannel),
    "rocketchat": (RocketChatSettings, AppriseChannel),
    "teams": (TeamsSettings, AppriseChannel),
    "apprise": (AppriseSettings, AppriseChannel),
}

SETTINGS: dict[str, type[BaseModel]] = {kind: settings for kind, (settings, _) in _CHANNELS.items()}


def expand(name: str, kind: str, settings: BaseModel) -> dict[str, BaseModel]:
    """Return one receiver for each address, so that each delivery has a result of its own.

    {"desk-mail/desk@example.org": settings, ...}; a receiver with one address keeps its name. A delivery is
    unique by (alert, receiver name): one refused address then neither loses nor repeats the others' mail.
    Call this once, when receivers are read, and route to all the names it returns.
    """
    if isinstance(settings, EmailSettings) and len(settings.to) > 1:
        return {
            f"{name}/{to}": settings.model_copy(update={"to": (to,)}) for to in dict.fromkeys(settings.to)
        }
    return {name: settings}


def open_channel(name: str, kind: str, settings: BaseModel, context: ChannelContext) -> Channel:
    """Return the channel for one expanded receiver; opens no connection yet.

    Raises: KeyError for a type that is not in `SETTINGS`.
    """
    _, channel = _CHANNELS[kind]
    return channel(name, settings, context)
