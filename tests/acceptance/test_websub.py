"""Feeds that a hub pushes: a real hub, a real feed server and our own receiver, all on loopback."""

from __future__ import annotations

import asyncio
import io
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import httpx
import pytest

from claimwatch import app as wiring
from claimwatch import daemon
from claimwatch.app import App, open_app
from claimwatch.config import load
from claimwatch.config.settings import Settings
from claimwatch.core.websub import Standing, Subscription
from claimwatch.feeds.websub import WebSub
from claimwatch.storage.place import Place
from tests.acceptance.conftest import Watch, rss
from tests.acceptance.servers import Page
from tests.feeds.hub import Hub
from tests.storage.conftest import BOTH

on_both = pytest.mark.parametrize("world", BOTH, indirect=True)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


class Clock:
    """The real time, moved on by hand."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def __call__(self) -> datetime:
        return wiring.now() + self.ahead


@dataclass
class World:
    watch: Watch
    hub: Hub
    place: Place
    clock: Clock

    def settings(self, *feeds: str) -> Settings:
        self.watch.write(*(feeds or ("a",)), every="1h")
        with (self.watch.config / "claimwatch.yaml").open("a") as file:
            file.write(
                f'websub: {{callback: "http://127.0.0.1:{self.port}/websub", listen: "127.0.0.1:{self.port}"}}\n'
            )
        return replace(load(self.watch.config, environ={}), storage=self.place)

    def __post_init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.show("The weather of Velmar")

    def show(self, *titles: str) -> None:
        """Publish a feed that names the hub."""
        link = f'<{self.hub.url}>; rel="hub", <{self.watch.feeds.url("a")}>; rel=self'
        self.watch.feeds.pages["a"] = Page(rss(*titles), headers={"Link": link})

    @asynccontextmanager
    async def open(self, *feeds: str) -> AsyncIterator[App]:
        async with open_app(self.settings(*feeds), terminal=io.StringIO(), clock=self.clock) as app:
            assert app.websub is not None
            await app.websub.listen()
            await app.poll.poll_all()
            yield app

    @asynccontextmanager
    async def subscribed(self) -> AsyncIterator[App]:
        async with self.open() as app:
            await websub(app).settle()
            assert self.hub.follow
            yield app


@pytest.fixture
def world(request: pytest.FixtureRequest, watch: Watch) -> Iterator[World]:
    """A file, unless a test asks for both kinds of database."""
    place: Place = watch.base / "var" / "claimwatch.db"
    if getattr(request, "param", "") == "postgresql":
        place = request.getfixturevalue("server")
    with Hub().running() as hub:
        yield World(watch, hub, place, Clock())


def websub(app: App) -> WebSub:
    assert app.websub is not None
    return app.websub


def held(app: App) -> Subscription:
    (one,) = app.reader.subscriptions()
    return one


async def off(work: Callable[..., object], *args: object, **named: object) -> object:
    """Have a call to our own receiver made beside the loop that answers it."""
    return await asyncio.to_thread(work, *args, **named)


async def due_polls(app: App) -> int:
    """Do what the daemon's ticks do, until nothing is due; return how many feeds were polled."""
    await websub(app).hasten()
    polled = await app.poll.start_due()
    while await app.poll.idle():
        pass
    return polled


def items(app: App) -> int:
    return app.reader.queues().items


@on_both
async def test_a_pushed_feed_is_polled_at_once_and_its_item_is_there(world: World) -> None:
    async with world.subscribed() as app:
        (form,) = world.hub.asked
        assert form["hub.mode"] == "subscribe"
        assert form["hub.topic"] == world.watch.feeds.url("a")
        assert len(form["hub.secret"]) >= 32
        assert held(app).standing is Standing.ACTIVE
        world.clock.ahead += 2 * MINUTE
        assert await due_polls(app) == 0
        world.show("Pier of Velmar burns", "The weather of Velmar")
        assert await off(world.hub.push, b"whatever it says") == 202
        assert await due_polls(app) == 1
        assert items(app) == 2
        assert await due_polls(app) == 0


async def test_every_signature_of_the_recommendation_is_understood(world: World) -> None:
    async with world.subscribed() as app:
        for method in ("sha1", "sha256", "sha384", "sha512"):
            world.clock.ahead += MINUTE
            before = held(app).pushed_at
            await off(world.hub.push, b"news", method=method)
            assert held(app).pushed_at != before


async def test_a_forged_push_is_answered_like_any_and_ignored(world: World) -> None:
    async with world.subscribed() as app:
        world.clock.ahead += 2 * MINUTE
        assert await off(world.hub.push, b"news", secret="guessed") == 202
        unsigned = await off(httpx.post, world.hub.callback, content=b"news", trust_env=False)
        assert isinstance(unsigned, httpx.Response)
        assert unsigned.status_code == 202
        assert held(app).pushed_at is None
        assert await due_polls(app) == 0


async def test_nobody_can_subscribe_us_to_what_we_did_not_ask_for(world: World) -> None:
    async with world.subscribed() as app:
        base, good = world.hub.callback.rpartition("/")[0], {"mode": "subscribe", "challenge": "c"}
        topic = world.watch.feeds.url("a")
        assert await off(world.hub.call, world.hub.callback, topic=topic, **good) == (200, "c")
        for callback, query in (
            (f"{base}/guessed", good | {"topic": topic}),
            (base, good | {"topic": topic}),
            (world.hub.callback, good | {"topic": "https://other.example/rss"}),
            (world.hub.callback, {"mode": "unsubscribe", "challenge": "c", "topic": topic}),
        ):
            status, text = await off(world.hub.call, callback, **query)  # type: ignore[misc]
            assert (status, text == "c") == (404, False)
        guessed = await off(httpx.post, f"{base}/guessed", content=b"x", trust_env=False)
        assert isinstance(guessed, httpx.Response)
        assert guessed.status_code == 404
        assert held(app).standing is Standing.ACTIVE


async def test_many_pushes_are_one_poll_a_minute_and_the_last_one_counts(world: World) -> None:
    async with world.subscribed() as app:
        assert await off(world.hub.push, b"news") == 202
        assert await due_polls(app) == 0  # it was polled just now
        world.clock.ahead += 61 * MINUTE / 60
        await off(world.hub.push, b"more")
        assert await due_polls(app) == 1
        await off(world.hub.push, b"and more")
        assert await due_polls(app) == 0
        world.clock.ahead += 61 * MINUTE / 60
        assert await due_polls(app) == 1


@on_both
async def test_a_push_during_a_poll_is_another_poll_and_a_crash_loses_none(world: World) -> None:
    async with world.subscribed() as app:
        world.clock.ahead += 2 * MINUTE
        await off(world.hub.push, b"news")
    async with open_app(world.settings(), terminal=io.StringIO(), clock=world.clock) as app:
        taken = app.reader.feeds()[0]
        store = app.poll._store
        assert store.take_due({"a"}, now=world.clock(), lease=10 * MINUTE, limit=1, early=True) == [taken]
        await websub(app).hasten()  # a poll is in hand: it may have read the feed before the push
        assert app.reader.feeds()[0].next_poll_at == taken.next_poll_at
        world.clock.ahead += 11 * MINUTE
        assert await due_polls(app) == 1


async def test_a_push_overrides_what_the_server_asked_us_to_wait(world: World) -> None:
    async with world.subscribed() as app:
        page = world.watch.feeds.pages["a"]
        world.watch.feeds.pages["a"] = replace(page, status=429, headers={"Retry-After": "7200"})
        world.clock.ahead += 70 * MINUTE  # more than an hour and its jitter
        await due_polls(app)
        world.clock.ahead += 2 * MINUTE
        world.show("Pier of Velmar burns")
        assert await due_polls(app) == 0
        await off(world.hub.push, b"news")
        assert await due_polls(app) == 1
        assert items(app) == 2


@on_both
async def test_a_subscription_is_renewed_before_its_lease_ends(world: World) -> None:
    async with world.subscribed() as app:
        first = held(app)
        world.clock.ahead += 5 * DAY
        await websub(app).settle()
        assert len(world.hub.asked) == 1
        world.clock.ahead += 3 * DAY
        await websub(app).settle()
        assert [form["hub.mode"] for form in world.hub.asked] == ["subscribe", "subscribe"]
        renewed = held(app)
        assert (renewed.token, renewed.secret) == (first.token, first.secret)
        assert renewed.until_at is not None
        assert renewed.until_at > world.clock() + 9 * DAY


async def test_a_hub_that_refuses_is_asked_again_slowly_and_the_feed_is_polled_as_ever(world: World) -> None:
    world.hub.status = 403
    async with world.open() as app:
        for _ in range(3):
            await websub(app).settle()
        assert len(world.hub.asked) == 1
        assert "HTTP 403: we do not push this" in (held(app).error or "")
        world.hub.status = 202
        world.clock.ahead += 61 * MINUTE
        await websub(app).settle()
        assert held(app).standing is Standing.ACTIVE
        assert held(app).error is None
        world.show("Pier of Velmar burns")
        world.clock.ahead += 10 * MINUTE  # the hour is over, with its jitter
        assert await due_polls(app) == 1  # the hub is silent: the feed's own rhythm goes on
        assert items(app) == 2


@on_both
async def test_a_denial_is_told_and_asked_again_after_a_day(world: World) -> None:
    async with world.subscribed() as app:
        query = {"mode": "denied", "topic": world.watch.feeds.url("a"), "reason": "gone"}
        assert await off(world.hub.call, world.hub.callback, **query) == (200, "")
        assert held(app).standing is Standing.DENIED
        world.clock.ahead += DAY + MINUTE
        await websub(app).settle()
        assert held(app).standing is Standing.ACTIVE


@on_both
async def test_a_feed_that_goes_from_the_config_is_unsubscribed(world: World) -> None:
    async with world.subscribed():
        pass
    world.watch.feeds.pages["b"] = Page(rss("Other weather"))
    async with world.open("b") as app:
        await websub(app).settle()
        assert world.hub.asked[-1]["hub.mode"] == "unsubscribe"
        assert world.hub.follow == {}
        assert app.reader.subscriptions() == []


async def test_a_feed_that_names_no_hub_any_more_is_unsubscribed(world: World) -> None:
    async with world.subscribed() as app:
        world.watch.feeds.pages["a"] = Page(rss("Alone again"))
        await app.poll.poll_all()
        await websub(app).settle()
        assert world.hub.follow == {}


async def test_a_hub_on_a_private_address_is_not_asked_for_a_public_feed(world: World) -> None:
    async with world.subscribed() as app:
        private = replace(held(app), private=False)
        with pytest.raises(Exception, match="address not allowed"):
            await websub(app)._hubs.ask(private)
        assert len(world.hub.asked) == 1


@on_both
async def test_without_a_callback_nobody_is_asked_and_nothing_is_kept(world: World) -> None:
    async with world.subscribed():
        pass
    async with open_app(replace(world.settings(), websub=None), terminal=io.StringIO()) as app:
        assert app.websub is None
        assert app.reader.subscriptions() == []


async def test_a_taken_port_is_told_and_feeds_are_polled_all_the_same(world: World) -> None:
    settings = world.settings()
    with socket.create_server(("127.0.0.1", world.port)):
        async with open_app(settings, terminal=io.StringIO(), clock=world.clock) as app:
            await websub(app).listen()
            await app.poll.poll_all()
            await websub(app).settle()
            assert items(app) == 1
            assert world.hub.asked == []


async def test_the_daemon_does_all_of_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for tick in ("HUBS_TICK", "PUSHES_TICK", "LISTEN_TICK"):
        monkeypatch.setattr(daemon, tick, timedelta(seconds=0.1))
    stop = asyncio.Event()
    async with open_app(world.settings(), terminal=io.StringIO(), clock=world.clock) as app:
        running = asyncio.create_task(daemon.run_daemon(app, stop))
        await until(lambda: bool(world.hub.follow))
        world.clock.ahead += 2 * MINUTE
        world.show("Pier of Velmar burns", "The weather of Velmar")
        await off(world.hub.push, b"news")
        await until(lambda: items(app) == 2)
        stop.set()
        await running
        assert not websub(app).receiver.listening


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not await asyncio.to_thread(true):
            await asyncio.sleep(0.05)


GARBAGE = (
    (b"", b""),
    (b"GARBAGE\r\n\r\n", b"400"),
    (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 40_000, b"431"),
    (b"DELETE /x HTTP/1.1\r\nHost: x\r\n\r\n", b"405"),
    (b"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab", b"404"),
    (b"GET /%ff%00?hub.mode=%zz&" + b"&" * 300 + b" HTTP/1.1\r\nHost: x\r\n\r\n", b"400"),
)


async def test_whatever_is_sent_to_the_receiver_it_goes_on(world: World) -> None:
    async with world.subscribed() as app:
        for sent, answer in GARBAGE:
            reader, writer = await asyncio.open_connection("127.0.0.1", world.port)
            writer.write(sent)
            writer.write_eof()
            got = await asyncio.wait_for(reader.read(), 10)
            assert got.startswith(b"HTTP/1.1 " + answer) if answer else b"200" not in got
            writer.close()
            await writer.wait_closed()
        assert await off(world.hub.push, b"news") == 202
        assert held(app).pushed_at is not None


async def test_a_push_beyond_the_size_of_a_feed_is_refused_and_nothing_of_it_is_kept(world: World) -> None:
    async with world.subscribed() as app:
        websub(app).receiver._max_bytes = 1000
        assert await off(world.hub.push, b"x" * 200_000) == 413
        assert held(app).pushed_at is None


async def test_the_command_line_says_who_pushes_until_when(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    from claimwatch.cli.main import main

    async with world.subscribed():
        pass
    for words in (["status"], ["feeds", "list"], ["feeds", "list", "--json"]):
        with pytest.raises(SystemExit):
            await off(main, [*words, "--config", str(world.watch.config)])
        assert "pushed by hub 127.0.0.1 until" in capsys.readouterr().out
