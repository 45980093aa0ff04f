"""Where a chat can thread and edit: later messages on a claim go into its thread, reprints into the message."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import pytest

from claimwatch.channels.registry import SETTINGS, open_channel
from claimwatch.channels.threaded import ThreadedChat
from claimwatch.core.model import Receipt, Thread
from claimwatch.errors import DeliveryError
from claimwatch.protocols import EditableChannel
from tests.channels.examples import CONTRADICTS, KEY, NEW, context
from tests.channels.servers import Request, WebSink, web_sink

FIRST = replace(CONTRADICTS, status_was=CONTRADICTS.standing.status)  # type: ignore[union-attr]
MOVED = CONTRADICTS  # unverified -> disputed

Open = Callable[..., Any]
SLACK = {"token": "xoxb-1-s3cret", "channel": "#desk"}
MATTERMOST = {"token": "s3cret", "channel": "a" * 26}
DISCORD = {"token": "s3cret", "channel": "42"}
TELEGRAM = {"token": "7:s3cret", "chat": -100}
MATRIX = {"token": "s3cret", "room": "!r:example.org"}


@pytest.fixture
async def sink() -> AsyncIterator[WebSink]:
    async with web_sink() as server:
        yield server


@pytest.fixture
async def at(sink: WebSink) -> AsyncIterator[Open]:
    """Opens a channel whose service is the sink."""
    opened = []

    def open_at(kind: str, settings: dict[str, object]) -> object:
        model = SETTINGS[kind].model_validate({"server": sink.url, **settings})
        opened.append(open_channel("desk", kind, model, context()))
        return opened[-1]

    yield open_at
    for channel in opened:
        await channel.close()


async def sent(channel: Any, alert: Any, thread: Thread = Thread(), key: str = KEY) -> Receipt:  # noqa: B008
    receipt: Receipt = await channel.send(channel.word(alert, key=key, thread=thread), key=key)
    return receipt


def said(request: Request) -> dict[str, Any]:
    body: dict[str, Any] = request.json
    return body


# ------------------------------------------------------------------ Slack


async def test_slack_puts_later_messages_into_the_claims_thread(sink: WebSink, at: Open) -> None:
    desk = at("slack", SLACK)
    sink.answers = [(200, {}, '{"ok": true, "channel": "C1", "ts": "17.1"}')]
    first = await sent(desk, FIRST)
    assert first.remote_id == "C1/17.1"
    assert "thread_ts" not in said(sink.requests[0])
    assert sink.requests[0].headers["authorization"] == "Bearer xoxb-1-s3cret"
    sink.answers = [(200, {}, '{"ok": true, "channel": "C1", "ts": "17.2"}')] * 2
    await sent(desk, FIRST, Thread(1, "k", first.remote_id, first.remote_id))
    assert said(sink.requests[1])["thread_ts"] == "17.1"
    assert said(sink.requests[1])["reply_broadcast"] is False
    await sent(desk, MOVED, Thread(2, "k", first.remote_id, "C1/17.2"))
    assert said(sink.requests[2])["thread_ts"] == "17.1"
    assert said(sink.requests[2])["reply_broadcast"] is True  # the status moved: the channel sees it too
    assert len(sink.requests) == 3


async def test_slack_previews_nothing_and_links_no_names(sink: WebSink, at: Open) -> None:
    sink.answers = [(200, {}, '{"ok": true, "ts": "1"}')]
    await sent(at("slack", SLACK), FIRST)
    body = said(sink.requests[0])
    assert (body["unfurl_links"], body["unfurl_media"], body["link_names"]) == (False, False, False)
    assert body["parse"] == "none"
    assert body["text"].startswith("*CONTRADICTS* ")


@pytest.mark.parametrize(
    ("error", "permanent"),
    [("invalid_auth", True), ("channel_not_found", True), ("is_archived", True), ("token_revoked", True),
     ("internal_error", False), ("service_unavailable", False)],
)  # fmt: skip
async def test_slack_says_no_in_a_200(error: str, *, permanent: bool, sink: WebSink, at: Open) -> None:
    sink.answers = [(200, {}, json.dumps({"ok": False, "error": error}))]
    with pytest.raises(DeliveryError, match=error) as caught:
        await sent(at("slack", SLACK), FIRST)
    assert caught.value.permanent is permanent


async def test_an_answer_of_slack_that_is_no_json_is_tried_again(sink: WebSink, at: Open) -> None:
    sink.answers = [(200, {}, "<html>maintenance</html>")]
    with pytest.raises(DeliveryError) as caught:
        await sent(at("slack", SLACK), FIRST)
    assert not caught.value.permanent


async def test_a_slack_thread_that_is_gone_costs_no_alert(sink: WebSink, at: Open) -> None:
    sink.answers = [
        (200, {}, '{"ok": false, "error": "thread_not_found"}'),
        (200, {}, '{"ok": true, "channel": "C1", "ts": "9"}'),
    ]
    receipt = await sent(at("slack", SLACK), MOVED, Thread(1, "k", "C1/1", "C1/1"))
    assert receipt.remote_id == "C1/9"
    assert "thread_ts" not in said(sink.requests[1])


# ------------------------------------------------------------------ Mattermost


async def test_mattermost_threads_and_tells_the_channel_what_moved(sink: WebSink, at: Open) -> None:
    desk = at("mattermost", MATTERMOST)
    sink.answers = [(201, {}, '{"id": "p1"}'), (201, {}, '{"id": "p2"}'), (201, {}, '{"id": "p3"}')]
    assert (await sent(desk, FIRST)).remote_id == "p1"
    receipt = await sent(desk, MOVED, Thread(1, "k", "p1", "p1"))
    first, inside, outside = map(said, sink.requests)
    assert (first["root_id"], inside["root_id"], outside["root_id"]) == ("", "p1", "")
    assert receipt.remote_id == "p2"
    assert "\n" not in outside["message"]
    assert outside["message"].startswith("**CONTRADICTS** ")
    assert "DISPUTED" in outside["message"]
    assert len({inside["pending_post_id"], outside["pending_post_id"]}) == 2


async def test_what_was_posted_before_a_fault_is_not_posted_again(sink: WebSink, at: Open) -> None:
    desk = at("mattermost", MATTERMOST)
    message = desk.word(MOVED, key=KEY, thread=Thread(1, "k", "p1", "p1"))
    sink.answers = [(201, {}, '{"id": "p2"}'), (503, {}, ""), (201, {}, '{"id": "p3"}')]
    with pytest.raises(DeliveryError):
        await desk.send(message, key=KEY)
    receipt = await desk.send(message, key=KEY)
    assert receipt.remote_id == "p2"
    assert [said(r)["root_id"] for r in sink.requests] == ["p1", "", ""]
    assert sink.requests[1].body == sink.requests[2].body


# ------------------------------------------------------------------ Discord


async def test_a_discord_bot_begins_a_thread_with_the_second_message(sink: WebSink, at: Open) -> None:
    desk = at("discord", DISCORD)
    there = (400, {}, '{"code": 160004, "message": "A thread has already been created for this message"}')
    sink.answers = [(200, {}, '{"id": "1"}'), (201, {}, '{"id": "1"}'), (200, {}, '{"id": "2"}')]
    first = await sent(desk, FIRST)
    assert first.remote_id == "42/1"
    assert (await sent(desk, FIRST, Thread(1, "k", "42/1", "42/1"))).remote_id == "1/2"
    sink.answers = [there, (200, {}, '{"id": "3"}'), (200, {}, '{"id": "4"}')]
    assert (await sent(desk, MOVED, Thread(2, "k", "42/1", "1/2"))).remote_id == "1/3"
    assert [r.path.removeprefix("/api/v10/channels") for r in sink.requests] == [
        "/42/messages",
        "/42/messages/1/threads",
        "/1/messages",
        "/42/messages/1/threads",
        "/1/messages",
        "/42/messages",  # what moved is said in the channel too
    ]
    for request in sink.requests:
        if not request.path.endswith("/threads"):
            assert said(request)["allowed_mentions"] == {"parse": []}
            assert said(request)["enforce_nonce"] is True
            assert len(said(request)["nonce"]) <= 25


async def test_a_discord_webhook_learns_its_messages_id(sink: WebSink, at: Open) -> None:
    sink.answers = [(200, {}, '{"id": "77", "channel_id": "42"}')] * 2
    desk = at("discord", {"url": f"{sink.url}/api/webhooks/9/s3cret"})
    receipt = await sent(desk, FIRST)
    assert receipt.remote_id == "/77"
    await sent(desk, NEW, Thread(1, "k", "/77", "/77"))
    assert [r.path for r in sink.requests] == ["/api/webhooks/9/s3cret?wait=true"] * 2
    assert said(sink.requests[0])["flags"] == 4
    assert said(sink.requests[1])["flags"] == 4 | 1 << 12  # what is only on topic rings nobody
    assert "s3cret" not in desk.place


async def test_a_discord_forum_gets_a_thread_a_claim(sink: WebSink, at: Open) -> None:
    desk = at("discord", {"url": f"{sink.url}/api/webhooks/9/s3cret", "forum": True})
    gone = (404, {}, '{"code": 10003, "message": "Unknown Channel"}')
    sink.answers = [(200, {}, '{"id": "5", "channel_id": "5"}'), (200, {}, '{"id": "6", "channel_id": "5"}')]
    first = await sent(desk, FIRST)
    assert said(sink.requests[0])["thread_name"] == "NK troops: up to 30,000 more to Russia"
    await sent(desk, MOVED, Thread(1, "k", first.remote_id, first.remote_id))
    assert "thread_id=5" in sink.requests[1].path
    sink.answers = [gone, (200, {}, '{"id": "8", "channel_id": "8"}')]
    again = await sent(desk, MOVED, Thread(2, "k", first.remote_id, "5/6"))
    assert again.remote_id == "8/8"
    assert "thread_name" in said(sink.requests[3])


async def test_a_discord_webhook_that_was_deleted_is_refused_for_good(sink: WebSink, at: Open) -> None:
    sink.answers = [(404, {}, '{"code": 10015, "message": "Unknown Webhook"}')]
    desk = at("discord", {"url": f"{sink.url}/api/webhooks/9/s3cret", "forum": True})
    with pytest.raises(DeliveryError, match="Unknown Webhook") as caught:
        await sent(desk, FIRST, Thread(1, "k", "5/5", "5/5"))
    assert caught.value.permanent


# ------------------------------------------------------------------ Telegram, Matrix


async def test_telegram_answers_the_first_message_also_when_it_is_gone(sink: WebSink, at: Open) -> None:
    desk = at("telegram", TELEGRAM)
    sink.answers = [(200, {}, '{"ok": true, "result": {"message_id": 11}}')] * 2
    first = await sent(desk, FIRST)
    assert first.remote_id == "11"
    await sent(desk, MOVED, Thread(1, "k", "11", "11"))
    assert said(sink.requests[1])["reply_parameters"] == {
        "message_id": 11,
        "allow_sending_without_reply": True,
    }
    assert len(sink.requests) == 2
    assert "s3cret" not in desk.place


async def test_matrix_threads_and_tells_the_room_what_moved(sink: WebSink, at: Open) -> None:
    room = at("matrix", MATRIX)
    sink.answers = [(200, {}, '{"event_id": "$2"}'), (200, {}, '{"event_id": "$3"}')]
    receipt = await sent(room, MOVED, Thread(2, "k", "$0", "$1"))
    inside, outside = map(said, sink.requests)
    assert inside["m.relates_to"] == {
        "rel_type": "m.thread",
        "event_id": "$0",
        "is_falling_back": True,
        "m.in_reply_to": {"event_id": "$1"},
    }
    assert "m.relates_to" not in outside
    assert "DISPUTED" in outside["body"]
    assert receipt.remote_id == "$2"
    assert [r.path.rpartition("/")[2] for r in sink.requests] == [KEY, f"{KEY}.1"]


# ------------------------------------------------------------------ edits

EDITS: dict[str, tuple[dict[str, object], str, str, str]] = {
    "slack": (SLACK, "C1/17.1", "POST", "/api/chat.update"),
    "mattermost": (MATTERMOST, "p1", "PUT", "/api/v4/posts/p1/patch"),
    "discord": (DISCORD, "42/1", "PATCH", "/api/v10/channels/42/messages/1"),
    "telegram": (TELEGRAM, "11", "POST", "/bot7:s3cret/editMessageText"),
}


@pytest.mark.parametrize("kind", EDITS)
async def test_a_message_is_edited_where_it_stands(kind: str, sink: WebSink, at: Open) -> None:
    settings, remote_id, method, path = EDITS[kind]
    channel = at(kind, settings)
    assert isinstance(channel, EditableChannel)
    await channel.edit(channel.word(FIRST, key=KEY), remote_id)
    assert [(r.method, r.path) for r in sink.requests] == [(method, path)]
    body = sink.requests[0].body.decode()
    assert "CONTRADICTS" in body
    assert "thread" not in body


async def test_matrix_replaces_an_event(sink: WebSink, at: Open) -> None:
    room = at("matrix", MATRIX)
    await room.edit(room.word(FIRST, key=KEY, thread=Thread(1, "k", "$0", "$0")), "$7")
    body = said(sink.requests[0])
    assert body["m.relates_to"] == {"rel_type": "m.replace", "event_id": "$7"}
    assert body["m.new_content"]["body"].startswith("CONTRADICTS")
    assert "m.relates_to" not in body["m.new_content"]


async def test_a_discord_webhook_edits_in_its_thread(sink: WebSink, at: Open) -> None:
    desk = at("discord", {"url": f"{sink.url}/api/webhooks/9/s3cret", "forum": True})
    await desk.edit(desk.word(FIRST, key=KEY), "5/6")
    assert sink.requests[0].path == "/api/webhooks/9/s3cret/messages/6?thread_id=5"


async def test_telegram_minds_not_when_nothing_changed(sink: WebSink, at: Open) -> None:
    sink.answers = [(400, {}, '{"ok": false, "description": "Bad Request: message is not modified"}')]
    desk = at("telegram", TELEGRAM)
    await desk.edit(desk.word(FIRST, key=KEY), "11")


def test_webhooks_that_cannot_thread_say_so() -> None:
    for kind, url in (
        ("slack", "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7F"),
    ):
        channel = open_channel("desk", kind, SETTINGS[kind].model_validate({"url": url}), context())
        assert not isinstance(channel, (EditableChannel, ThreadedChat))
        assert channel.place == ""
