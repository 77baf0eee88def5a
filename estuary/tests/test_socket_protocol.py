"""What a client may send to open a WebSocket, and over it."""

import asyncio
import json
from contextlib import suppress

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.frames import Frame, Opcode

from estuary.run.socket_protocol import FrameLimit
from estuary.tests.test_protocol import HOST, ask, get, said, serving

TEXT, PING = Frame(Opcode.TEXT, b"x"), Frame(Opcode.PING, b"")


HANDSHAKE = (
    HOST + b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
)


class TestHandshake:
    @pytest.mark.parametrize(
        ("handshake", "status"),
        [
            (b"GET / HTTP/1.1\r\n" + HANDSHAKE + b"Content-Length: 1\r\n\r\na", 400),
            (b"GET / HTTP/1.1\r\n" + HANDSHAKE + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
            (b"GET / HTTP/1.1\r\n" + HANDSHAKE + b"Content-Length: 1000\r\n\r\n", 400),
            (b"GET / HTTP/1.0\r\n" + HANDSHAKE + b"\r\n", 400),
            (b"GET / HTTP/1.1\r\n" + HANDSHAKE + b"Sec-WebSocket-Protocol: \xff\r\n\r\n", 400),
            (b"GET / HTTP/1.1\r\n" + HANDSHAKE.replace(b"Sec-WebSocket-Key", b"X") + b"\r\n", 400),
            (b"POST / HTTP/1.1\r\n" + HANDSHAKE + b"\r\n", 400),
        ],
    )
    async def test_one_that_is_none_is_a_problem_and_holds_no_place(self, handshake, status):
        async with serving(most=1) as (port, _):
            head, _, body = (await said(port, handshake)).partition(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 %d " % status)
            assert b"content-type: application/problem+json" in head
            assert json.loads(body)["status"] == status
            await asyncio.sleep(0.1)
            assert await ask(port, get()) == [200]

    async def test_one_that_the_app_refuses_has_its_whole_answer_and_holds_no_place(self, caplog):
        async with serving(most=1) as (port, _):
            head, _, body = (await said(port, b"GET /closed HTTP/1.1\r\n" + HANDSHAKE + b"\r\n")).partition(b"\r\n\r\n")
            first, *fields = head.split(b"\r\n")
            assert (first, body) == (b"HTTP/1.1 403 Forbidden", b"not here")
            assert fields[0].startswith(b"date: ")
            assert fields[1:] == [b"a: b", b"content-length: 8", b"connection: close"]
            await asyncio.sleep(0.1)
            assert await ask(port, get()) == [200]
        assert not [record for record in caplog.records if record.levelname == "ERROR"]


class TestFrameLimit:
    def test_any_ten_seconds_hold_sixty_messages(self):
        now = 0.0
        limit = FrameLimit(60, lambda: now)
        assert not limit.is_exceeded_by([TEXT])
        now = 9.9
        assert not limit.is_exceeded_by([TEXT] * 59)
        now = 10.1
        assert not limit.is_exceeded_by([TEXT])
        assert limit.is_exceeded_by([TEXT])

    def test_six_messages_a_second_are_fine_for_ever(self):
        now = 0.0
        limit = FrameLimit(60, lambda: now)
        for _ in range(300):
            assert not limit.is_exceeded_by([TEXT] * 5)
            now += 1.0

    def test_other_frames_count_ten_to_a_message(self):
        limit = FrameLimit(60, lambda: 0.0)
        assert not limit.is_exceeded_by([PING] * 600)
        assert limit.is_exceeded_by([PING])


class TestFrames:
    async def test_over_sixty_messages_in_ten_seconds_end_with_1008(self):
        async with serving() as (port, _), connect(f"ws://127.0.0.1:{port}/", proxy=None) as socket:
            with suppress(ConnectionClosed):
                for _ in range(61):
                    await socket.send("x")
            await asyncio.wait_for(socket.wait_closed(), 3)
            assert socket.close_code == 1008

    async def test_a_flood_of_pings_ends_with_1008(self):
        async with serving() as (port, _), connect(f"ws://127.0.0.1:{port}/", proxy=None) as socket:
            socket.transport.write((b"\x89\x80" + b"\0" * 4) * 5000)
            await asyncio.wait_for(socket.wait_closed(), 3)
            assert socket.close_code == 1008

    @pytest.mark.parametrize(("parts", "code"), [(300, 1008), (200, None)])
    async def test_a_message_of_very_many_parts_ends_with_1008(self, parts, code):
        async with serving() as (port, _), connect(f"ws://127.0.0.1:{port}/", proxy=None) as socket:
            socket.transport.write(b"\x01\x80\0\0\0\0" + b"\x00\x80\0\0\0\0" * parts)
            with suppress(TimeoutError):
                await asyncio.wait_for(socket.wait_closed(), 0.5)
            assert socket.close_code == code

    async def test_sixty_are_fine(self):
        async with serving() as (port, _), connect(f"ws://127.0.0.1:{port}/", proxy=None) as socket:
            for _ in range(60):
                await socket.send("x")
            await asyncio.sleep(0.1)
            await socket.ping()
