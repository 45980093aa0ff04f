"""Compressed bodies, inflated within a bound: a bomb is stopped while it swells."""

from __future__ import annotations

import zlib

from claimwatch.errors import FetchError

MAX_BYTES = 8_000_000  # of a document, inflated; the largest honest feeds have some 5 MB
_GZIP = 31  # zlib's window bits for gzip, zlib and raw deflate
_ZLIB = 15
_RAW = -15


class Inflater:
    """Takes a body as it arrives and keeps at most `limit` bytes of what it holds.

    Raises FetchError: "too_large" past the limit, "encoding" for what is neither gzip nor deflate,
    "protocol" for a stream that breaks off.
    """

    def __init__(self, encoding: str | None, limit: int) -> None:
        name = (encoding or "").strip().lower()
        if name not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise FetchError(f"sent as {name[:40]}, which was not asked for", kind="encoding")
        self._deflate = name == "deflate"
        self._plain = name in ("", "identity")
        self._limit = limit
        self._pieces: list[bytes] = []
        self._size = 0
        self._head = b""
        self._started = False
        self._stream: zlib._Decompress | None = None
        self._done = False  # one whole member was read

    def feed(self, data: bytes) -> None:
        """Take the next bytes from the wire."""
        if not self._started:
            self._head += data
            if len(self._head) < 2:
                return
            data, self._head = self._head, b""
            self._start(data)
        if self._stream is None:
            self._keep(data)
        else:
            self._inflate(self._stream, data)

    def finish(self) -> bytes:
        """Return the whole body."""
        if not self._started and self._head:
            self._start(self._head)
            self._keep(self._head)
        if self._stream is not None and not self._done:
            raise FetchError("the compressed body was cut off", kind="protocol")
        return b"".join(self._pieces)

    def _start(self, data: bytes) -> None:
        self._started = True
        if data.startswith(b"\x1f\x8b"):
            # Also without a label, or with a wrong one: "feed.xml.gz" is often sent as it lies on the disk.
            self._stream = zlib.decompressobj(_GZIP)
        elif self._deflate:
            is_zlib = data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0
            self._stream = zlib.decompressobj(_ZLIB if is_zlib else _RAW)
        # else: plain, whatever the label says

    def _inflate(self, stream: zlib._Decompress, data: bytes) -> None:
        while data:
            if self._done:
                if not data.startswith(b"\x1f\x8b"):
                    return  # junk after the last member
                stream = self._stream = zlib.decompressobj(_GZIP)
                self._done = False
            try:
                self._keep(stream.decompress(data, self._limit - self._size + 1))
            except zlib.error as error:
                raise FetchError(f"the compressed body is damaged ({error})"[:120], kind="encoding") from None
            if stream.eof:
                self._done = True
                data = stream.unused_data
            else:
                data = stream.unconsumed_tail

    def _keep(self, data: bytes) -> None:
        self._size += len(data)
        if self._size > self._limit:
            raise FetchError(f"larger than {self._limit / 1_000_000:g} MB", kind="too_large")
        if data:
            self._pieces.append(data)
