from datetime import timedelta

import pytest
from pydantic import ValidationError

from claimwatch.channels.matrix import MatrixSettings
from claimwatch.channels.registry import open_channel
from claimwatch.errors import DeliveryError
from claimwatch.protocols import Channel
from tests.channels.examples import CONTRADICTS, HOSTILE_TITLES, KEY, context, titled
from tests.channels.servers import WebSink, web_sink


@pytest.fixture
async def sink():
    async with web_sink() as server:
        yield server


@pytest.fixture
async def room(sink: WebSink):
    written = {"server": sink.url, "room": "!abc:example.org", "token": "syt_s3cret"}
    channel = open_channel("room", "matrix", MatrixSettings.model_validate(written), context())
    yield channel
    await channel.close()


async def test_a_copy_bears_the_same_transaction_id_so_the_server_drops_it(
    sink: WebSink, room: Channel
) -> None:
    sink.answers = [(0, {}, ""), (200, {}, '{"event_id": "$event"}')]
    message = room.word(CONTRADICTS, key=KEY)
    with pytest.raises(DeliveryError):
        await room.send(message, key=KEY)
    receipt = await room.send(message, key=KEY)
    assert [r.path for r in sink.requests] == [
        f"/_matrix/client/v3/rooms/%21abc%3Aexample.org/send/m.room.message/{KEY}"
    ] * 2
    assert sink.requests[0].body == sink.requests[1].body
    assert sink.requests[0].headers["authorization"] == "Bearer syt_s3cret"
    assert receipt.remote_id == "$event"


@pytest.mark.parametrize("title", HOSTILE_TITLES, ids=range(len(HOSTILE_TITLES)))
async def test_nobody_is_mentioned(title: str, sink: WebSink, room: Channel) -> None:
    await room.send(room.word(titled(title), key=KEY), key=KEY)
    event = sink.requests[0].json
    assert event["m.mentions"] == {}
    assert "@room" not in event["body"]
    assert "<script" not in event["formatted_body"]
    assert "<a href='" not in event["formatted_body"]


@pytest.mark.parametrize(
    ("status", "headers", "body", "permanent", "wait"),
    [
        (403, {}, '{"errcode": "M_FORBIDDEN", "error": "not in room"}', True, None),
        (429, {}, '{"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 2500}', False, timedelta(seconds=2.5)),
        (429, {"Retry-After": "9"}, "{}", False, timedelta(seconds=9)),
        (502, {}, "<html>", False, None),
    ],
)
async def test_an_answer_says_whether_and_when_to_try_again(
    sink: WebSink,
    room: Channel,
    status: int,
    headers: dict[str, str],
    body: str,
    *,
    permanent: bool,
    wait: timedelta | None,
) -> None:
    sink.answers = [(status, headers, body)]
    with pytest.raises(DeliveryError) as caught:
        await room.send(room.word(CONTRADICTS, key=KEY), key=KEY)
    assert caught.value.permanent is permanent
    assert caught.value.retry_after == wait
    assert "syt_s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    "change", [{"room": "#alias:example.org"}, {"server": "matrix.example.org"}, {"token": None}]
)
def test_settings_that_cannot_work_are_refused(change: dict[str, object]) -> None:
    good = {"server": "https://matrix.example.org", "room": "!a:b", "token": "t"}
    with pytest.raises(ValidationError):
        MatrixSettings.model_validate(good | change)
