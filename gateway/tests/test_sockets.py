"""WebSockets through the edge, over a real server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from typing import Any

import orjson
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from devtools.testing.observation import log_lines
from gateway.errors import TooManyRequests
from gateway.limits import OpenSockets
from gateway.proxy import Proxy

NOTICES = "/ws/notifications/"
UPGRADE = (
    b"Upgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)


async def repeating(scope: Scope, receive: Receive, send: Send) -> None:
    """Accepts, says what reached it, then repeats what it hears; `bye` ends it, `fail` breaks it."""
    socket = WebSocket(scope, receive, send)
    await socket.accept(subprotocol=scope["subprotocols"][-1] if scope["subprotocols"] else None)
    await socket.send_json({"path": scope["path"], "headers": dict(socket.headers), "query": socket.url.query})
    while True:
        try:
            text = await socket.receive_text()
        except WebSocketDisconnect as gone:
            scope["extensions"]["gone"] = gone.code
            return
        if text == "bye":
            await socket.close(4001, "as you wish")
            return
        if text == "fail":
            raise RuntimeError("broken service")
        await socket.send_text(text)


async def refusing(scope: Scope, receive: Receive, send: Send) -> None:
    """Refuses the handshake with a problem of its own."""
    await receive()
    headers = [(b"content-type", b"application/problem+json")]
    await send({"type": "websocket.http.response.start", "status": 404, "headers": headers})
    await send({"type": "websocket.http.response.body", "body": b'{"code":"not_found"}'})


async def raising(scope: Scope, receive: Receive, send: Send) -> None:
    """Fails before the handshake."""
    raise RuntimeError("broken service")


async def refusal(address: str, path: str, **options: Any) -> tuple[int, dict[str, Any]]:
    with pytest.raises(InvalidStatus) as refused:
        await connect(f"ws://{address}{path}", **options)
    response = refused.value.response
    problem = response.headers["content-type"] == "application/problem+json"
    return response.status_code, orjson.loads(response.body) if problem else {}


class TestSockets:
    @pytest.fixture
    def before(self, gateway, served):
        @asynccontextmanager
        async def run(service: ASGIApp) -> AsyncIterator[str]:
            async with served(gateway({"notifications": service})) as address:
                yield address

        return run

    async def test_messages_go_both_ways_and_the_end_is_told(self, before):
        async with before(repeating) as address, connect(f"ws://{address}{NOTICES}?after=7") as socket:
            seen = orjson.loads(await socket.recv())
            assert (seen["path"], seen["query"]) == (NOTICES, "after=7")
            assert seen["headers"]["x-request-id"]
            for text in ("hello", "é" * 1000):
                await socket.send(text)
                assert await socket.recv() == text
            await socket.send("bye")
            with pytest.raises(ConnectionClosed) as closed:
                await socket.recv()
            assert closed.value.rcvd is not None
            assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (4001, "as you wish")

    async def test_the_subprotocol_with_the_token_is_passed_on(self, before, token_of):
        wanted = Subprotocol(f"bearer.{token_of()}")
        async with (
            before(repeating) as address,
            connect(f"ws://{address}{NOTICES}", subprotocols=[wanted]) as socket,
        ):
            assert socket.subprotocol == wanted

    async def test_a_service_refuses_with_its_own_status_and_body(self, before):
        async with before(refusing) as address:
            assert await refusal(address, NOTICES) == (404, {"code": "not_found"})

    async def test_a_bad_token_is_refused_with_401_before_the_service(self, before):
        async with before(repeating) as address:
            for path, options in (
                (f"{NOTICES}?token=bad", {}),
                (NOTICES, {"subprotocols": ["bearer.bad"]}),
                (NOTICES, {"additional_headers": {"Authorization": "Bearer bad"}}),
            ):
                status, body = await refusal(address, path, **options)
                assert (status, body["code"]) == (401, "unauthenticated")

    @pytest.mark.parametrize(
        "path", ["/ws/other/", "/internal/", "/health/live", "/api/v1/services/", "//ws/notifications/"]
    )
    async def test_other_paths_are_404(self, before, path):
        async with before(repeating) as address:
            assert (await refusal(address, path))[0] == 404

    @pytest.mark.parametrize(
        ("query", "header"),
        [
            (b"?after=7#fragment", b""),
            (b"#fragment", b""),
            (b"?after=\xff\xe9", b""),
            (b"?after=%zz{}|^", b""),
            (b"?after=7", b"Sec-WebSocket-Protocol: chat room, b@d\r\n"),
            (b"?after=7", b"Sec-WebSocket-Protocol: ,,\r\n"),
            (b"?after=7", b"X-Name: caf\xe9\r\n"),
        ],
    )
    async def test_an_odd_handshake_is_no_fault_of_ours(self, before, query, header):
        async with before(repeating) as address:
            reader, writer = await asyncio.open_connection(*address.split(":"))
            writer.write(b"GET %s%s HTTP/1.1\r\nHost: estuary\r\n%s%s\r\n" % (NOTICES.encode(), query, UPGRADE, header))
            status = (await asyncio.wait_for(reader.readline(), 5)).split()[1]
            writer.close()
        assert status in {b"101", b"400", b"404"}

    async def test_a_service_that_fails_before_the_handshake_is_a_problem(self, before):
        async with before(raising) as address:
            assert (await refusal(address, NOTICES))[0] == 500

    async def test_a_service_that_fails_later_closes_with_1011(self, before):
        async with before(repeating) as address, connect(f"ws://{address}{NOTICES}") as socket:
            await socket.recv()
            await socket.send("fail")
            with pytest.raises(ConnectionClosed) as closed:
                await socket.recv()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1011

    async def test_a_client_that_leaves_ends_the_service_s_socket(self, before):
        ended = asyncio.Event()

        async def watched(scope: Scope, receive: Receive, send: Send) -> None:
            await repeating(scope, receive, send)
            ended.set()

        async with before(watched) as address:
            socket = await connect(f"ws://{address}{NOTICES}")
            await socket.recv()
            await socket.close()
            await asyncio.wait_for(ended.wait(), 5)

    async def test_tokens_in_the_query_stay_out_of_the_log(self, before, token_of):
        token = token_of()
        with log_lines() as lines:
            async with (
                before(repeating) as address,
                connect(f"ws://{address}{NOTICES}?token={token}") as socket,
            ):
                await socket.recv()
        assert [line["status"] for line in lines if line["event"] == "request"] == [101]
        assert token not in str(lines)


class TestSocketsOverTheNetwork(TestSockets):
    """The same, with the service behind a Proxy."""

    @pytest.fixture
    def before(self, gateway, served):
        @asynccontextmanager
        async def run(service: ASGIApp) -> AsyncIterator[str]:
            async with (
                served(service) as behind,
                served(gateway({"notifications": Proxy(f"http://{behind}")})) as address,
            ):
                yield address

        return run

    async def test_the_next_address_is_tried_and_without_any_it_is_503(self, gateway, served, free_port):
        nobody = f"http://127.0.0.1:{free_port}"
        async with served(repeating) as behind:
            proxy = Proxy(nobody, f"http://{behind}")
            async with served(gateway({"notifications": proxy})) as address:
                for _ in range(2):
                    async with connect(f"ws://{address}{NOTICES}") as socket:
                        await socket.recv()
        async with served(gateway({"notifications": Proxy(nobody)})) as address:
            status, body = await refusal(address, NOTICES)
        assert (status, body["code"]) == (503, "upstream_unreachable")

    async def test_a_service_that_dies_closes_with_1011(self, gateway, served, dying_service):
        proxy = Proxy(f"http://{dying_service}")
        async with served(gateway({"notifications": proxy})) as address, connect(f"ws://{address}{NOTICES}") as socket:
            with pytest.raises(ConnectionClosed) as closed:
                await socket.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1011


class TestOrigin:
    @pytest.mark.parametrize(
        ("origin", "env", "opens"),
        [
            ("https://evil.example", {}, False),
            ("null", {}, False),
            ("http://[", {}, False),
            ("http://localhost:5173", {}, False),
            ("http://localhost:5173", {"ESTUARY_STAND_INS": "true"}, True),
            ("http://localhost.evil.example", {"ESTUARY_STAND_INS": "true"}, False),
            ("https://app.example", {"GATEWAY_CORS_ORIGINS": "https://app.example"}, True),
            ("https://app.example", {"ESTUARY_APP_URL": "https://app.example/start"}, True),
            ("own", {}, True),
            (None, {}, True),
        ],
    )
    async def test_a_page_of_another_origin_is_refused(self, gateway, served, origin, env, opens):
        async with served(gateway({"notifications": repeating}, **env)) as address:
            said: Any = f"http://{address}" if origin == "own" else origin
            if opens:
                async with connect(f"ws://{address}{NOTICES}", origin=said):
                    return
            status, problem = await refusal(address, NOTICES, origin=said)
            assert (status, problem["code"]) == (403, "origin_not_allowed")


class TestHowMany:
    async def test_the_21st_of_a_person_is_429_until_one_ends(self, gateway, served, token_of):
        url = f"{NOTICES}?token={token_of()}"
        async with served(gateway({"notifications": repeating})) as address:
            held = [await connect(f"ws://{address}{url}") for _ in range(20)]
            assert (await refusal(address, url))[0] == 429
            await held.pop().close()
            await asyncio.sleep(0.1)
            held.append(await connect(f"ws://{address}{url}"))
            assert (await refusal(address, url))[0] == 429
            for socket in held:
                await socket.close()

    def test_the_101st_of_an_address_is_refused(self):
        sockets = OpenSockets()
        with ExitStack() as stack:
            for _ in range(100):
                stack.enter_context(sockets.one_more(None, "203.0.113.7"))
            with pytest.raises(TooManyRequests), sockets.one_more(None, "203.0.113.7"):
                pass
            with sockets.one_more(None, "203.0.113.8"):
                pass
