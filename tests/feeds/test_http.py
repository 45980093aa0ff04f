from __future__ import annotations

import asyncio
import base64
import gzip
import shutil
import ssl
import subprocess
import zlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from claimwatch.core.model import Feed, Fetched, HostPace, PollState
from claimwatch.errors import FetchError
from claimwatch.feeds.host_places import HostPlaces
from claimwatch.feeds.http import HttpFetcher
from tests.feeds.servers import RawServer, redirect, response

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
NEVER = PollState(feed="f", next_poll_at=NOW)
BODY = b"<rss/>"


@pytest.fixture
async def server() -> AsyncIterator[RawServer]:
    async with RawServer().running() as running:
        yield running


async def fetch(
    url: str, state: PollState = NEVER, *, feed: dict[str, Any] | None = None, **limits: Any
) -> Fetched:
    async with HttpFetcher(**{"deadline": timedelta(seconds=5), **limits}) as fetcher:
        return await fetcher.fetch(Feed(**{"name": "f", "url": url, "private": True, **(feed or {})}), state)


async def failure(url: str, **how: Any) -> FetchError:
    with pytest.raises(FetchError) as caught:
        await fetch(url, **how)
    return caught.value


async def test_a_document_comes_with_all_that_is_to_be_remembered(server: RawServer) -> None:
    server.answers["/feed"] = response(
        BODY, 'ETag: "v1"', "Last-Modified: Wed, 01 Jul 2026 08:00:00 GMT", "Content-Type: text/xml",
        "Cache-Control: public, max-age=1800",
    )  # fmt: skip
    fetched = await fetch(server.url(), contact="https://desk.example/watch")
    assert fetched == Fetched(
        url=server.url(),
        status=200,
        body=BODY,
        content_type="text/xml",
        etag='"v1"',
        last_modified="Wed, 01 Jul 2026 08:00:00 GMT",
        fresh_for=timedelta(minutes=30),
    )
    asked = server.asked[0].headers
    assert asked["user-agent"].startswith("claimwatch/")
    assert "https://desk.example/watch" in asked["user-agent"]
    assert asked["accept-encoding"] == "gzip"
    assert not {"cookie", "referer", "authorization", "if-none-match"} & set(asked)


async def test_validators_come_back_byte_for_byte_and_only_to_the_address_they_came_from(
    server: RawServer,
) -> None:
    server.answers["/feed"] = response(status="304 Not Modified")
    server.answers["/other"] = response(BODY)
    state = replace(NEVER, etag='W/"a b;c"', last_modified="Wed, 01 Jul 2026 08:00:00 GMT", url=server.url())
    unchanged = await fetch(server.url(), state)
    assert (unchanged.body, unchanged.etag, unchanged.status) == (None, 'W/"a b;c"', 304)
    assert server.asked[0].headers["if-none-match"] == 'W/"a b;c"'
    assert server.asked[0].headers["if-modified-since"] == "Wed, 01 Jul 2026 08:00:00 GMT"
    await fetch(server.url("/other"), state)
    assert "if-none-match" not in server.asked[1].headers


async def test_once_a_day_a_feed_is_fetched_whole_in_case_its_validators_lie(
    server: RawServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.answers["/feed"] = response(BODY)
    state = replace(NEVER, etag='"v1"', url=server.url())
    feed = Feed(name="f", url=server.url(), private=True)
    async with HttpFetcher() as fetcher:
        await fetcher.fetch(feed, state)
        monkeypatch.setattr("claimwatch.feeds.http.FULL_EVERY", timedelta(0))
        await fetcher.fetch(feed, state)
    assert ["if-none-match" in asked.headers for asked in server.asked] == [True, False]


async def test_an_answer_not_modified_that_nobody_asked_for_leaves_no_validator(server: RawServer) -> None:
    server.answers["/feed"] = response(b"", 'ETag: "never-seen"', status="304 Not Modified")
    assert (await fetch(server.url())).etag is None


@pytest.mark.parametrize("etag", ["x" * 8000, '"caf\xe9"', '"a\x07b"'])
async def test_an_etag_that_could_break_the_next_request_is_not_kept(server: RawServer, etag: str) -> None:
    server.answers["/feed"] = response(BODY).replace(
        b"\r\n\r\n", f"\r\nETag: {etag}\r\n\r\n".encode("latin-1"), 1
    )
    try:
        assert (await fetch(server.url())).etag is None
    except FetchError as error:
        assert error.kind == "protocol"  # noqa: PT017 - a control character may cost the whole answer


async def test_redirects_are_followed_and_only_permanent_ones_move_the_feed(server: RawServer) -> None:
    server.answers |= {
        "/feed": redirect("/a", 301), "/a": redirect("b?x=ü y", 308), "/b?x=%C3%BC%20y": response(BODY),
        "/mixed": redirect("/a2", 301), "/a2": redirect("/b?x=%C3%BC%20y", 302),
    }  # fmt: skip
    moved = await fetch(server.url())
    assert moved.moved_to == moved.url == server.url("/b?x=%C3%BC%20y")
    assert (await fetch(server.url("/mixed"))).moved_to is None


async def test_a_poll_is_at_most_ten_requests(server: RawServer) -> None:
    server.answers["/feed"] = redirect("/feed")
    assert (await failure(server.url())).kind == "redirects"
    assert len(server.asked) == 10


@pytest.mark.parametrize(
    "target",
    [
        "file:///etc/hostname",
        "ftp://127.0.0.1/x",
        "gopher://x/",
        "data:text/xml,<rss/>",
        "http://127.0.0.1:1\\@x/",
    ],
)
async def test_a_redirect_to_anything_but_http_is_refused(server: RawServer, target: str) -> None:
    server.answers["/feed"] = redirect(target)
    assert (await failure(server.url())).kind == "blocked_address"


async def test_a_private_feed_may_not_redirect_to_another_private_origin(server: RawServer) -> None:
    async with RawServer().running() as canary:
        for host in ("127.0.0.1", "localhost", "0", "[::1]", "127.1", "2130706433", "0x7f.1"):
            server.answers["/feed"] = redirect(f"http://{host}:{canary.port}/feed")
            error = await failure(server.url())
            assert error.kind in ("blocked_address", "redirects"), host
        assert canary.asked == []


async def test_a_feed_not_marked_private_reaches_no_loopback_address(server: RawServer) -> None:
    server.answers["/feed"] = response(BODY)
    for host in ("127.0.0.1", "localhost", "0.0.0.0", "127.1", "0177.0.0.1", "[::ffff:127.0.0.1]"):
        error = await failure(f"http://{host}:{server.port}/feed", feed={"private": False})
        assert error.kind in ("blocked_address", "bad_url"), host
    assert "private: true" in str(await failure(server.url(), feed={"private": False}))
    assert server.asked == []


async def test_credentials_go_to_their_own_origin_and_never_further(server: RawServer) -> None:
    async with RawServer().running() as other:
        other.answers["/feed"] = response(BODY)
        server.answers["/feed"] = redirect("/own")
        server.answers["/own"] = redirect(other.url())
        # The other origin is private too: reached here through a fetcher whose guard is out of the way.
        from claimwatch.feeds import transport

        allow_all = transport.GuardedTransport()
        allow_all._allowed = _anything  # type: ignore[method-assign]
        await fetch(server.url(), feed={"user": "ann", "password": "s3cret"}, transport=allow_all)
        expected = "Basic " + base64.b64encode(b"ann:s3cret").decode()
        assert [asked.headers.get("authorization") for asked in server.asked] == [expected, expected]
        assert "authorization" not in other.asked[0].headers


async def _anything(host: str, port: int, *, private: bool) -> list[Any]:
    import socket

    return [(socket.AF_INET, host)]


async def test_user_and_password_in_an_address_are_used_but_never_shown(server: RawServer) -> None:
    server.answers["/feed"] = response(BODY)
    fetched = await fetch(server.url().replace("http://", "http://ann:s3cret@"))
    assert server.asked[0].headers["authorization"].startswith("Basic ")
    assert fetched.url == server.url()
    server.answers["/feed"] = response(status="500 Oops")
    assert "s3cret" not in str(await failure(server.url().replace("http://", "http://ann:s3cret@")))


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "compress"])
async def test_encodings_nobody_asked_for_are_refused(server: RawServer, encoding: str) -> None:
    server.answers["/feed"] = response(b"x", f"Content-Encoding: {encoding}")
    assert (await failure(server.url())).kind == "encoding"


async def test_compressed_bodies_are_inflated_whatever_their_label(server: RawServer) -> None:
    raw = zlib.compressobj(wbits=-15)
    server.answers |= {
        "/gzip": response(gzip.compress(BODY), "Content-Encoding: gzip"),
        "/zlib": response(zlib.compress(BODY), "Content-Encoding: deflate"),
        "/raw": response(raw.compress(BODY) + raw.flush(), "Content-Encoding: deflate"),
        "/plain": response(BODY, "Content-Encoding: gzip"),
        "/file": response(gzip.compress(BODY)),
        "/two": response(gzip.compress(b"<rss") + gzip.compress(b"/>") + b"junk", "Content-Encoding: gzip"),
    }
    for path in list(server.answers):
        assert (await fetch(server.url(path))).body == BODY, path


@pytest.mark.parametrize("label", ["gzip", "deflate"])
async def test_a_bomb_is_stopped_while_it_swells(server: RawServer, label: str) -> None:
    squeeze = zlib.compressobj(9, wbits=31 if label == "gzip" else 15)
    bomb = b"".join(squeeze.compress(bytes(1_000_000)) for _ in range(50)) + squeeze.flush()
    server.answers["/feed"] = response(bomb, f"Content-Encoding: {label}")
    error = await failure(server.url(), max_bytes=1_000_000)
    assert (error.kind, str(error)) == ("too_large", "larger than 1 MB")


async def test_a_body_past_the_limit_is_refused_before_or_while_it_is_read(server: RawServer) -> None:
    async def endless(_: RawServer, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"10000\r\n" + b"x" * 65536 + b"\r\n")
            await writer.drain()

    server.answers |= {"/announced": response(b"x", length=10**9), "/endless": endless}
    for path in server.answers:
        assert (await failure(server.url(path))).kind == "too_large"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (response(BODY, length=100), "protocol"),
        (response(gzip.compress(BODY * 100, mtime=0)[:-20], "Content-Encoding: gzip"), "protocol"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", "protocol"),
        (b"", "protocol"),
        (b"\x16\x03\x01\x02", "protocol"),
        (b"<rss>HTTP/0.9 body</rss>", "protocol"),
        (b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(50_000)) + b"\r\n", "too_large"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 1000, "protocol"),
        (response(status="204 Nothing"), "protocol"),
        (response(status="301 Nowhere"), "redirects"),
        (redirect("http://[::1"), "redirects"),
        (redirect("/" + "A" * 60_000), "redirects"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{len(value)} bytes",
)
async def test_broken_answers_are_named_errors(server: RawServer, answer: bytes, kind: str) -> None:
    server.answers["/feed"] = answer
    assert (await failure(server.url())).kind == kind


async def test_one_deadline_holds_for_the_whole_poll(server: RawServer) -> None:
    async def drip(_: RawServer, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)

    async def silent(_: RawServer, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(30)

    server.answers |= {"/drip": drip, "/silent": silent}
    for path in server.answers:
        error = await failure(server.url(path), deadline=timedelta(seconds=0.3))
        assert (error.kind, str(error)) == ("timeout", "timed out after 0.3 s")


@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, "http_denied"), (403, "http_denied"), (404, "http_missing"), (410, "http_gone"),
     (429, "http_temporary"),
     (500, "http_temporary"), (503, "http_temporary"), (599, "http_temporary"), (418, "http_missing")],
)  # fmt: skip
async def test_refusals_are_told_apart(server: RawServer, status: int, kind: str) -> None:
    server.answers["/feed"] = response(status=f"{status} No")
    error = await failure(server.url())
    assert (error.kind, error.status) == (kind, status)


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("2592000", timedelta(hours=24)),
        ("315360000", None),
        ("Wed, 01 Jul 2026 12:10:00 GMT", timedelta(minutes=10)),
        ("Wed, 01 Jul 2099 12:10:00 GMT", None),
        ("Wed, 15 Jul 2026 12:10:00 GMT", timedelta(hours=24)),
        ("Wed, 01 Jul 2015 12:10:00 GMT", None),
        ("-1", None),
        ("0", None),
        ("soon", None),
    ],
)
async def test_retry_after_is_read_in_seconds_and_dates_and_capped(
    server: RawServer, header: str, wait: timedelta | None
) -> None:
    server.answers["/feed"] = response(
        b"", f"Retry-After: {header}", "Date: Wed, 01 Jul 2026 12:00:00 GMT", status="429 Slow down"
    )
    assert (await failure(server.url())).retry_after == wait


async def test_feeds_of_one_host_share_a_connection_and_one_closed_meanwhile_costs_no_poll(
    server: RawServer,
) -> None:
    server.answers |= {"/feed": response(BODY), "/same": response(status="304 Not Modified")}
    server.requests_per_connection = 3
    state = replace(NEVER, etag='"v1"', url=server.url("/same"))
    async with HttpFetcher() as fetcher:
        for number in range(9):  # after every third the server closes without a word
            path = "/same" if number % 3 == 1 else "/feed"
            fetched = await fetcher.fetch(Feed(name="f", url=server.url(path), private=True), state)
            assert fetched.body == (None if path == "/same" else BODY)
            await asyncio.sleep(0.01 if number == 2 else 0)
    assert len(server.asked) == 9
    assert server.connections == 3


async def test_bytes_after_an_answer_without_a_body_are_not_the_next_answer(server: RawServer) -> None:
    server.requests_per_connection = 2
    server.answers |= {
        "/same": response(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil", status="304 Not Modified"),
        "/feed": response(BODY),
    }
    async with HttpFetcher() as fetcher:
        for path, body in (("/same", None), ("/feed", BODY)):
            fetched = await fetcher.fetch(Feed(name="f", url=server.url(path), private=True), NEVER)
            assert fetched.body == body
    assert server.connections == 2


async def test_a_host_is_asked_by_few_polls_at_a_time() -> None:
    places = HostPlaces()
    at_once = most = 0

    async def poll() -> None:
        nonlocal at_once, most
        async with places.place("Herald.example", HostPace(2, timedelta(0))):
            at_once += 1
            most = max(most, at_once)
            await asyncio.sleep(0.005)
            at_once -= 1

    await asyncio.gather(*(poll() for _ in range(7)))
    assert most == 2


async def test_a_slow_feed_does_not_keep_the_place_of_its_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claimwatch.feeds.host_places.HELD", 0.02)
    places, pace = HostPlaces(), HostPace(1, timedelta(0))

    async def slow() -> None:
        async with places.place("herald.example", pace):
            await asyncio.sleep(10)

    slow_poll = asyncio.create_task(slow())
    await asyncio.sleep(0)
    async with asyncio.timeout(1), places.place("herald.example", pace):
        pass
    slow_poll.cancel()
    await asyncio.gather(slow_poll, return_exceptions=True)


async def test_polls_of_one_host_begin_spaced_out_and_other_hosts_do_not_wait() -> None:
    places, pace = HostPlaces(), HostPace(2, timedelta(seconds=0.05))
    begun: list[tuple[str, float]] = []

    async def poll(host: str) -> None:
        async with places.place(host, pace):
            begun.append((host, asyncio.get_running_loop().time()))

    asked_at = asyncio.get_running_loop().time()
    await asyncio.gather(*(poll(host) for host in ("herald.example", "herald.example", "post.example") * 2))
    herald = [at for host, at in begun if host == "herald.example"]
    assert max(herald) - asked_at >= 3 * 0.05
    assert [host for host, _ in begun[:2]] == ["herald.example", "post.example"]


async def test_errors_of_the_network_are_told_in_words_people_understand(server: RawServer) -> None:
    closed = server.port
    async with RawServer().running() as gone:
        closed = gone.port
    assert str(await failure(f"http://127.0.0.1:{closed}/")) == "127.0.0.1 refuses connections"
    server.answers["/feed"] = response(BODY)
    assert (await failure(server.url().replace("http:", "https:"), deadline=timedelta(seconds=0.2))).kind in (
        "tls",
        "timeout",
    )
    for url in ("http://", "feed://x", "http://[::1", "x", "http://a b/", "http://" + "a" * 70 + ".example/"):
        assert (await failure(url)).kind in ("bad_url", "dns", "offline"), url


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's TLS with a certificate nobody trusts yet, and where that certificate lies."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl command to make a certificate with")
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        [
            openssl,
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-keyout",
            str(key),
            "-out",
            str(cert),
            "-days",
            "2",
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=DNS:localhost",
        ],
        check=True,
        capture_output=True,
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert, key)
    return context, cert


async def test_certificates_are_verified(certificate: tuple[ssl.SSLContext, Path]) -> None:
    from claimwatch.feeds.transport import GuardedTransport

    tls, cert = certificate
    async with RawServer().running(tls) as server:
        server.answers["/feed"] = response(BODY)
        url = f"https://localhost:{server.port}/feed"
        error = await failure(url)
        assert error.kind == "tls"
        assert "certificate of localhost is not valid" in str(error)
        trusting = GuardedTransport()
        trusting._context().load_verify_locations(cafile=str(cert))
        assert (await fetch(url, transport=trusting)).body == BODY
        assert (await failure(url.replace("localhost", "127.0.0.1"), transport=trusting)).kind == "tls"
