"""One connection to the mail relay, kept for a few seconds between messages."""

from __future__ import annotations

import asyncio
import contextlib

import aiosmtplib

from claimwatch.channels.context import MailServer
from claimwatch.channels.faults import fault
from claimwatch.core.model import Receipt
from claimwatch.core.safety import clean
from claimwatch.errors import DeliveryError

_IDLE_SECONDS = 10.0  # a relay need not keep a connection open for a daemon that is silent


class SmtpConnection:
    """Hands messages to the relay one after the other; safe to call from several tasks."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._client: aiosmtplib.SMTP | None = None
        self._lock = asyncio.Lock()
        self._idle: asyncio.Task[None] | None = None

    async def deliver(self, sender: str, recipient: str, message: bytes) -> Receipt:
        """Hand over one message for one recipient.

        Raises: DeliveryError; permanent only when the relay refuses this sender, recipient or text for good.
        """
        if self._idle:
            self._idle.cancel()
            self._idle = None
        async with self._lock:
            done = False
            try:
                receipt = await self._transaction(sender, recipient, message)
                done = True
            finally:
                if not done:
                    self._drop()
        if self._idle:
            self._idle.cancel()  # of another message meanwhile
        self._idle = asyncio.create_task(self._quit_when_idle())
        return receipt

    async def close(self) -> None:
        """End the conversation; a relay that does not answer is left."""
        if self._idle:
            self._idle.cancel()
            self._idle = None
        async with self._lock:
            await self._quit()

    async def _transaction(self, sender: str, recipient: str, message: bytes) -> Receipt:
        where, step = f"{self._server.host}:{self._server.port}", "connecting"
        wait = self._server.timeout.total_seconds()
        refusable = False
        try:
            client = await self._begin(sender)
            refusable, step = True, f"naming {recipient}"
            await client.rcpt(recipient)
            step = "handing over the text"
            # A relay may take long to answer here; giving up early only makes copies (RFC 1047).
            code, answer = await client.data(message, timeout=wait * 4)
        except aiosmtplib.SMTPResponseException as error:
            # Before the envelope a refusal concerns us or the relay's mood, not the message: try again later.
            permanent = 500 <= error.code < 600 and (
                refusable or isinstance(error, aiosmtplib.SMTPSenderRefused)
            )
            said = clean(f"{error.code} {error.message}", limit=200)
            raise DeliveryError(f"{where}, {step}: {said}", permanent=permanent) from error
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            raise DeliveryError(f"{where}, {step}: {fault(error)}") from error
        return Receipt(clean(f"{code} {answer}", limit=200))

    async def _begin(self, sender: str) -> aiosmtplib.SMTP:
        """Return a connection on which MAIL FROM was accepted.

        A kept connection may have gone meanwhile; nothing was handed over yet, so a new one is safe.
        """
        if self._client is not None and self._client.is_connected:
            try:
                await self._client.mail(sender)
            except (aiosmtplib.SMTPServerDisconnected, aiosmtplib.SMTPTimeoutError, OSError):
                self._drop()
            except aiosmtplib.SMTPSenderRefused as error:
                if error.code != 421:
                    raise
                self._drop()
            else:
                return self._client
        self._client = await self._connect()
        await self._client.mail(sender)
        return self._client

    async def _connect(self) -> aiosmtplib.SMTP:
        server = self._server
        client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            use_tls=server.tls == "tls",
            start_tls=server.tls == "starttls",
            validate_certs=server.verify,
            timeout=server.timeout.total_seconds(),
            local_hostname=_greeting(server),
        )
        self._client = client
        await client.connect()
        if server.user and server.password:
            await client.login(server.user, server.password.get_secret_value())
        return client

    async def _quit_when_idle(self) -> None:
        await asyncio.sleep(_IDLE_SECONDS)
        async with self._lock:
            await self._quit()

    async def _quit(self) -> None:
        client, self._client = self._client, None
        if client is not None and client.is_connected:
            with contextlib.suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
                await client.quit(timeout=2)
            client.close()

    def _drop(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None


def _greeting(server: MailServer) -> str:
    """Return the name we give in EHLO; looking up our own can block for seconds."""
    domain = server.domain or server.sender.rpartition("@")[2]
    return domain if domain.isascii() and domain else "localhost"
