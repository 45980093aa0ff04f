"""Parsing where it can be stopped: a few processes that each read one document at a time."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import astuple
from types import TracebackType

from claimwatch.core.model import Document, Select
from claimwatch.errors import ParseError
from claimwatch.feeds.wire import load_document
from claimwatch.feeds.worker import ARTICLE, FAILED, LENGTH, RETIRED

WORKER = ("-m", "claimwatch.feeds.worker")  # what the Python of a worker runs
CPU_SECONDS = 5  # of one document
MEMORY_MB = 160  # one document may add to a worker
_WALL_FACTOR = 8  # a worker that does not even use its CPU time is stuck
_PATIENCE = (
    0.5  # seconds after which a document that is being read counts as slow, and another worker helps out
)


class ParserPool:
    """Reads documents in worker processes, so that none costs more than its share of time and memory.

    Workers start when first needed and serve many documents. `workers` of them stay; while all are busy
    with slow documents, up to `spare` more help out. A worker that dies takes only its own document along.
    """

    def __init__(
        self, *, workers: int = 2, spare: int = 2, cpu_seconds: int = CPU_SECONDS, memory_mb: int = MEMORY_MB
    ) -> None:
        self._workers = workers
        self._most = workers + spare
        self._cpu_seconds = cpu_seconds
        self._memory_mb = memory_mb
        self._idle: list[_Worker] = []
        self._all: set[_Worker] = set()
        self._starting = 0
        self._waiting: deque[asyncio.Future[_Worker | None]] = deque()
        self._closed = False

    async def __aenter__(self) -> ParserPool:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def parse(
        self,
        body: bytes,
        *,
        content_type: str | None,
        url: str | None,
        known: bytes = b"",
        select: Select | None = None,
    ) -> Document:
        """Return the document, as `parse_document` does; with `select`, what it finds on a web page.

        Raises: ParseError, also when reading took more than its CPU time or memory.
        """
        how = list(astuple(select)) if select is not None else None
        async with self._worker() as worker:
            return await worker.parse(body, content_type, url, known, how)

    async def article(self, body: bytes, *, content_type: str | None, url: str | None) -> str:
        """Return the text of the article on a web page. Raises: ParseError, as `parse` does."""
        async with self._worker() as worker:
            document = await worker.parse(body, content_type, url, b"", ARTICLE)
        return document.items[0].content

    async def aclose(self) -> None:
        """End the workers; a document being read fails with ParseError."""
        self._closed = True
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_result(None)
        await asyncio.gather(*(worker.stop() for worker in list(self._all)))
        self._all.clear()
        self._idle.clear()

    @asynccontextmanager
    async def _worker(self) -> AsyncIterator[_Worker]:
        worker = await self._take()
        try:
            yield worker
        except ParseError:
            raise
        except BaseException:
            worker.usable = False  # it may still be reading: its next answer would be another document's
            raise
        finally:
            await self._give_back(worker)

    async def _take(self) -> _Worker:
        while not self._closed:
            if self._idle:
                return self._idle.pop()
            if len(self._all) + self._starting < self._workers:
                return await self._start()
            waiter: asyncio.Future[_Worker | None] = asyncio.get_running_loop().create_future()
            self._waiting.append(waiter)
            try:
                async with asyncio.timeout(_PATIENCE):
                    worker = await waiter
            except TimeoutError:
                if waiter.done() and not waiter.cancelled() and (handed := waiter.result()) is not None:
                    return handed
                if self._all_are_slow() and len(self._all) + self._starting < self._most:
                    return await self._start()
                continue
            except asyncio.CancelledError:
                if waiter.done() and not waiter.cancelled() and (handed := waiter.result()) is not None:
                    await self._give_back(handed)
                raise
            finally:
                with contextlib.suppress(ValueError):
                    self._waiting.remove(waiter)
            if worker is not None:
                return worker
        raise ParseError("the parser is closing")

    def _all_are_slow(self) -> bool:
        """Return whether no worker will soon be free: many quick documents are no reason for another one."""
        since = asyncio.get_running_loop().time() - _PATIENCE
        return not self._starting and all(w.begun is not None and w.begun <= since for w in self._all)

    async def _start(self) -> _Worker:
        self._starting += 1
        try:
            worker = await _Worker.start(self._cpu_seconds, self._memory_mb)
        finally:
            self._starting -= 1
        self._all.add(worker)
        return worker

    async def _give_back(self, worker: _Worker) -> None:
        if not worker.usable or self._closed:
            self._all.discard(worker)
            await worker.stop()
            self._wake(None)
            return
        if self._wake(worker):
            return
        if len(self._all) > self._workers:
            self._all.discard(worker)
            await worker.stop()
        else:
            self._idle.append(worker)

    def _wake(self, worker: _Worker | None) -> bool:
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(worker)
                return True
        return False


class _Worker:
    """One parser process and the pipes to it."""

    def __init__(self, process: asyncio.subprocess.Process, cpu_seconds: int) -> None:
        if process.stdin is None or process.stdout is None:
            raise ValueError("a worker needs pipes")
        self._process = process
        self._stdin = process.stdin
        self._stdout = process.stdout
        self._cpu_seconds = cpu_seconds
        self.usable = True
        self.begun: float | None = None  # when it began to read the document in hand

    @classmethod
    async def start(cls, cpu_seconds: int, memory_mb: int) -> _Worker:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *WORKER,
            str(cpu_seconds),
            str(memory_mb),
            str(os.getpid()),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            # Secrets of the daemon's environment are no business of a process that reads strangers' bytes.
            env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PATH": os.environ.get("PATH", "")},
        )
        return cls(process, cpu_seconds)

    async def parse(
        self, body: bytes, content_type: str | None, url: str | None, known: bytes, how: object
    ) -> Document:
        stdin, stdout = self._stdin, self._stdout
        head = json.dumps([content_type, url, known.hex(), how, len(body)]).encode()
        self.begun = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(self._cpu_seconds * _WALL_FACTOR):
                stdin.writelines((LENGTH.pack(len(head)), head, body))
                await stdin.drain()
                size = LENGTH.unpack(await stdout.readexactly(LENGTH.size))[0]
                answer = await stdout.readexactly(size)
        except TimeoutError:
            self.usable = False
            raise ParseError(f"parsing took more than {self._cpu_seconds * _WALL_FACTOR} s") from None
        except (asyncio.IncompleteReadError, OSError):
            self.usable = False
            raise ParseError(await self._why_dead()) from None
        finally:
            self.begun = None
        kind = answer[:1]
        if kind == FAILED:
            raise ParseError(answer[1:].decode("utf-8", "replace"))
        if kind == RETIRED:
            self.usable = False
        return await load_document(answer[1:])

    async def _why_dead(self) -> str:
        code = await self._process.wait()
        if code == -signal.SIGXCPU:
            return f"parsing took more than {self._cpu_seconds} s"
        return f"the parser process died of this document ({code})"

    async def stop(self) -> None:
        """Kill the process and wait for its end."""
        self.usable = False
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
        self._stdin.close()
        await self._process.wait()
        # Closes the pipe's transport now: left to the collector it would warn.
        transport = getattr(self._process, "_transport", None)
        if transport is not None:
            transport.close()
