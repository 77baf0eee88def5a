"""What one connection may send, hold open or leave unread, asked of the real server."""

import asyncio
import gc
import json
import socket as sockets
import struct
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from starlette.types import Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from websockets.asyncio.client import connect

from estuary.run.connection_limits import PUBLIC, Admission
from estuary.run.protocol import Protocol
from estuary.run.server import RECEIVED, Server, listen
from estuary.settings import EstuarySettings, free_port
from gateway.settings import GatewaySettings

HOST = b"Host: here\r\n"
QUICK = replace(PUBLIC, head_seconds=0.4, body_seconds=0.4, stall_seconds=0.4)


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with what it saw; accepts sockets; `/big` is more than buffers hold, `/later` is in no hurry to read,
    `/early` does not read at all, `/closed` takes no sockets."""
    if scope["type"] == "websocket":
        await receive()
        if scope["path"] == "/closed":
            start: Message = {"type": "websocket.http.response.start", "status": 403, "headers": [(b"a", b"b")]}
            await send(start)
            await send({"type": "websocket.http.response.body", "body": b"not ", "more_body": True})
            await send({"type": "websocket.http.response.body", "body": b"here"})
            return
        await send({"type": "websocket.accept"})
        while (await receive())["type"] != "websocket.disconnect":
            pass
        return
    body, more = b"", True
    if scope["path"] == "/later":
        await asyncio.sleep(0.5)
    while more and scope["path"] != "/early":
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        body, more = body + message["body"], message["more_body"]
    seen = {"headers": [name.decode() for name, _ in scope["headers"]], "body": len(body)}
    answer = b"x" * 30_000_000 if scope["path"] == "/big" else json.dumps(seen).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(answer))]})
    await send({"type": "http.response.body", "body": answer})


@asynccontextmanager
async def serving(limits=PUBLIC, most: int = 50, most_of_one: int = 50) -> AsyncIterator[tuple[int, Server]]:
    settings = EstuarySettings.of({"ESTUARY_PORT": str(free_port())})
    server = Server(app, (), Admission(most, most_of_one, lambda _: True), limits)
    running = asyncio.create_task(server.serve(sockets=[listen(settings)]))
    while not server.started:  # noqa: ASYNC110  uvicorn has no event for it
        await asyncio.sleep(0.01)
    try:
        yield settings.port, server
    finally:
        server.should_exit = True
        await asyncio.wait_for(running, 10)


async def ask(port: int, *parts: bytes, pause: float = 0.0) -> list[int]:
    """The statuses of all answers until the server closes; at most three seconds."""
    answers = await said(port, *parts, pause=pause)
    return [int(part[:3]) for part in answers.split(b"HTTP/1.1 ")[1:]]


async def said(port: int, *parts: bytes, pause: float = 0.0) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    heard = asyncio.create_task(_all(reader))
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause)
    except ConnectionError:
        pass
    try:
        return await heard
    finally:
        writer.transport.abort()


async def _all(reader: asyncio.StreamReader) -> bytes:
    answers = b""
    try:
        async with asyncio.timeout(3):
            while part := await reader.read(65536):
                answers += part
    except (TimeoutError, ConnectionError):
        pass
    return answers


def get(path: bytes = b"/", fields: Iterable[bytes] = (), host: bytes = HOST, version: bytes = b"1.1") -> bytes:
    return b"GET " + path + b" HTTP/" + version + b"\r\n" + host + b"".join(fields) + b"Connection: close\r\n\r\n"


class TestHead:
    @pytest.mark.parametrize(
        ("request_bytes", "status"),
        [
            (get(), 200),
            (get(b"/" + b"a" * 8000), 200),
            (get(b"/" + b"a" * 8192), 414),
            (get(b"/?" + b"a" * 1_000_000), 414),
            (get(fields=[b"A: " + b"a" * 30_000 + b"\r\n"]), 200),
            (get(fields=[b"A: " + b"a" * 40_000 + b"\r\n"]), 431),
            (get(fields=[b"A: " + b"a" * 1_000_000 + b"\r\n"]), 431),
            (get(fields=[b"A%d: b\r\n" % number for number in range(98)]), 200),
            (get(fields=[b"A%d: b\r\n" % number for number in range(99)]), 431),
            (get(fields=[b"A%d: b\r\n" % number for number in range(20_000)]), 431),
            (get(host=b""), 400),
            (get(host=HOST + HOST), 400),
            (get(host=b"", version=b"1.0"), 200),
            (get(host=HOST + HOST, version=b"1.0"), 400),
            (get(fields=[b"Content-Length: 1\r\n", b"Content-Length: 2\r\n"]), 400),
            (get(fields=[b"Content-Length: 1\r\n", b"Transfer-Encoding: chunked\r\n"]), 400),
            (b"\x16\x03\x01\x02\x00\x01", 400),
        ],
    )
    async def test_what_is_too_much_or_ambiguous_is_refused_with_its_status(self, request_bytes, status):
        async with serving() as (port, _):
            assert await ask(port, request_bytes) == [status]

    async def test_a_refusal_is_a_problem_and_ends_the_connection(self):
        async with serving() as (port, _):
            head, _, body = (await said(port, get(host=b""))).partition(b"\r\n\r\n")
        assert b"content-type: application/problem+json" in head
        assert b"connection: close" in head
        problem = json.loads(body)
        assert (problem["status"], problem["code"]) == (400, "bad_request")
        assert problem["trace_id"].encode() in head

    async def test_a_field_that_never_ends_is_not_kept(self):
        async with serving() as (port, _):
            assert await ask(port, b"GET / HTTP/1.1\r\n" + HOST + b"A: ", *[b"a" * 8000] * 6, pause=0.02) == [431]

    async def test_a_slow_head_is_408_and_none_at_all_is_closed(self):
        async with serving(QUICK) as (port, _):
            assert await ask(port, *[b"GET / HTTP/1.1\r\n", *[b"A: b\r\n"] * 15], pause=0.1) == [408]
            assert await said(port) == b""

    async def test_a_slow_head_that_began_with_the_request_before_it_is_408_too(self):
        keep = get().replace(b"Connection: close\r\n", b"")
        async with serving(QUICK) as (port, _):
            assert await ask(port, keep + b"GET / HTTP/1.1\r\nA: ") == [200, 408]

    async def test_after_an_upgrade_that_nobody_here_knows_the_connection_ends(self):
        upgrade = b"GET / HTTP/1.1\r\n" + HOST + b"Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
        async with serving() as (port, _):
            assert b"connection: close" in await said(port, upgrade + get())

    async def test_a_connection_serves_again_and_again(self):
        keep = get().replace(b"Connection: close\r\n", b"")
        async with serving(QUICK) as (port, _):
            assert await ask(port, keep, keep, get(), pause=0.6) == [200, 200, 200]
            assert await ask(port, keep * 4 + get()) == [200] * 5

    async def test_none_of_too_many_that_came_at_once_is_begun(self, monkeypatch):
        begun = list[str]()

        async def counting(scope: Scope, receive: Receive, send: Send) -> None:
            begun.append(scope["path"])
            await usual(scope, receive, send)

        usual = app
        monkeypatch.setattr(f"{__name__}.app", counting)
        async with serving() as (port, _):
            await ask(port, get(b"/cut").replace(b"Connection: close\r\n", b"") * 1000)
            assert await ask(port, get(b"/next")) == [200]
        assert begun == ["/next"]

    async def test_a_thousand_requests_at_once_are_not_queued(self):
        async with serving() as (port, _):
            assert len(await ask(port, get().replace(b"Connection: close\r\n", b"") * 1000)) <= 5


class TestBody:
    POST = b"POST / HTTP/1.1\r\n" + HOST + b"Connection: close\r\n"

    async def test_a_slow_body_is_408(self):
        async with serving(QUICK) as (port, _):
            slow = [self.POST + b"Content-Length: 100\r\n\r\n", *[b"a"] * 15]
            assert await ask(port, *slow, pause=0.1) == [408]

    async def test_little_of_it_is_taken_before_somebody_reads_it(self):
        async with serving() as (port, server):
            later = self.POST.replace(b"/", b"/later", 1) + b"Content-Length: 40000\r\n\r\n"
            asking = asyncio.create_task(said(port, later + b"a" * 40_000))
            await asyncio.sleep(0.3)
            [connection] = server.server_state.connections
            assert isinstance(connection, Protocol)
            assert connection.flow.read_paused
            assert json.loads((await asking).partition(b"\r\n\r\n")[2])["body"] == 40_000

    async def test_thousands_of_chunks_that_came_at_once_are_taken_at_once(self, monkeypatch):
        taken, take = list[int](), HttpToolsProtocol.on_body

        def counting(connection: HttpToolsProtocol, body: bytes) -> None:
            taken.append(len(body))
            take(connection, body)

        monkeypatch.setattr(HttpToolsProtocol, "on_body", counting)
        async with serving() as (port, _):
            chunks = b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\n \r\n" * 4000 + b"0\r\n\r\n"
            answer = await said(port, self.POST + chunks)
        assert json.loads(answer.partition(b"\r\n\r\n")[2])["body"] == sum(taken) == 4000
        assert len(taken) < 100

    def test_the_system_takes_little_too(self):
        with listen(EstuarySettings.of({"ESTUARY_PORT": str(free_port())})) as listener:
            assert listener.getsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF) <= 2 * RECEIVED

    async def test_a_trailer_is_no_header(self):
        chunks = b"Transfer-Encoding: chunked\r\nTrailer: X-Late\r\n\r\n1\r\na\r\n0\r\nX-Late: 1\r\n"
        async with serving() as (port, _):
            answer = await said(port, self.POST + chunks, b"Authorization: Bearer x\r\n\r\n", pause=0.05)
        seen = json.loads(answer.partition(b"\r\n\r\n")[2])
        assert seen["body"] == 1
        assert not {"x-late", "authorization"} & set(seen["headers"])

    async def test_endless_trailers_are_refused(self):
        async with serving() as (port, _):
            begun = self.POST + b"Transfer-Encoding: chunked\r\n\r\n0\r\n"
            assert await ask(port, begun, *[b"A: " + b"a" * 8000 + b"\r\n"] * 8) == [431]

    async def test_a_body_that_stops_after_its_answer_gets_no_second_one(self):
        async with serving(QUICK) as (port, _):
            refused = b"POST /early HTTP/1.1\r\n" + HOST + b"Content-Length: 100\r\n\r\n"
            assert await ask(port, refused, b"a" * 10, pause=0.1) == [200]

    @pytest.mark.parametrize("size", [70_000, 200_000, 900_000])
    async def test_the_request_behind_a_large_one_that_was_answered_unread_is_answered_too(self, size):
        large = b"POST /early HTTP/1.1\r\n" + HOST + b"Content-Length: %d\r\n\r\n" % size
        async with serving() as (port, _):
            assert await ask(port, large + b"a" * 40_000, b"a" * (size - 40_000), get(), pause=0.1) == [200, 200]


class TestAnswer:
    async def test_who_does_not_read_is_cut(self):
        async with serving(QUICK) as (port, server):
            with sockets.create_connection(("127.0.0.1", port)) as silent:
                silent.sendall(get(b"/big"))
                await asyncio.sleep(0.3)
                assert server.server_state.connections
                await asyncio.sleep(1.5)
                assert not server.server_state.connections


class TestConnections:
    @pytest.mark.parametrize("limits", [{"most": 3}, {"most_of_one": 3}])
    async def test_one_too_many_is_503_and_a_place_becomes_free_again(self, limits):
        async with serving(**limits) as (port, _):
            held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
            assert await ask(port, get()) == [503]
            held.pop()[1].close()
            await asyncio.sleep(0.1)
            assert await ask(port, get()) == [200]
            for _, writer in held:
                writer.close()

    @pytest.mark.parametrize(
        ("address", "allowed"), [("203.0.113.7", 2), ("2001:db8::7", 2), ("127.0.0.1", 5), ("::1", 5), ("10.0.0.7", 5)]
    )
    def test_loopback_and_trusted_proxies_stand_for_many(self, address, allowed):
        env = {"MAX_CONNECTIONS": "5", "MAX_CONNECTIONS_PER_ADDRESS": "2", "TRUSTED_HOPS": "1"}
        env["TRUSTED_PROXIES"] = "10.0.0.0/8"
        admission = Admission.of(GatewaySettings.of({f"GATEWAY_{name}": value for name, value in env.items()}))
        assert sum(admission.enter(address) is not None for _ in range(9)) == allowed

    async def test_one_that_its_caller_resets_leaves_nothing(self):
        async with serving() as (port, _):
            for _ in range(20):
                await _reset_after_the_answer(port)
            await asyncio.sleep(0.1)
            assert sum(isinstance(kept, Protocol) for kept in gc.get_objects()) == 0

    async def test_a_socket_keeps_its_place_until_it_ends(self):
        async with serving(most=1) as (port, _):
            async with connect(f"ws://127.0.0.1:{port}/", proxy=None):
                assert await ask(port, get()) == [503]
            await asyncio.sleep(0.1)
            assert await ask(port, get()) == [200]


async def _reset_after_the_answer(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(get().replace(b"Connection: close\r\n", b""))
    await reader.readuntil(b"\r\n\r\n")
    writer.get_extra_info("socket").setsockopt(sockets.SOL_SOCKET, sockets.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
