import json
from pathlib import Path

import pytest

from claimwatch.channels.jsonl import JsonlSettings
from claimwatch.channels.registry import open_channel
from claimwatch.errors import DeliveryError
from claimwatch.protocols import Channel
from tests.channels.examples import CONTRADICTS, NEW, context


def opened(var: Path, path: str = "alerts.jsonl") -> Channel:
    return open_channel("file", "jsonl", JsonlSettings(path=Path(path)), context(var))


async def write(channel: Channel, key: str) -> str:
    return (await channel.send(channel.word(CONTRADICTS, key=key), key=key)).answer


async def test_each_alert_is_one_line_with_its_key(tmp_path: Path) -> None:
    channel = opened(tmp_path)
    await write(channel, "k1")
    await channel.send(channel.word(NEW, key="k2"), key="k2")
    lines = [json.loads(line) for line in (tmp_path / "alerts.jsonl").read_text().splitlines()]
    assert [line["id"] for line in lines] == ["k1", "k2"]
    assert lines[1]["items"][0]["title"].startswith("북한, 쿠르스크")


async def test_a_line_written_before_a_crash_is_not_written_again(tmp_path: Path) -> None:
    await write(opened(tmp_path), "k1")
    assert await write(opened(tmp_path), "k1") == "was written before"
    await write(opened(tmp_path), "k11")
    assert await write(opened(tmp_path), "k1") == "was written before"
    assert len((tmp_path / "alerts.jsonl").read_text().splitlines()) == 2


async def test_a_line_torn_by_a_crash_is_written_whole_on_its_own_line(tmp_path: Path) -> None:
    channel = opened(tmp_path)
    message = channel.word(CONTRADICTS, key="k1")
    (tmp_path / "alerts.jsonl").write_bytes(message[:100])
    await channel.send(message, key="k1")
    assert (tmp_path / "alerts.jsonl").read_bytes() == message[:100] + b"\n" + message


async def test_folders_are_made(tmp_path: Path) -> None:
    assert await write(opened(tmp_path / "var", "out/alerts.jsonl"), "k1") == "written"


async def test_a_file_that_cannot_be_written_is_tried_again_and_named(tmp_path: Path) -> None:
    (tmp_path / "alerts.jsonl").mkdir()
    with pytest.raises(DeliveryError, match=r"alerts\.jsonl") as caught:
        await write(opened(tmp_path), "k1")
    assert not caught.value.permanent
