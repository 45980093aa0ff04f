"""A parser process: reads documents from stdin, writes what it read to stdout, one after the other.

Started by `ParserPool` as `python -m claimwatch.feeds.worker CPU_SECONDS MEMORY_MB PARENT`. It ends when
its stdin does, and is killed by the kernel when a document costs too much or the daemon dies.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import resource
import signal
import struct
import sys
from dataclasses import dataclass
from typing import Any, BinaryIO

from claimwatch.core.model import Document, Item, Select
from claimwatch.errors import ParseError
from claimwatch.feeds.document import parse_document
from claimwatch.feeds.wire import dump_document

LENGTH = struct.Struct(">I")
ARTICLE = "article"
READ, FAILED, RETIRED = b"+", b"-", b"="  # first byte of an answer; "=" reads well and is the last one
_PR_SET_PDEATHSIG = 1
_RETIRE_ABOVE = 60_000_000  # bytes of memory grown since the start; a fresh process is cheaper


def main() -> None:
    """Serve until stdin ends."""
    cpu_seconds, memory_mb, parent = (int(word) for word in sys.argv[1:4])
    _die_with(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the daemon's to handle: it drains
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    source, sink = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a stray print must not get between the answers
    import feedparser  # noqa: F401 - loaded before the first document, so that none pays for it

    base = _memory()
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_DATA, (base + memory_mb * 1_000_000, resource.RLIM_INFINITY))
    gc.freeze()
    while (request := _next(source)) is not None:
        _limit_cpu(cpu_seconds)
        answer = _answer(request)
        retire = answer[:1] == READ and _memory() - base > _RETIRE_ABOVE
        sink.write(LENGTH.pack(len(answer)))
        sink.write(RETIRED + answer[1:] if retire else answer)
        sink.flush()
        if retire:
            return
        del answer


@dataclass(slots=True)
class _Request:
    """One document to read."""

    content_type: str | None
    url: str | None
    known: bytes
    how: Any  # None: as a feed; the parts of a Select; "article"
    body: bytes

    def take_body(self) -> bytes:
        """Return the body and hold it no longer: of a long document every copy counts."""
        body, self.body = self.body, b""
        return body


def _next(source: BinaryIO) -> _Request | None:
    head = source.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    content_type, url, known, how, size = json.loads(source.read(LENGTH.unpack(head)[0]))
    request = _Request(content_type, url, bytes.fromhex(known), how, source.read(size))
    return request if len(request.body) == size else None


def _answer(request: _Request) -> bytes:
    try:
        return READ + dump_document(_read(request))
    except ParseError as error:
        return FAILED + str(error).encode("utf-8", "replace")
    except MemoryError:
        return FAILED + b"reading the document needs too much memory"


def _read(request: _Request) -> Document:
    content_type, url, how = request.content_type, request.url, request.how
    if how is None:
        return parse_document(request.take_body(), content_type=content_type, url=url, known=request.known)
    try:
        from claimwatch.feeds import web_page

        if how == ARTICLE:
            text = web_page.read_article(request.take_body(), content_type, url)
            return Document("", None, (Item("", content=text),))
        return web_page.read_items(request.take_body(), content_type, url, Select(*how))
    except ImportError as error:
        raise ParseError(f"reading pages needs {error.name}: pip install 'claimwatch[pages]'") from None
    except (ParseError, MemoryError):
        raise
    except Exception as error:
        raise ParseError(f"the page cannot be read ({type(error).__name__}: {str(error)[:100]})") from error


def _limit_cpu(seconds: int) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime)
    resource.setrlimit(resource.RLIMIT_CPU, (spent + seconds, resource.RLIM_INFINITY))


def _memory() -> int:
    """Return the bytes of private data this process has asked for."""
    try:
        with open("/proc/self/statm", "rb") as statm:
            return int(statm.read().split()[5]) * resource.getpagesize()
    except (OSError, IndexError, ValueError):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _die_with(parent: int) -> None:
    """Ask the kernel to kill this process when the daemon dies, however it dies (Linux)."""
    with contextlib.suppress(Exception):
        import ctypes

        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(0)


if __name__ == "__main__":
    main()
