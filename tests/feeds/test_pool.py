from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from claimwatch.errors import ParseError
from claimwatch.feeds import parse_document
from claimwatch.feeds.pool import ParserPool
from claimwatch.feeds.wire import dump_document, load_document
from tests.feeds.documents import SITE, entry, rss

GOOD = rss(entry("Troops leave", "1", "text", "<pubDate>2026-07-01T08:00:00Z</pubDate><author>Ann</author>"))
MISBEHAVING = """
import os
from claimwatch.feeds import worker
from claimwatch.feeds.document import parse_document

def parse(body, *, content_type, url, known):
    if body == b"SPIN":
        while True:
            pass
    if body == b"SWELL":
        bytearray(500_000_000)
    if body == b"DIE":
        os._exit(3)
    return parse_document(body, content_type=content_type, url=url)

worker.parse_document = parse
worker.main()
"""


@pytest.fixture
def misbehave(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers whose parser does what a document like b"SPIN" tells it."""
    monkeypatch.setattr("claimwatch.feeds.pool.WORKER", ("-c", MISBEHAVING))


@pytest.fixture
async def pool() -> AsyncIterator[ParserPool]:
    async with ParserPool(workers=1, spare=1) as running:
        yield running


def workers_of(pool: ParserPool) -> list[int]:
    return [worker._process.pid for worker in pool._all]


async def test_a_document_comes_out_of_the_pool_as_it_would_without(pool: ParserPool) -> None:
    direct = parse_document(GOOD, content_type="text/xml", url=SITE)
    assert await pool.parse(GOOD, content_type="text/xml", url=SITE) == direct
    assert await load_document(dump_document(direct)) == direct


async def test_one_process_serves_many_documents_and_errors_do_not_end_it(pool: ParserPool) -> None:
    await pool.parse(GOOD, content_type=None, url=None)
    first = workers_of(pool)
    with pytest.raises(ParseError, match="empty"):
        await pool.parse(b"", content_type=None, url=None)
    for _ in range(5):
        await pool.parse(GOOD, content_type=None, url=None)
    assert workers_of(pool) == first


async def test_no_process_is_started_before_there_is_a_document() -> None:
    async with ParserPool() as pool:
        assert workers_of(pool) == []


async def test_a_document_that_takes_too_long_is_stopped_and_costs_nobody_else(misbehave: None) -> None:
    async with ParserPool(workers=1, spare=1, cpu_seconds=1) as pool:
        began = time.monotonic()
        stuck = asyncio.create_task(pool.parse(b"SPIN", content_type=None, url=None))
        await asyncio.sleep(0.1)
        assert (await pool.parse(GOOD, content_type=None, url=None)).items
        with pytest.raises(ParseError, match="parsing took more than 1 s"):
            await stuck
        assert time.monotonic() - began < 20
        assert (await pool.parse(GOOD, content_type=None, url=None)).items


async def test_a_document_that_takes_too_much_memory_is_an_error(misbehave: None) -> None:
    async with ParserPool(workers=1, spare=0, memory_mb=50) as pool:
        with pytest.raises(ParseError, match="memory"):
            await pool.parse(b"SWELL", content_type=None, url=None)
        assert (await pool.parse(GOOD, content_type=None, url=None)).items


async def test_a_worker_that_dies_takes_only_its_own_document_along(misbehave: None) -> None:
    async with ParserPool(workers=2, spare=0) as pool:
        results = await asyncio.gather(
            *(pool.parse(body, content_type=None, url=None) for body in (GOOD, b"DIE", GOOD, b"DIE", GOOD)),
            return_exceptions=True,
        )
    assert [isinstance(result, ParseError) for result in results] == [False, True, False, True, False]


async def test_a_cancelled_document_does_not_answer_for_the_next_one(misbehave: None) -> None:
    async with ParserPool(workers=1, spare=0) as pool:
        await pool.parse(GOOD, content_type=None, url=None)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await pool.parse(b"SPIN", content_type=None, url=None)
        assert (await pool.parse(GOOD, content_type=None, url=None)).items[0].title == "Troops leave"


async def test_after_closing_nothing_is_left_and_nothing_is_taken() -> None:
    pool = ParserPool(workers=1)
    await pool.parse(GOOD, content_type=None, url=None)
    (worker,) = workers_of(pool)
    await pool.aclose()
    assert not Path(f"/proc/{worker}").exists()
    with pytest.raises(ParseError, match="closing"):
        await pool.parse(GOOD, content_type=None, url=None)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks at processes through /proc")
def test_workers_die_with_a_daemon_that_is_killed() -> None:
    program = (
        "import asyncio\nfrom claimwatch.feeds.pool import ParserPool\n"
        "async def main():\n"
        "    pool = ParserPool(workers=1)\n"
        "    await pool.parse(b'<rss><channel></channel></rss>', content_type=None, url=None)\n"
        "    print(*(worker._process.pid for worker in pool._all), flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as daemon:
        assert daemon.stdout is not None
        worker = int(daemon.stdout.readline())
        os.kill(daemon.pid, signal.SIGKILL)
        daemon.wait()
        for _ in range(100):
            if _is_dead(worker):
                return
            time.sleep(0.02)
    raise AssertionError(f"process {worker} outlived its daemon")


def _is_dead(pid: int) -> bool:
    try:
        return ") Z" in Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True
