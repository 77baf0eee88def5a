"""What the sockets do beyond uvicorn's: ready frames, and a close code to a client that does not read."""

import asyncio
import socket as sockets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
from starlette.types import Receive, Scope, Send
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from devtools.testing.waiting import PATIENCE
from estuary.run.server import Server, listen
from estuary.run.socket_protocol import Sockets
from estuary.settings import EstuarySettings, free_port
from shared.live.writer import PUSH, Push, encode_text

Talk = Callable[[Push, Receive, Send], Any]


@asynccontextmanager
async def serving(talk: Talk) -> AsyncIterator[tuple[str, int, Server]]:
    """`talk` is what the server does on each socket that it has accepted."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        push: Push = scope["extensions"][PUSH]
        await receive()
        assert not push(encode_text("too early"))
        await send({"type": "websocket.accept"})
        await talk(push, receive, send)

    settings = EstuarySettings.of({"ESTUARY_PORT": str(free_port())})
    server = Server(app)
    running = asyncio.create_task(server.serve(sockets=[listen(settings)]))
    try:
        yield "127.0.0.1", settings.port, server
    finally:
        server.should_exit = True
        await asyncio.wait_for(running, 10)


async def test_ready_frames_arrive_in_their_order_among_messages():
    texts = ["", "short", "é" * 5_000, "x" * 100_000]

    async def talk(push: Push, _: Receive, send: Send) -> None:
        for text in texts:
            while not push(encode_text(text)):  # noqa: ASYNC110  an app has no other sign of it
                await asyncio.sleep(0.01)
            await send({"type": "websocket.send", "text": text})
        await send({"type": "websocket.close", "code": 4000})
        assert not push(encode_text("too late"))

    async with serving(talk) as (host, port, _), connect(f"ws://{host}:{port}/", proxy=None) as socket:
        heard = [await asyncio.wait_for(socket.recv(), PATIENCE) for _ in range(2 * len(texts))]
        assert heard == [text for text in texts for _ in range(2)]
        with pytest.raises(ConnectionClosed):
            await asyncio.wait_for(socket.recv(), PATIENCE)
        assert socket.close_code == 4000


@pytest.mark.parametrize("frames", [[b"caf\xe9"], [b"caf\xc3", b"\xc3"]], ids=["one frame", "several"])
async def test_a_text_that_is_not_utf_8_is_closed_with_1007_and_is_no_fault_of_ours(
    frames: list[bytes], caplog: pytest.LogCaptureFixture
):
    heard: list[Any] = []

    async def talk(_: Push, receive: Receive, send: Send) -> None:
        heard.append(await receive())

    async with serving(talk) as (host, port, _), connect(f"ws://{host}:{port}/", proxy=None) as socket:
        await socket.send(frames[0] if len(frames) == 1 else frames, text=True)
        with pytest.raises(ConnectionClosed):
            await asyncio.wait_for(socket.recv(), PATIENCE)
        assert socket.close_code == 1007
    assert [(message["type"], message["code"]) for message in heard] == [("websocket.disconnect", 1007)]
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


class TestWhoDoesNotRead:
    @pytest.fixture
    def full(self) -> asyncio.Event:
        return asyncio.Event()

    @pytest.fixture
    def leave(self) -> asyncio.Event:
        return asyncio.Event()

    @pytest.fixture
    async def address(self, full: asyncio.Event, leave: asyncio.Event) -> AsyncIterator[tuple[str, int, Server]]:
        async def talk(push: Push, _: Receive, send: Send) -> None:
            while push(encode_text("x" * 50_000)):
                pass
            full.set()
            await leave.wait()
            await send({"type": "websocket.close", "code": 1013})

        async with serving(talk) as found:
            yield found

    @asynccontextmanager
    async def slow(self, host: str, port: int) -> AsyncIterator[Any]:
        narrow = sockets.socket()
        narrow.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
        narrow.setblocking(False)
        await asyncio.get_running_loop().sock_connect(narrow, (host, port))
        client = await connect(f"ws://{host}:{port}/", sock=narrow, compression=None, ping_interval=None)
        client.transport.pause_reading()
        try:
            yield client
        finally:
            client.transport.abort()

    async def test_is_told_why_when_it_reads_again(self, full, leave, address):
        host, port, _ = address
        async with self.slow(host, port) as client:
            await asyncio.wait_for(full.wait(), PATIENCE)
            leave.set()
            client.transport.resume_reading()
            with suppress(ConnectionClosed):
                async for text in client:
                    assert len(text) == 50_000
            assert client.close_code == 1013

    async def test_is_cut_too_where_the_connection_ends_without_a_close_frame(self, full):
        async def talk(push: Push, _: Receive, send: Send) -> None:
            while push(encode_text("x" * 50_000)):
                pass
            full.set()

        async with serving(talk) as (host, port, server), self.slow(host, port):
            await asyncio.wait_for(full.wait(), PATIENCE)
            for connection in server.server_state.connections:
                assert isinstance(connection, Sockets)
                connection.stall_seconds = 0.2
            async with asyncio.timeout(PATIENCE):
                while server.server_state.connections:  # noqa: ASYNC110  uvicorn does not tell
                    await asyncio.sleep(0.05)

    async def test_is_cut_when_it_never_does(self, full, leave, address):
        host, port, server = address
        async with self.slow(host, port):
            await asyncio.wait_for(full.wait(), PATIENCE)
            for connection in server.server_state.connections:
                connection.close_timeout = 0.2
            leave.set()
            async with asyncio.timeout(PATIENCE):
                while server.server_state.connections:  # noqa: ASYNC110  uvicorn does not tell
                    await asyncio.sleep(0.05)


async def test_a_request_that_is_under_way_when_the_process_has_to_end_is_503_and_no_500():
    begun = asyncio.Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        begun.set()
        await asyncio.Event().wait()

    settings = EstuarySettings.of({"ESTUARY_PORT": str(free_port())})
    server = Server(app)
    server.config.timeout_graceful_shutdown = 0
    running = asyncio.create_task(server.serve(sockets=[listen(settings)]))
    while not server.started:  # noqa: ASYNC110  uvicorn has no event for it
        await asyncio.sleep(0.01)
    reader, writer = await asyncio.open_connection("127.0.0.1", settings.port)
    writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    await begun.wait()
    server.should_exit = True
    head, body = (await asyncio.wait_for(reader.read(), PATIENCE)).split(b"\r\n\r\n")
    await running
    writer.close()
    assert head.startswith(b"HTTP/1.1 503 ")
    assert b"content-type: application/problem+json" in head
    assert b'"code":"unavailable"' in body
