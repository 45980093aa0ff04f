import asyncio
import re
import threading
from io import BytesIO, StringIO, TextIOWrapper

import pytest

from claimwatch.channels.context import ChannelContext
from claimwatch.channels.registry import open_channel
from claimwatch.channels.terminal import TerminalSettings
from claimwatch.core.columns import width
from claimwatch.core.model import Alert
from claimwatch.errors import DeliveryError
from tests.channels.examples import ALERTS, CONTRADICTS, HOSTILE_TITLES, KEY, NEW, NOW, titled


class Screen(StringIO):
    def isatty(self) -> bool:
        return True


async def printed(alert: Alert, stream: StringIO) -> str:
    channel = open_channel(
        "screen",
        "terminal",
        TerminalSettings(),
        ChannelContext(now=lambda: NOW, zone="Europe/Paris", stream=stream),
    )
    await channel.send(channel.word(alert, key=KEY), key=KEY)
    return stream.getvalue()


@pytest.mark.parametrize("alert", ALERTS.values(), ids=list(ALERTS))
async def test_no_line_is_wider_than_80_columns(alert: Alert) -> None:
    assert all(width(line) <= 80 for line in (await printed(alert, StringIO())).splitlines())


async def test_colours_are_for_terminals_only_and_not_when_unwanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    plain = await printed(CONTRADICTS, StringIO())
    coloured = await printed(CONTRADICTS, Screen())
    assert "\x1b" not in plain
    assert "\x1b[1;31mCONTRADICTS\x1b[0m: GUR says" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == plain.replace(">>", "").replace("<<", "")
    monkeypatch.setenv("NO_COLOR", "1")
    assert await printed(CONTRADICTS, Screen()) == plain


@pytest.mark.parametrize("title", HOSTILE_TITLES, ids=range(len(HOSTILE_TITLES)))
async def test_a_hostile_title_cannot_move_the_cursor(title: str) -> None:
    text = await printed(titled(title), StringIO())
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)


async def test_a_screen_that_knows_only_ascii_still_shows_the_alert() -> None:
    raw = BytesIO()
    stream = TextIOWrapper(raw, encoding="ascii")
    channel = open_channel(
        "s", "terminal", TerminalSettings(), ChannelContext(now=lambda: NOW, stream=stream)
    )
    await channel.send(channel.word(NEW, key=KEY), key=KEY)
    assert b"NEW: \\ubd81\\ud55c" in raw.getvalue()


async def test_a_closed_terminal_is_told() -> None:
    stream = StringIO()
    channel = open_channel(
        "s", "terminal", TerminalSettings(), ChannelContext(now=lambda: NOW, stream=stream)
    )
    stream.close()
    with pytest.raises(DeliveryError, match="terminal is gone"):
        await channel.send(b"x", key=KEY)


async def test_a_stopped_terminal_does_not_hold_up_the_loop() -> None:
    go_on = threading.Event()

    class Stopped(StringIO):
        def write(self, text: str) -> int:
            go_on.wait(10)
            return super().write(text)

    stream = Stopped()
    sending = asyncio.create_task(printed(CONTRADICTS, stream))
    await asyncio.sleep(0.05)
    assert not sending.done()
    go_on.set()
    assert "CONTRADICTS" in await sending
