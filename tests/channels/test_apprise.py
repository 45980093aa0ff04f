import asyncio
import json
import logging
import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
import requests
from pydantic import ValidationError

from claimwatch.channels.registry import SETTINGS, open_channel
from claimwatch.channels.services import AppriseSettings
from claimwatch.core.model import Alert
from claimwatch.core.safety import clean
from claimwatch.errors import DeliveryError
from claimwatch.protocols import Channel
from tests.channels.examples import ALERTS, CONTRADICTS, HOSTILE_TITLES, KEY, NEW, SUMMARY, context, titled
from tests.channels.golden import WRITTEN
from tests.channels.golden import channel as golden_channel
from tests.channels.servers import Request, WebSink, web_sink

THREADED = ("slack-bot", "mattermost-bot", "discord", "discord-bot", "telegram")
THROUGH_APPRISE = ("slack", "mattermost", "ntfy", "teams", "pushover", "gotify", "rocketchat", "apprise")
SERVICES = (*THROUGH_APPRISE, *THREADED)
MARKDOWN = ("discord", "discord-bot", "mattermost", "mattermost-bot", "teams", "rocketchat")
OPEN: list[Channel] = []
SECRETS = ("TIiajkdnlazkcOXrIdevi7FQ", "abcdefghijklmnop", "3ccdd113474722377935511fc85d3dd4", "s3cretT0ken")


@pytest.fixture
async def sink(monkeypatch: pytest.MonkeyPatch):
    """Every service's own address leads to a server on loopback."""
    async with web_sink() as server:
        inner = requests.adapters.HTTPAdapter.send
        own = httpx.AsyncHTTPTransport.handle_async_request

        def send(self: Any, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
            assert request.url
            request.url = re.sub(r"^https?://[^/]+", server.url, request.url)
            kwargs["proxies"] = {}
            return inner(self, request, **kwargs)

        async def handle(self: Any, request: httpx.Request) -> httpx.Response:
            request.url = request.url.copy_with(scheme="http", host="127.0.0.1", port=server.port)
            return await own(self, request)

        monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", send)
        monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", handle)
        server.check = lambda r: (
            (200, {}, "ok") if "/services/T1JJ" in r.path and not server.answers else None
        )
        yield server
        while OPEN:
            await OPEN.pop().close()


def opened(kind: str) -> Channel:
    OPEN.append(golden_channel(kind))
    return OPEN[-1]


async def posted(kind: str, alert: Alert, sink: WebSink) -> list[str]:
    """Return the text of each message as the service got it."""
    channel = opened(kind)
    sink.requests.clear()
    await channel.send(channel.word(alert, key=KEY), key=KEY)
    return [text_of(kind, request) for request in sink.requests]


def form_of(request: Request) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(request.body.decode()).items()}


def text_of(kind: str, request: Request) -> str:
    body = form_of(request) if kind == "pushover" else request.json
    if kind == "slack" or (kind == "rocketchat" and "attachments" in body):
        return "\n".join(attachment["text"] for attachment in body["attachments"])
    if kind == "teams":
        return "\n".join(block["text"] for block in body["attachments"][0]["content"]["body"])
    return str(body.get("content") or body.get("text") or body.get("message"))


@pytest.mark.parametrize("alert", ALERTS.values(), ids=list(ALERTS))
@pytest.mark.parametrize("kind", SERVICES)
async def test_every_service_shows_the_relation_and_the_title(kind: str, alert: Alert, sink: WebSink) -> None:
    text = "\n".join(await posted(kind, alert, sink))
    for report in [entry.report for entry in alert.entries] or [alert.report]:
        assert clean(report.title)[:40] in text
    body = form_of(sink.requests[0]) if kind == "pushover" else sink.requests[0].json
    whole = json.dumps(body, ensure_ascii=False)
    assert alert.relation.value in whole


def visible(text: str) -> str:
    """Return text without escapes and zero-width spaces, as people see it."""
    text = re.sub(r"\\([\\`*_\[\]<>|~#+.)-])", r"\1", text.replace("\u200b", ""))
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&#39;", "'"), ("&quot;", '"'), ("&amp;", "&")):
        text = text.replace(entity, character)
    return text


class TelegramReader(HTMLParser):
    """Reads Telegram's HTML as strictly as Telegram does."""

    def __init__(self) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in {"b", "a", "code", "blockquote"}
        self.stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("title", HOSTILE_TITLES, ids=range(len(HOSTILE_TITLES)))
@pytest.mark.parametrize("kind", SERVICES)
async def test_a_hostile_title_pings_nobody_and_hides_no_address(
    kind: str, title: str, sink: WebSink
) -> None:
    for alert in (titled(title), titled(title, SUMMARY)):
        for text in await posted(kind, alert, sink):
            assert not re.search(r"[\x00-\x09\x0b\x0c\x0e-\x1f\ud800-\udfff\u202a-\u202e\u2066-\u2069]", text)
            if kind in (*MARKDOWN, "slack", "slack-bot", "telegram"):
                assert not re.search(r"@(everyone|here|channel|all|room|someone)|<@[!&]?\w", text)
            if kind in ("discord", "discord-bot"):
                assert len(text) <= 2000
            if kind in ("slack", "slack-bot"):
                assert not re.search(r"<!|<@", text)
                assert not re.search(r"<https?://[^|>]+\|[^>]*://", text)
            if kind in MARKDOWN:
                assert not re.search(r"(?<!\\)\[bank", text)
            if kind == "telegram":
                reader = TelegramReader()
                reader.feed(text)
                reader.close()
                assert reader.stack == []
                assert len(reader.text.encode("utf-16-le")) // 2 <= 4096
            assert "evil.example" not in re.findall(r'href="https?://([^/"]+)', text)
        seen = visible("\n".join(text_of(kind, r) for r in sink.requests))
        assert " ".join(visible(clean(title))[:40].split()) in " ".join(seen.split())


@pytest.mark.parametrize("kind", ["discord", "teams", "ntfy"])
async def test_a_summary_of_many_reports_leaves_none_out(kind: str, sink: WebSink) -> None:
    entry = SUMMARY.entries[1]
    many = [
        replace(entry, report=replace(entry.report, title=f"CWID-m-{n} " + "report " * 8)) for n in range(60)
    ]
    text = "\n".join(await posted(kind, replace(SUMMARY, entries=tuple(many)), sink))
    assert set(re.findall(r"CWID-m-\d+ ", text)) == {f"CWID-m-{n} " for n in range(60)}
    assert len(sink.requests) > 1


async def test_what_was_taken_of_a_long_summary_is_not_sent_again(sink: WebSink) -> None:
    entry = SUMMARY.entries[1]
    many = [replace(entry, report=replace(entry.report, title=f"CWID-m-{n} title")) for n in range(20)]
    channel = opened("discord")
    message = channel.word(replace(SUMMARY, entries=tuple(many)), key=KEY)
    sink.answers = [(200, {}, "{}"), (503, {}, "")]
    with pytest.raises(DeliveryError):
        await channel.send(message, key=KEY)
    await channel.send(message, key=KEY)
    sent = [text_of("discord", r) for r in sink.requests]
    assert sent[1] == sent[2]
    assert len(set(sent)) == len(sent) - 1


@pytest.mark.parametrize("kind", SERVICES)
@pytest.mark.parametrize(
    ("status", "headers", "permanent", "wait"),
    [
        (404, {}, True, None),
        (410, {}, True, None),
        (401, {}, True, None),
        (302, {"Location": "http://127.0.0.1:9/"}, True, None),
        (500, {}, False, None),
        (503, {"Retry-After": "30"}, False, timedelta(seconds=30)),
        (0, {}, False, None),
    ],
)
async def test_each_answer_says_whether_and_when_to_try_again(
    kind: str,
    status: int,
    headers: dict[str, str],
    *,
    permanent: bool,
    wait: timedelta | None,
    sink: WebSink,
) -> None:
    sink.answers = [(status, headers, "")] * 3
    channel = opened(kind)
    with pytest.raises(DeliveryError) as caught:
        await channel.send(channel.word(CONTRADICTS, key=KEY), key=KEY)
    assert caught.value.permanent is permanent
    assert caught.value.retry_after == wait
    assert not any(secret in str(caught.value) for secret in SECRETS)


async def test_a_rate_limit_is_obeyed_also_when_only_the_body_tells_it(sink: WebSink) -> None:
    channel = opened("telegram")
    sink.answers = [(429, {}, '{"ok": false, "parameters": {"retry_after": 41}}')]
    with pytest.raises(DeliveryError) as caught:
        await channel.send(channel.word(CONTRADICTS, key=KEY), key=KEY)
    assert caught.value.retry_after == timedelta(seconds=41)


async def test_a_service_that_cannot_read_the_markup_gets_plain_words(sink: WebSink) -> None:
    channel = opened("telegram")
    sink.answers = [(400, {}, '{"ok": false, "description": "can\'t parse entities"}')]
    await channel.send(channel.word(CONTRADICTS, key=KEY), key=KEY)
    assert "<b>" in text_of("telegram", sink.requests[0])
    assert "<b>" not in text_of("telegram", sink.requests[1])
    assert "CONTRADICTS" in text_of("telegram", sink.requests[1])


async def test_telegram_rings_for_what_concerns_a_claim_only(sink: WebSink) -> None:
    await posted("telegram", CONTRADICTS, sink)
    assert sink.requests[0].json["disable_notification"] is False
    await posted("telegram", NEW, sink)
    assert sink.requests[0].json["disable_notification"] is True


async def test_ntfy_is_urgent_for_contradictions_and_leads_to_the_article(sink: WebSink) -> None:
    await posted("ntfy", CONTRADICTS, sink)
    assert sink.requests[0].headers["x-priority"] == "high"
    assert sink.requests[0].headers["x-click"] == CONTRADICTS.report.url
    await posted("ntfy", NEW, sink)
    assert "x-priority" not in sink.requests[0].headers


async def test_a_slow_service_does_not_hold_up_the_loop_or_another(sink: WebSink) -> None:
    slow, fast = opened("discord"), opened("mattermost")
    sink.check = lambda r: (1, {}, "") if "/webhooks/" in r.path else None
    message = slow.word(CONTRADICTS, key=KEY)
    waiting = asyncio.create_task(slow.send(message, key=KEY))
    await asyncio.wait_for(fast.send(fast.word(CONTRADICTS, key=KEY), key=KEY), 5)
    assert not waiting.done()
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)


async def test_no_log_line_holds_an_address(sink: WebSink, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for kind in SERVICES:
        sink.answers = [(500, {}, "")]
        channel = opened(kind)
        with pytest.raises(DeliveryError):
            await channel.send(channel.word(CONTRADICTS, key=KEY), key=KEY)
    for secret in SECRETS:
        assert secret not in caplog.text


@pytest.mark.parametrize("kind", SERVICES)
def test_settings_do_not_show_their_secrets(kind: str) -> None:
    text = repr(SETTINGS[kind.removesuffix("-bot")].model_validate(WRITTEN[kind]))
    for secret in (*SECRETS, "sig="):
        assert secret not in text


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        ("slack", {}),
        ("slack", {"url": "hooks.slack.com/services/x"}),
        ("slack", {"token": "xoxb-1"}),
        ("discord", {"url": "discord.com/api"}),
        ("mattermost", {"url": "https://chat.example.org/"}),
        ("telegram", {"token": "1:x"}),
        ("ntfy", {}),
        ("ntfy", {"topic": "t", "server": "ntfy.sh"}),
        ("ntfy", {"topic": "t", "priority": "urgent"}),
        ("apprise", {"url": "pover"}),
        ("slack", {"url": "https://hooks.slack.com/services/x", "colour": "red"}),
    ],
)
def test_settings_that_cannot_work_are_refused_before_anything_runs(
    kind: str, written: dict[str, object]
) -> None:
    with pytest.raises(ValidationError):
        SETTINGS[kind].model_validate(written)


@pytest.mark.parametrize(
    ("url", "markup"),
    [
        ("discord://1/abc", "markdown"),
        ("https://discord.com/api/webhooks/1/a", "markdown"),
        ("https://hooks.slack.com/services/a", "html"),
        ("https://notslack.com/services/a", "text"),
        ("mmosts://chat.example.org/t", "markdown"),
        ("tgram://1:a/2", "html"),
        ("xmpps://user:pass@example.org", "text"),
    ],
)
def test_an_apprise_address_is_written_to_as_its_service_reads(url: str, markup: str) -> None:
    assert AppriseSettings.model_validate({"url": url}).style().markup.name == markup


async def test_an_address_apprise_does_not_know_is_told_without_showing_it() -> None:
    channel = open_channel(
        "x", "apprise", AppriseSettings.model_validate({"url": "nosuch://t0ken"}), context()
    )
    with pytest.raises(DeliveryError, match="does not understand") as caught:
        await channel.send(channel.word(CONTRADICTS, key=KEY), key=KEY)
    assert caught.value.permanent
    assert "t0ken" not in str(caught.value)
