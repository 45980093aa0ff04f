"""The plain settings of claimwatch.yaml: time zone, languages, storage, mail server, limits."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Literal, cast
from zoneinfo import ZoneInfo, available_timezones

from pydantic import SecretStr

from claimwatch.config.fields import Fields
from claimwatch.config.languages import read_tag
from claimwatch.config.nodes import Mapping, Scalar
from claimwatch.config.problems import Problems, did_you_mean
from claimwatch.config.secrets import Vault
from claimwatch.config.settings import Limits, Mail

KEYS = ("timezone", "languages", "contact", "storage", "mail", "limits")
MAIL_KEYS = (
    "host", "port", "tls", "user", "password", "password_file", "password_env", "from", "reply_to",
    "unsubscribe", "subject",
)  # fmt: skip
LIMIT_KEYS = ("fetches", "feed_size", "timeout", "first_poll")
STORAGE = "var/claimwatch.db"
_PORTS = {"none": 25, "starttls": 587, "tls": 465}
_STOP = re.compile(
    r"(?:mailto:[\w.+{}-]+@[A-Za-z0-9.-]+(?:\?subject=[\w.%{}-]+)?|https://[A-Za-z0-9.-]+(?::\d+)?(?:/[!-;=?-~]*)?)",
    re.ASCII,
)
_STOP_LIMIT = 74  # with {id} filled in and the frame: RFC 2047 encoders leave lines up to 78 alone
_OWN = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Plain:
    """The plain settings with their defaults."""

    timezone: str = "UTC"
    languages: tuple[str, ...] = ()
    contact: str | None = None
    storage: str = STORAGE
    mail: Mail | None = None
    limits: Limits = field(default_factory=Limits)


def read_plain(node: Mapping | None, vault: Vault, problems: Problems) -> Plain:
    """Return the plain settings of a file (its other sections were taken out before)."""
    if node is None:
        return Plain()
    fields = Fields(node, "", KEYS, problems)
    storage = STORAGE
    inner = fields.mapping("storage")
    if inner is not None:
        storage = Fields(inner, "storage", ("path",), problems).text("path") or STORAGE
    return Plain(
        timezone=_timezone(fields),
        languages=_languages(fields),
        contact=fields.text("contact"),
        storage=storage,
        mail=_mail(fields.mapping("mail"), vault, problems),
        limits=_limits(fields.mapping("limits"), problems),
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


def _mail(node: Mapping | None, vault: Vault, problems: Problems) -> Mail | None:
    if node is None:
        return None
    fields = Fields(node, "mail", MAIL_KEYS, problems)
    host = fields.text("host")
    tls = cast('Literal["none", "starttls", "tls"]', fields.one_of("tls", _PORTS) or "none")
    port = fields.whole("port", least=1, most=65_535) or _PORTS[tls]
    user = fields.text("user")
    password = vault.take(fields, "password", "password of the mail server", "can send mail as you")
    if password is not None and user is None and not fields.has("user"):
        fields.missing("user", "the name that goes with the password")
    mail = Mail(
        host=host or "localhost", port=port, tls=tls, user=user, reply_to=_address(fields, "reply_to")
    )
    if password is not None:
        mail = replace(mail, password=SecretStr(password))
        if tls == "none" and mail.host not in _OWN:
            problems.warn(
                30, fields.key("tls"), "mail",
                f"The password crosses the network to {mail.host} unencrypted. Write:  tls: starttls",
            )  # fmt: skip
    subject = fields.one_of("subject", ("claim", "verb-first"))
    mail = replace(
        mail,
        unsubscribe=_unsubscribe(fields),
        subject=cast('Literal["claim", "verb-first"]', subject or "claim"),
    )
    sender = _address(fields, "from")
    return replace(mail, sender=sender) if sender else mail


def _unsubscribe(fields: Fields) -> tuple[str, ...]:
    """Return where readers can have mails stopped, the web address first: mail programs take that one."""
    found = []
    for written, place in fields.placed_texts("unsubscribe"):
        if not _STOP.fullmatch(written):
            fields.error(
                7, place, "unsubscribe",
                f'"{written}" cannot stop a mail. Write an address such as mailto:stop+{{id}}@example.org '
                "or https://example.org/u/{id}; {id} stands for a short mark of the reader.",
            )  # fmt: skip
        elif len(written) > _STOP_LIMIT:
            fields.error(
                7, place, "unsubscribe", f"This has {len(written)} characters; some mail programs "
                f"break addresses over {_STOP_LIMIT}.",
            )  # fmt: skip
        else:
            found.append(written)
    return tuple(sorted(found, key=lambda each: not each.startswith("https:")))


def _address(fields: Fields, key: str) -> str | None:
    written = fields.text(key)
    if written is None:
        return None
    address = written.rsplit("<", 1)[-1].rstrip(">")
    if "@" not in address[1:-1] or any(letter.isspace() for letter in address) or "\n" in written:
        fields.error(1, fields.value(key), key, f'"{written}" is not a mail address.')
        return None
    return written


def _limits(node: Mapping | None, problems: Problems) -> Limits:
    limits = Limits()
    if node is None:
        return limits
    fields = Fields(node, "limits", LIMIT_KEYS, problems)
    fetches = fields.whole("fetches", least=1, most=1000)
    size = fields.whole("feed_size", least=10_000, most=200_000_000)
    timeout, first = fields.span("timeout"), fields.span("first_poll")
    if timeout is not None and not 1 <= timeout.total_seconds() <= 600:
        fields.error(31, fields.value("timeout"), "timeout", "timeout takes 1s to 10m.")
        timeout = None
    return Limits(
        fetches=fetches or limits.fetches,
        feed_size=size or limits.feed_size,
        timeout=timeout or limits.timeout,
        first_poll=limits.first_poll if first is None else first,
    )


def storage_path(base: Path, written: str) -> Path:
    """Return where the database lies; relative paths start beside the config directory."""
    return base / Path(written).expanduser()


def placed(node: Mapping, key: str) -> Scalar | None:
    """Return where a top-level key stands."""
    return next((name for name, _ in node.entries if name.text == key), None)
