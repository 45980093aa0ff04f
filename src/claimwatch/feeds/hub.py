"""Asking a WebSub hub to push a feed, or to stop: one form, sent under the same guard as every poll."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from urllib.parse import urlencode

import httpx

from claimwatch.core.safety import clean
from claimwatch.core.websub import LEASE, Standing, Subscription
from claimwatch.errors import FetchError
from claimwatch.feeds.http import failure, next_url
from claimwatch.feeds.transport import PRIVATE, GuardedTransport

DEADLINE = timedelta(seconds=20)
_REDIRECTS = 3
_REASON_BYTES = 2000


class HubClient:
    """Speaks to hubs; to one on a private address only for a feed that may live on one itself."""

    def __init__(self, *, user_agent: str) -> None:
        self._user_agent = user_agent
        self._transport = GuardedTransport()

    async def aclose(self) -> None:
        """Let go of connections."""
        await self._transport.aclose()

    async def ask(self, subscription: Subscription) -> None:
        """Ask for pushes, or for their end when it is being left; the hub confirms that at our address.

        Raises: FetchError, when the hub cannot be asked or refuses.
        """
        url = httpx.URL(subscription.hub)
        form = urlencode(_form(subscription)).encode("ascii")
        try:
            async with asyncio.timeout(DEADLINE.total_seconds()):
                await self._post(url, form, private=subscription.private)
        except TimeoutError:
            raise FetchError(f"timed out after {DEADLINE.total_seconds():g} s", kind="timeout") from None
        except FetchError:
            raise
        except Exception as error:
            raise failure(error, url.host) from error

    async def _post(self, url: httpx.URL, form: bytes, *, private: bool) -> None:
        first = url
        for _ in range(_REDIRECTS + 1):
            request = httpx.Request("POST", url, headers=self._headers(), content=form)
            if private and (url.host, url.port) == (first.host, first.port):
                request.extensions[PRIVATE] = True
            response = await self._transport.handle_async_request(request)
            try:
                if response.status_code not in (307, 308):
                    if not response.is_success:
                        raise FetchError(
                            f"HTTP {response.status_code}: {await _reason(response)}",
                            kind="http_denied",
                            status=response.status_code,
                        )
                    return
                target = next_url(url, response)
            finally:
                await response.aclose()
            if url.scheme == "https" and target.scheme != "https":  # the form holds the secret
                raise FetchError("a redirect away from https", kind="redirects")
            url = target
        raise FetchError(f"more than {_REDIRECTS} redirects", kind="redirects")

    def _headers(self) -> dict[str, str]:
        return {
            "User-Agent": self._user_agent.encode("ascii", "replace").decode(),
            "Accept": "*/*",
            "Content-Type": "application/x-www-form-urlencoded",
        }


def _form(subscription: Subscription) -> dict[str, str]:
    form = {"hub.callback": subscription.callback, "hub.topic": subscription.topic}
    if subscription.standing is Standing.LEAVING:
        return {"hub.mode": "unsubscribe", **form}
    return {
        "hub.mode": "subscribe",
        **form,
        "hub.secret": subscription.secret,
        "hub.lease_seconds": str(int(LEASE.total_seconds())),
    }


async def _reason(response: httpx.Response) -> str:
    body = b""
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) >= _REASON_BYTES:
            break
    text = clean(body[:_REASON_BYTES].decode("utf-8", "replace"), limit=120)
    return "refused" if not text or text.startswith("<") else text
