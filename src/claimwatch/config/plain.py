"""The plain settings of claimwatch.yaml: time zone, languages, storage, mail server, limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import SecretStr

from claimwatch.config.fields import Fields
from claimwatch.config.hosts import read_hosts
from claimwatch.config.judge import read_judge
from claimwatch.config.keep import read_keep
from claimwatch.config.languages import read_tag
from claimwatch.config.mail import read_mail
from claimwatch.config.nodes import Mapping
from claimwatch.config.problems import Problems, did_you_mean
from claimwatch.config.secrets import Vault
from claimwatch.config.settings import Heartbeat, Keep, Limits, Mail, SecondJudges, WebSubAddress
from claimwatch.config.storage import STORAGE, read_storage
from claimwatch.config.websub import read_websub
from claimwatch.core.model import HostPace
from claimwatch.storage.place import Place

KEYS = (
    "timezone",
    "languages",
    "contact",
    "storage",
    "mail",
    "heartbeat",
    "limits",
    "keep",
    "hosts",
    "judge",
    "websub",
)
HEARTBEAT_KEYS = ("url", "url_file", "url_env", "every", "private")
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
LIMIT_KEYS = ("fetches", "feed_size", "timeout", "first_poll", "backfill")


@dataclass(frozen=True, slots=True)
class Plain:
    """The plain settings with their defaults."""

    timezone: str = "UTC"
    languages: tuple[str, ...] = ()
    contact: str | None = None
    storage: Place = Path(STORAGE)
    mail: Mail | None = None
    heartbeat: Heartbeat | None = None
    limits: Limits = field(default_factory=Limits)
    keep: Keep = field(default_factory=Keep)
    judge: SecondJudges = field(default_factory=SecondJudges)
    hosts: dict[str, HostPace] = field(default_factory=dict)
    websub: WebSubAddress | None = None


def read_plain(node: Mapping | None, vault: Vault, problems: Problems) -> Plain:
    """Return the plain settings of a file (its other sections were taken out before)."""
    if node is None:
        return Plain(storage=vault.base / STORAGE)
    fields = Fields(node, "", KEYS, problems)
    return Plain(
        timezone=_timezone(fields),
        languages=_languages(fields),
        contact=fields.text("contact"),
        storage=read_storage(fields, vault),
        mail=read_mail(fields.mapping("mail"), vault, problems),
        heartbeat=_heartbeat(fields.mapping("heartbeat"), vault, problems),
        limits=_limits(fields.mapping("limits"), problems),
        keep=read_keep(fields.mapping("keep"), problems),
        judge=read_judge(fields.mapping("judge"), vault, problems),
        hosts=read_hosts(fields.mapping("hosts"), problems),
        websub=read_websub(fields.mapping("websub"), problems),
    )


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _timezone(fields: Fields) -> str:
    written = fields.text("timezone")
    if written is None:
        return "UTC"
    if written in ("UTC", "GMT") or "/" in written:
        try:
            ZoneInfo(written)
        except (ValueError, OSError):  # ZoneInfoNotFoundError is a KeyError; see below
            pass
        except KeyError:
            pass
        else:
            return written
    elif written in _zones():
        return written
    hint = did_you_mean(written, [zone for zone in _zones() if "/" in zone])
    fields.error(6, fields.value("timezone"), "timezone", f'"{written}" is not a time zone.{hint}')
    return "UTC"


def _languages(fields: Fields) -> tuple[str, ...]:
    found: list[str] = []
    for written, place in fields.placed_texts("languages"):
        tag, complaint = read_tag(written)
        if tag is None:
            fields.error(12, place, "languages", complaint)
        else:
            found.append(tag)
    return tuple(dict.fromkeys(found))


def _heartbeat(node: Mapping | None, vault: Vault, problems: Problems) -> Heartbeat | None:
    if node is None:
        return None
    fields = Fields(node, "heartbeat", HEARTBEAT_KEYS, problems)
    url = vault.take(fields, "url", "heartbeat's address", "can say that all is well")
    if url is None:
        if not any(fields.has(key) for key in ("url", "url_file", "url_env")):
            fields.missing("url_file", "/run/secrets/heartbeat", spoken="The heartbeat")
        return None
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        fields.error(7, fields.node, "", "The heartbeat's address begins with https://")
        return None
    every = fields.span("every")
    if every is not None and not MINUTE <= every <= DAY:
        fields.error(31, fields.value("every"), "every", "every takes 1m to 1d.")
        every = None
    return Heartbeat(SecretStr(url), every or Heartbeat.every, private=fields.flag("private"))


def _limits(node: Mapping | None, problems: Problems) -> Limits:
    limits = Limits()
    if node is None:
        return limits
    fields = Fields(node, "limits", LIMIT_KEYS, problems)
    fetches = fields.whole("fetches", least=1, most=1000)
    size = fields.whole("feed_size", least=10_000, most=200_000_000)
    timeout, first, backfill = (fields.span(name) for name in ("timeout", "first_poll", "backfill"))
    if timeout is not None and not 1 <= timeout.total_seconds() <= 600:
        fields.error(31, fields.value("timeout"), "timeout", "timeout takes 1s to 10m.")
        timeout = None
    return Limits(
        fetches=fetches or limits.fetches,
        feed_size=size or limits.feed_size,
        timeout=timeout or limits.timeout,
        first_poll=limits.first_poll if first is None else first,
        backfill=limits.backfill if backfill is None else backfill,
    )
