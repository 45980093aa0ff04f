from __future__ import annotations

import io
from pathlib import Path

import pytest

from claimwatch.app import App, open_app
from claimwatch.config import load
from claimwatch.config.settings import Settings
from claimwatch.daemon import run_daemon, run_once
from claimwatch.errors import AlreadyRunning, StorageError
from claimwatch.storage.lock import DatabaseLock
from tests.acceptance.conftest import Watch, rss
from tests.acceptance.conftest import watch as watch
from tests.acceptance.servers import Page
from tests.stations.stage import START


@pytest.fixture
def settings(watch: Watch) -> Settings:
    watch.feeds.pages["a"] = Page(rss("Weather: sunny"))
    watch.write("a")
    return load(watch.config, environ={})


def free(path: Path) -> bool:
    lock = DatabaseLock(path)
    try:
        lock.acquire(now=START)
    except AlreadyRunning:
        return False
    lock.release()
    return True


async def test_the_database_is_ours_while_the_app_is_open_and_free_afterwards(settings: Settings) -> None:
    async with open_app(settings, terminal=io.StringIO()):
        assert not free(settings.storage)
        with pytest.raises(AlreadyRunning):
            async with open_app(settings):
                pass
    assert free(settings.storage)


async def test_an_app_that_cannot_open_lets_go_of_what_it_had(settings: Settings) -> None:
    settings.var.mkdir(parents=True)
    settings.storage.write_bytes(b"")
    with pytest.raises(StorageError, match="the file is empty"):
        async with open_app(settings):
            pass
    assert free(settings.storage)


async def test_a_stop_that_came_before_the_start_ends_the_run_at_once(
    settings: Settings,
    watch: Watch,
) -> None:
    import asyncio

    stop = asyncio.Event()
    stop.set()
    for run in (run_daemon, run_once):
        async with open_app(settings, terminal=io.StringIO()) as app:
            assert isinstance(app, App)
            await asyncio.wait_for(run(app, stop), 5)
    assert watch.mail.messages == []
