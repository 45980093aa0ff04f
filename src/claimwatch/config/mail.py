"""The section `mail:`: the server that takes our mail, and what a mail says of itself."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal, cast

from pydantic import SecretStr

from claimwatch.config.fields import Fields
from claimwatch.config.nodes import Mapping
from claimwatch.config.problems import Problems
from claimwatch.config.secrets import Vault
from claimwatch.config.settings import Mail

KEYS = (
    "host", "port", "tls", "user", "password", "password_file", "password_env", "from", "reply_to",
    "unsubscribe", "subject",
)  # fmt: skip
_PORTS = {"none": 25, "starttls": 587, "tls": 465}
_STOP = re.compile(
    r"(?:mailto:[\w.+{}-]+@[A-Za-z0-9.-]+(?:\?subject=[\w.%{}-]+)?|https://[A-Za-z0-9.-]+(?::\d+)?(?:/[!-;=?-~]*)?)",
    re.ASCII,
)
_STOP_LIMIT = 74  # with {id} filled in and the frame: RFC 2047 encoders leave lines up to 78 alone
_OWN = ("localhost", "127.0.0.1", "::1")


def read_mail(node: Mapping | None, vault: Vault, problems: Problems) -> Mail | None:
    """Return the mail settings, None without the section."""
    if node is None:
        return None
    fields = Fields(node, "mail", KEYS, problems)
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
