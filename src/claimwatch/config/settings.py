"""What the files people edit say, read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import BaseModel, SecretStr

from claimwatch.config.alert_tests import AlertTest
from claimwatch.config.nodes import Node
from claimwatch.config.problems import Problem
from claimwatch.core.aliases import AliasBook
from claimwatch.core.model import Claim, Feed, Route, Topic
from claimwatch.storage.place import Place, beside


class Receiver(NamedTuple):
    """A named addressee: the channel's type and its settings (secrets inside are SecretStr)."""

    type: str
    settings: BaseModel


@dataclass(frozen=True, slots=True)
class Mail:
    """The server mail leaves by. Without a `mail:` section: the machine's own, on port 25."""

    host: str = "localhost"
    port: int = 25
    tls: Literal["none", "starttls", "tls"] = "none"
    user: str | None = None
    password: SecretStr | None = None
    sender: str = "claimwatch@localhost"
    reply_to: str | None = None
    unsubscribe: tuple[str, ...] = ()  # mailto: and https: addresses
    subject: Literal["claim", "verb-first"] = "claim"


@dataclass(frozen=True)
class Heartbeat:
    """An address that is asked for while claimwatch works; who watches it raises the alarm."""

    url: SecretStr
    every: timedelta = timedelta(minutes=5)
    private: bool = False


@dataclass(frozen=True)
class WebSubAddress:
    """Where hubs reach us, and where we listen for that behind a reverse proxy."""

    callback: str
    host: str = "127.0.0.1"
    port: int = 8765


@dataclass(frozen=True, slots=True)
class Keep:
    """How long what comes in is kept; the ledger (claims, evidence, alerts, judgements) is kept for ever."""

    items: timedelta = timedelta(days=365)  # that nothing was said of
    texts: timedelta = timedelta(days=30)  # long texts of items that are on no topic


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that keep one bad feed or a bad night from hurting the rest."""

    fetches: int = 64  # feeds fetched at the same time
    feed_size: int = 10_000_000  # bytes of one document
    timeout: timedelta = timedelta(seconds=30)  # for one feed, all in all
    first_poll: timedelta = timedelta(hours=48)  # of a new feed, only items this young may alert
    backfill: timedelta = timedelta(days=7)  # a new topic is matched with what was stored so long


@dataclass(frozen=True, slots=True)
class NliModel:
    """A model that judges what the embedded judge leaves open: a folder, or a name on the hub.

    Without figures of its own it is calibrated as `judges/nli/calibration.py` says.
    """

    model: str
    temperature: float | None = None
    supports: float | None = None
    contradicts: float | None = None


@dataclass(frozen=True, slots=True)
class LlmEndpoint:
    """An OpenAI-compatible endpoint that judges what the judges before it leave open."""

    url: str
    model: str
    key: SecretStr | None = None
    timeout: timedelta = timedelta(seconds=20)
    per_hour: int = 200
    at_once: int = 2


@dataclass(frozen=True, slots=True)
class SecondJudges:
    """Who is asked when the embedded judge is not sure, and how long an item waits for them."""

    nli: NliModel | None = None
    llm: LlmEndpoint | None = None
    wait: timedelta = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the program is told by files and environment."""

    timezone: str
    languages: tuple[str, ...]
    contact: str | None
    storage: Place
    mail: Mail
    limits: Limits
    feeds: tuple[Feed, ...]
    topics: tuple[Topic, ...]
    claims: tuple[Claim, ...]
    routes: tuple[Route, ...]
    receivers: Mapping[str, Receiver]
    aliases: AliasBook
    judge: SecondJudges = SecondJudges()
    operators: tuple[str, ...] = ()  # receivers that are told of trouble with claimwatch itself
    heartbeat: Heartbeat | None = None
    websub: WebSubAddress | None = None
    alert_tests: tuple[AlertTest, ...] = ()
    warnings: tuple[str, ...] = ()
    keep: Keep = Keep()
    templates: Path | None = None  # people's own words for alerts
    files: tuple[Path, ...] = ()  # what was read, for those who watch for changes
    findings: tuple[Problem, ...] = field(
        default=(), repr=False, compare=False
    )  # the warnings with their places
    places: Mapping[str, Node] = field(
        default_factory=dict, repr=False, compare=False
    )  # of claims and examples

    @property
    def var(self) -> Path:
        """The folder of the files that the program itself writes."""
        return beside(self.storage, "").parent
