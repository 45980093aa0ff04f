import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from claimwatch.channels.registry import open_channel
from claimwatch.channels.webhook import WebhookChannel, WebhookSettings, retry_after
from claimwatch.errors import DeliveryError
from tests.channels.examples import CONTRADICTS, KEY, NEW, NOW, SUMMARY, context
from tests.channels.servers import WebSink, web_sink

SECRET = "whsec_" + base64.b64encode(b"a key of some length").decode()


@pytest.fixture
async def sink():
    async with web_sink() as server:
        yield server


@pytest.fixture
async def hook(sink: WebSink):
    channel = opened(sink)
    yield channel
    await channel.close()


def opened(sink: WebSink, *, timeout_seconds: float = 5.0) -> WebhookChannel:
    written = {
        "url": f"{sink.url}/hook/t0ken",
        "secret": SECRET,
        "private": True,
        "timeout_seconds": timeout_seconds,
    }
    channel = open_channel("hook", "webhook", WebhookSettings.model_validate(written), context())
    assert isinstance(channel, WebhookChannel)
    return channel


async def test_the_signature_is_over_id_time_and_body(sink: WebSink, hook: WebhookChannel) -> None:
    await hook.send(hook.word(CONTRADICTS, key=KEY), key=KEY)
    (request,) = sink.requests
    assert request.headers["webhook-id"] == request.headers["idempotency-key"] == KEY
    assert request.headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    signed = f"{KEY}.{request.headers['webhook-timestamp']}.".encode() + request.body
    expected = base64.b64encode(hmac.new(b"a key of some length", signed, hashlib.sha256).digest()).decode()
    assert request.headers["webhook-signature"] == f"v1,{expected}"


async def test_a_copy_bears_the_same_id_and_the_same_body(sink: WebSink, hook: WebhookChannel) -> None:
    sink.answers = [(0, {}, "")]
    message = hook.word(CONTRADICTS, key=KEY)
    with pytest.raises(DeliveryError):
        await hook.send(message, key=KEY)
    await hook.send(message, key=KEY)
    first, second = sink.requests
    assert first.body == second.body == message
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.json["id"] == KEY


def test_the_body_says_all_there_is_to_say(hook: WebhookChannel) -> None:
    body = json.loads(hook.word(CONTRADICTS, key=KEY))
    assert body["relation"] == {"value": "CONTRADICTS", "form": "disclaims"}
    assert body["claim"]["id"] == "nk-troops-30k"
    assert body["claim"]["status"] == {"was": "unverified", "now": "disputed"}
    assert body["evidence"][0]["selector"]["exact"].startswith("has no information")
    assert body["items"][0]["published"] == "2025-07-14T06:10:00Z"
    assert body["match"]["names"]["where"] == ["Russia"]
    summary = json.loads(hook.word(SUMMARY, key=KEY))
    assert [entry["relation"] for entry in summary["entries"]] == ["NEW", "CONTRADICTS", "UPDATES"]
    assert len(summary["items"]) == 3
    assert json.loads(hook.word(NEW, key=KEY))["claim"] is None


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 410, 413, 301, 302, 307])
async def test_what_the_same_bytes_cannot_mend_is_permanent(
    sink: WebSink, hook: WebhookChannel, status: int
) -> None:
    sink.answers = [(status, {"Location": f"{sink.url}/elsewhere"}, "no")]
    with pytest.raises(DeliveryError) as caught:
        await hook.send(b"{}", key=KEY)
    assert caught.value.permanent
    assert len(sink.requests) == 1  # nothing, least of all the secret, goes to where a redirect points


@pytest.mark.parametrize(("status", "headers", "wait"), [
    (429, {"Retry-After": "7"}, timedelta(seconds=7)),
    (503, {"Retry-After": "Mon, 14 Jul 2025 06:19:04 GMT"}, timedelta(minutes=1)),
    (500, {}, None),
    (429, {"Retry-After": "soon"}, None),
    (429, {"Retry-After": "-5"}, None),
    (503, {"Retry-After": "315360000"}, timedelta(hours=24)),
])  # fmt: skip
async def test_a_busy_receiver_is_asked_again_when_it_says(
    sink: WebSink, hook: WebhookChannel, status: int, headers: dict[str, str], wait: timedelta | None
) -> None:
    sink.answers = [(status, headers, "later")]
    with pytest.raises(DeliveryError) as caught:
        await hook.send(b"{}", key=KEY)
    assert not caught.value.permanent
    assert caught.value.retry_after == wait


async def test_a_receiver_that_never_answers_is_left(sink: WebSink) -> None:
    sink.answers = [(1, {}, "")]
    channel = opened(sink, timeout_seconds=0.2)
    with pytest.raises(DeliveryError) as caught:
        await channel.send(b"{}", key=KEY)
    assert not caught.value.permanent
    await channel.close()


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "127.1", "[::ffff:127.0.0.1]"]
)
async def test_a_private_address_is_refused_unless_the_settings_allow_it(sink: WebSink, host: str) -> None:
    settings = WebhookSettings.model_validate({"url": f"http://{host}:{sink.port}/"})
    channel = open_channel("hook", "webhook", settings, context())
    with pytest.raises(DeliveryError, match="private: true") as caught:
        await channel.send(b"{}", key=KEY)
    assert caught.value.permanent
    assert sink.requests == []
    await channel.close()


async def test_no_error_tells_the_address_s_secret_part(sink: WebSink, hook: WebhookChannel) -> None:
    for answer in [(404, {}, ""), (500, {}, ""), (0, {}, "")]:
        sink.answers = [answer]
        with pytest.raises(DeliveryError) as caught:
            await hook.send(b"{}", key=KEY)
        assert "t0ken" not in str(caught.value)
    assert "t0ken" not in repr(WebhookSettings.model_validate({"url": "https://example.org/t0ken"}))


@pytest.mark.parametrize("url", ["ftp://example.org/", "example.org/hook", "https://", "http://[::1", ""])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ValidationError):
        WebhookSettings.model_validate({"url": url})


def test_a_date_that_has_passed_asks_for_no_wait() -> None:
    assert retry_after("Mon, 14 Jul 2025 06:00:00 GMT", datetime(2025, 7, 14, 7, tzinfo=UTC)) is None
