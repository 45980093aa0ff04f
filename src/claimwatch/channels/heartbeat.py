"""A sign of life at an address that raises an alarm when it stays away (healthchecks.io, Uptime Kuma ...)."""

from __future__ import annotations

import httpx

from claimwatch.channels.faults import fault
from claimwatch.channels.guard import AddressRefused, GuardedTransport
from claimwatch.errors import DeliveryError


class Heartbeat:
    """One address that is asked for now and then. It is a secret: who knows it can give the sign."""

    def __init__(self, url: str, *, private: bool = False) -> None:
        self._url = httpx.URL(url)
        self._private = private

    async def ping(self) -> None:
        """Give the sign. Raises: DeliveryError."""
        host = self._url.host
        transport = GuardedTransport(private=self._private)
        try:
            async with (
                httpx.AsyncClient(transport=transport, follow_redirects=False, timeout=20) as client,
                client.stream("GET", self._url, headers={"User-Agent": "claimwatch"}) as answer,
            ):
                status = answer.status_code
        except AddressRefused as error:
            hint = 'If it is yours, write "private: true" for the heartbeat.'
            raise DeliveryError(f"{error}. {hint}", permanent=True) from error
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise DeliveryError(f"{host}: {fault(error)}") from None
        if not 200 <= status < 300:
            raise DeliveryError(f"{host} answered {status}")
