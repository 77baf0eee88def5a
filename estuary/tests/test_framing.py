"""Where one request ends and the next begins: what two servers could read differently is refused, and ends the
connection."""

import pytest
from websockets.asyncio.client import connect

from estuary.tests.test_protocol import HOST, ask, get, said, serving

POST = b"POST / HTTP/1.1\r\n" + HOST
NEXT = get(b"/next")
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"


def lengths(*fields: bytes) -> bytes:
    """A body of two bytes that these fields speak of."""
    return POST + b"".join(field + b"\r\n" for field in fields) + b"\r\n{}"


@pytest.mark.parametrize(
    "request_bytes",
    [
        lengths(b"Content-Length: 2", b"Content-Length: 2"),
        lengths(b"Content-Length: 2, 2"),
        lengths(b"Content-Length: +2"),
        lengths(b"Content-Length: -2"),
        lengths(b"Content-Length: 0x2"),
        lengths(b"Content-Length: 2_0"),
        lengths(b"Content-Length : 2"),
        lengths(b"Content-Length: " + b"9" * 30),
        lengths(b"Transfer-Encoding: xchunked"),
        lengths(b"Transfer-Encoding: chunked, identity"),
        lengths(b"Transfer-Encoding: \x0bchunked"),
        lengths(b"Transfer-Encoding: chunked", b"Transfer-Encoding: chunked"),
        POST + CHUNKED + b"2\n{}\n0\n\n",
        POST + CHUNKED + b"0x2\r\n{}\r\n0\r\n\r\n",
        POST + CHUNKED + b"2\r\n{}xx0\r\n\r\n",
        POST + CHUNKED + b"F" * 17 + b"\r\n",
        POST + b"X: a\r\n Content-Length: 2\r\n\r\n{}",
        POST + b"X: a\rb\r\n\r\n",
        POST + b"X: a\0b\r\n\r\n",
        b"GET / HTTP/1.1\n" + HOST + b"\n",
        b" " + get(),
        b"GET /a b HTTP/1.1\r\n" + HOST + b"\r\n",
        lengths(b"Content-Length: 2", b"Transfer-Encoding: chunked"),
        lengths(b"Transfer-Encoding: chunked", b"Content-Length: 2"),
        lengths(b"Content-Length: 2", b"Content-Length: 3"),
        lengths(b"Content-Length:"),
        lengths(b"Content-Length: 2 2"),
        lengths(b"Transfer-Encoding\t: chunked"),
        lengths(b"Transfer-Encoding: chunked", b"Transfer-Encoding: identity"),
        lengths(b"Transfer-Encoding: identity"),
        lengths(b"Transfer-Encoding: chunked;x=1"),
        lengths(b"(Content-Length): 2"),
        lengths(b": 2"),
        POST + CHUNKED + b"-2\r\n{}\r\n0\r\n\r\n",
        POST + CHUNKED + b"2 \r\n{}\r\n0\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + HOST + HOST + b"\r\n",
        b"GET / HTTP/1.1\r\n" + HOST + b"Host: other\r\n\r\n",
        b"GET / HTTP/2.0\r\n" + HOST + b"\r\n",
        b"GET / HTTP/1.1x\r\n" + HOST + b"\r\n",
        b"GET /\0 HTTP/1.1\r\n" + HOST + b"\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
async def test_what_can_be_read_in_two_ways_is_refused_with_all_behind_it(request_bytes: bytes) -> None:
    async with serving() as (port, _):
        assert await ask(port, request_bytes + NEXT) == [400]


async def test_a_body_that_nobody_reads_is_no_request() -> None:
    async with serving() as (port, _):
        inner = b"GET /inner HTTP/1.1\r\n" + HOST + b"\r\n"
        outer = b"GET / HTTP/1.1\r\n" + HOST + b"Content-Length: %d\r\n\r\n" % len(inner) + inner
        assert await ask(port, outer + NEXT) == [200, 200]


@pytest.mark.parametrize("connection", [b"close", b"CLOSE", b"close, x", b"x, close", b"keep-alive, close"])
async def test_nothing_is_answered_behind_a_close(connection: bytes) -> None:
    async with serving() as (port, _):
        last = b"GET / HTTP/1.1\r\n" + HOST + b"Connection: " + connection + b"\r\n\r\n"
        assert await ask(port, last + NEXT) == [200]


async def test_chunks_in_http_1_0_end_the_connection_whatever_it_asks_for() -> None:
    old = b"POST / HTTP/1.0\r\n" + HOST + b"Connection: keep-alive\r\n" + CHUNKED + b"2\r\n{}\r\n0\r\n\r\n"
    async with serving() as (port, _):
        assert (await said(port, old + NEXT)).count(b"HTTP/1.") == 1


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (b"\x81\x82\0\0\0\0\xff\xfe", 1007),
        (b"\x83\x80\0\0\0\0", 1002),
        (b"\x81\x02hi", 1002),
        (b"\xc1\x80\0\0\0\0", 1002),
        (b"\x89\xfe\x00\x7e\0\0\0\0" + b"x" * 126, 1002),
        (b"\x88\x82\0\0\0\0\x00\x01", 1002),
        (b"\x81\xff\x7f" + b"\xff" * 7 + b"\0\0\0\0", 1009),
    ],
)
async def test_a_frame_that_is_none_ends_its_socket_with_the_code_for_it(frame: bytes, code: int) -> None:
    async with serving() as (port, _), connect(f"ws://127.0.0.1:{port}/", proxy=None) as socket:
        socket.transport.write(frame)
        await socket.wait_closed()
        assert socket.close_code == code
