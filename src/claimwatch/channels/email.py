"""Mail over SMTP, one recipient a conversation, so that each has a result of its own."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from claimwatch.channels.context import ChannelContext, MailServer
from claimwatch.channels.mime import date, identifier, message, phrase, unstructured
from claimwatch.channels.smtp import SmtpConnection
from claimwatch.channels.templates import complaint, html_template, text_template
from claimwatch.core.model import NO_THREAD, Alert, Receipt, Thread
from claimwatch.core.safety import header_text
from claimwatch.core.wording import Reading, read
from claimwatch.core.wording_html import mail_html
from claimwatch.core.wording_text import mail_text

MAILS_IN_A_THREAD = 90  # Gmail splits a thread at 100
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")


def _address(text: str) -> str:
    if not _ADDRESS.fullmatch(text):
        raise ValueError(f'"{text[:80]}" is not a mail address. Write it like desk@example.org.')
    return text


def _several(value: object) -> object:
    return [value] if isinstance(value, str) else value


Address = Annotated[str, AfterValidator(_address)]


class EmailSettings(BaseModel):
    """`to` takes one address or several; the registry makes one channel of each."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    to: Annotated[tuple[Address, ...], BeforeValidator(_several), Field(min_length=1)]
    html: bool = True


class EmailChannel:
    """One mail address."""

    def __init__(self, name: str, settings: EmailSettings, context: ChannelContext) -> None:
        self._name = name
        self._receiver = header_text(name, limit=100)
        (self._to,) = settings.to
        self._html = settings.html
        self._zone = context.timezone
        self._server = context.mail
        self._connection = SmtpConnection(context.mail)
        self._own_text = text_template(context.templates, "email")
        self._own_html = html_template(context.templates, "email")
        self._stop = stop_addresses(context.mail, self._to)

    @property
    def place(self) -> str:
        return self._to

    @property
    def template_problem(self) -> str:
        return complaint(self._own_text, self._own_html)

    def word(self, alert: Alert, *, key: str, thread: Thread = NO_THREAD) -> bytes:
        reading = read(alert, self._zone)
        text = self._own_text.render(reading, self._receiver, limit=200_000)
        html = self._own_html.render(reading, self._receiver, limit=80_000)  # Gmail clips near 102 kB
        if text is None:
            stop = next((each for each in self._stop if each.startswith("https:")), "")
            text = mail_text(reading, self._receiver, stop)
            html = html or mail_html(reading, self._receiver, stop)
        html = html if self._html else None  # own words for the text alone: then the mail is text alone
        return message(self._headers(alert, reading, key, thread), text, html, boundary_of=key)

    async def send(self, message: bytes, *, key: str) -> Receipt:
        return await self._connection.deliver(self._server.sender, self._to, message)

    async def close(self) -> None:
        await self._connection.close()

    def _headers(self, alert: Alert, reading: Reading, key: str, thread: Thread) -> list[tuple[str, str]]:
        server = self._server
        domain = _domain(server)
        tlp = "" if reading.tlp == "CLEAR" else f"[TLP:{reading.tlp}] "
        verb = f"{reading.relation}: " if server.subject == "verb-first" else ""
        subject = header_text(f"{tlp}{verb}{reading.subject}", limit=90)
        headers = [
            ("From", f"{phrase(f'{reading.relation} claimwatch')} <{server.sender}>"),
            ("To", self._to),
            ("Subject", unstructured(subject)),
            ("Date", date(alert.created_at)),
            ("Message-ID", f"<{identifier(key)}@{domain}>"),
        ]
        if server.reply_to:
            headers.insert(1, ("Reply-To", server.reply_to))
        if references := [f"<{each}@{domain}>" for each in self._references(alert, thread)]:
            headers += [("In-Reply-To", references[-1]), ("References", "\r\n ".join(references))]
        topic = identifier(alert.topic, limit=30)
        headers += [
            ("List-Id", f"{phrase(header_text(reading.topic, limit=50))} <{topic}.topics.{domain}>"),
            *_unsubscribe(self._stop),
            ("Auto-Submitted", "auto-generated"),
            ("X-Auto-Response-Suppress", "All"),
            ("X-Claimwatch-Alert", identifier(alert.fingerprint, limit=64)),
        ]
        if alert.claim:
            headers.append(("X-Claimwatch-Claim", identifier(alert.claim.id, limit=64)))
        reason = re.sub(r"[^a-z0-9-]", "-", alert.reason.lower())[:40]
        return [*headers, ("X-Claimwatch-Relation", reading.relation), ("X-Claimwatch-Reason", reason)]

    def _references(self, alert: Alert, thread: Thread) -> list[str]:
        """Return left-hand sides of ids: the thread's root, the mail before this one, the one it answers.

        The root was never sent: mail programs thread on equal subject and a common reference.
        """
        found = []
        if alert.claim and not alert.entries:
            rooted, place = divmod(thread.count, MAILS_IN_A_THREAD)
            found.append(f"claim.{identifier(alert.claim.id, limit=28)}.{rooted + 1}")
            if thread.last_key and place:
                found.append(identifier(thread.last_key))
        found += [identifier(key) for name, key in alert.answers if name == self._name]
        return list(dict.fromkeys(found))


def stop_addresses(server: MailServer, to: str) -> tuple[str, ...]:
    """Return where one reader can have the mails stopped; {id} stands for a short mark of the address."""
    mark = hashlib.sha256(to.lower().encode()).hexdigest()[:8]
    return tuple(each.replace("{id}", mark) for each in server.unsubscribe)


def _unsubscribe(stop: Sequence[str]) -> list[tuple[str, str]]:
    """Return the headers of RFC 2369 and, where a web address can act on one click, of RFC 8058."""
    if not stop:
        return []
    headers = [("List-Unsubscribe", ",\r\n ".join(f"<{each}>" for each in stop))]
    if any(each.startswith("https:") for each in stop):
        headers.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    return headers


def _domain(server: MailServer) -> str:
    """Ids stay under 78 characters: longer ones are folded and broken by some mail programs."""
    domain = server.domain or server.sender.rpartition("@")[2]
    return (
        domain
        if re.fullmatch(r"[A-Za-z0-9.-]{1,30}", domain)
        else f"{identifier(domain, limit=1)[:12]}.invalid"
    )
