"""A service behind a real server: what a Proxy passes on, and what it does when the service is not well."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from fastapi import FastAPI
from starlette.types import ASGIApp
from yarl import URL

from gateway.addresses import LONGEST_REST, Addresses
from gateway.asgi import ask
from gateway.proxy import Proxy
from gateway.settings import GatewaySettings

BOOKINGS = "/api/v1/bookings/"
JSON = {"content-type": "application/json"}


@pytest.fixture
def through(gateway, served):
    """A client's session on a gateway whose booking service is behind a Proxy to these addresses."""

    @asynccontextmanager
    async def run(*addresses: str, **options) -> AsyncIterator[aiohttp.ClientSession]:
        env = {name: str(options.pop(name)) for name in list(options) if name.isupper()}
        proxy = Proxy(*(f"http://{address}" for address in addresses), **options)
        async with (
            served(gateway({"booking": proxy}, **env)) as address,
            aiohttp.ClientSession(f"http://{address}") as session,
        ):
            yield session
        await proxy.close()

    return run


class TestRequests:
    async def test_method_path_query_headers_and_body_arrive_as_sent(self, through, served, echo_service):
        async with served(echo_service("booking")) as behind, through(behind) as session:
            path = f"{BOOKINGS}a%20b%C3%A9/?search=%C3%BC&search=a%2Fb&empty="
            headers = {**JSON, "X-Forwarded-For": "6.6.6.6", "Accept-Encoding": "br"}
            async with session.put(URL(path, encoded=True), data=b'{"a": 1}', headers=headers) as answer:
                seen = await answer.json()
        sent = dict(seen["headers"])
        assert (seen["method"], seen["path"], seen["body"]) == ("PUT", f"{BOOKINGS}a bé/", '{"a": 1}')
        assert seen["query"] == "search=%C3%BC&search=a%2Fb&empty="
        assert (sent["x-forwarded-for"], sent["accept-encoding"]) == ("127.0.0.1", "br")
        assert len(sent["traceparent"]) == 55
        assert [key for key, _ in seen["headers"]].count("host") == 1

    @pytest.mark.parametrize("size", [0, 10, 70_000, 1_000_000])
    @pytest.mark.parametrize("chunked", [False, True])
    async def test_bodies_of_every_size_and_framing_arrive_whole(self, through, served, echo_service, size, chunked):
        async def parts() -> AsyncIterator[bytes]:
            for start in range(0, size, 10_000):
                yield b"x" * min(10_000, size - start)

        async with served(echo_service("booking")) as behind, through(behind) as session:
            data = parts() if chunked else b"x" * size
            async with session.post(BOOKINGS, data=data, headers=JSON) as answer:
                assert len((await answer.json())["body"]) == size

    async def test_a_body_over_the_limit_is_413_and_never_complete_behind(self, through, served):
        completed = []

        async def counting(scope, receive, send) -> None:
            while (message := await receive())["type"] == "http.request":
                if not message["more_body"]:
                    completed.append(True)
                    return

        async def endless() -> AsyncIterator[bytes]:
            for _ in range(40):
                yield b"x" * 50_000

        async with (
            served(counting) as behind,
            through(behind) as session,
            session.post(BOOKINGS, data=endless(), headers=JSON) as answer,
        ):
            assert answer.status == 413
            assert (await answer.json())["code"] == "body_too_large"
        assert not completed

    async def test_status_headers_and_repeated_cookies_come_back(self, through, served):
        async def answering(scope, receive, send) -> None:
            cookies = [(b"set-cookie", b"a=1"), (b"set-cookie", b"b=2")]
            headers = [*cookies, (b"location", b"/x"), (b"connection", b"x-private"), (b"content-encoding", b"gzip")]
            await send({"type": "http.response.start", "status": 303, "headers": headers})
            await send({"type": "http.response.body", "body": b"not really gzip"})

        async with (
            served(answering) as behind,
            through(behind) as session,
            session.get(BOOKINGS, allow_redirects=False, auto_decompress=False) as answer,
        ):
            assert answer.status == 303
            assert answer.headers.getall("set-cookie") == ["a=1", "b=2"]
            assert answer.headers["content-encoding"] == "gzip"
            assert len(answer.headers.getall("date")) == 1
            assert await answer.read() == b"not really gzip"

    @pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("GET", 204), ("GET", 304)])
    async def test_answers_without_body(self, through, served, method, status):
        async def answering(scope, receive, send) -> None:
            headers = [(b"content-length", b"5")] if method == "HEAD" else []
            await send({"type": "http.response.start", "status": status, "headers": headers})
            await send({"type": "http.response.body", "body": b""})

        async with served(answering) as behind, through(behind) as session:
            for _ in range(2):
                async with session.request(method, BOOKINGS) as answer:
                    assert (answer.status, await answer.read()) == (status, b"")

    async def test_an_answer_that_ends_with_its_connection_arrives_whole(self, through, answering_once):
        for parts in ([b"HTTP/1.0 200 OK\r\n\r\n", b"all", b" of it"], [b"HTTP/1.0 200 OK\r\n\r\nall of it"]):
            async with (
                answering_once(*parts) as behind,
                through(behind) as session,
                session.get(BOOKINGS) as answer,
            ):
                assert (answer.status, await answer.read()) == (200, b"all of it")

    async def test_nothing_is_added_to_what_the_client_said(self, through, answering_once):
        heard: list[bytes] = []
        async with (
            answering_once(b"HTTP/1.1 204 No Content\r\n\r\n", heard=heard) as behind,
            through(behind) as session,
            session.get(BOOKINGS, skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding")) as answer,
        ):
            assert answer.status == 204
        names = [line.split(b":")[0].lower() for line in heard[0].split(b"\r\n")[1:-2]]
        assert names[0] == b"host"
        assert sorted(names[1:]) == [
            b"traceparent",
            *(b"x-forwarded-" + of for of in (b"for", b"host", b"proto")),
            b"x-request-id",
        ]


class TestStreams:
    async def test_an_answer_arrives_as_it_is_made_and_may_outlast_the_deadline(self, through, served):
        go_on = asyncio.Event()

        async def streaming(scope, receive, send) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"first", "more_body": True})
            await go_on.wait()
            await send({"type": "http.response.body", "body": b"second"})

        async with (
            served(streaming) as behind,
            through(behind, GATEWAY_UPSTREAM_TIMEOUT=0.2) as session,
            session.get(BOOKINGS) as answer,
        ):
            assert await answer.content.readany() == b"first"
            await asyncio.sleep(0.3)
            go_on.set()
            assert await answer.content.readany() == b"second"

    async def test_both_ways_at_once(self, through, served):
        async def repeating(scope, receive, send) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            while (message := await receive())["type"] == "http.request":
                await send({"type": "http.response.body", "body": message["body"], "more_body": message["more_body"]})
                if not message["more_body"]:
                    return

        heard: asyncio.Queue[bytes] = asyncio.Queue()

        async def answering_oneself() -> AsyncIterator[bytes]:
            yield b"0"
            for _ in range(5):
                yield await heard.get()

        async with (
            served(repeating) as behind,
            through(behind) as session,
            session.post(BOOKINGS, data=answering_oneself(), headers=JSON) as answer,
        ):
            whole = b""
            async for part in answer.content.iter_any():
                whole += part
                heard.put_nowait(b"%d" % len(whole))
        assert whole == b"012345"

    async def test_a_client_that_leaves_frees_the_service(self, through, served):
        left = asyncio.Event()

        async def silent_stream(scope, receive, send) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"hello", "more_body": True})
            await receive()
            await receive()
            left.set()

        async with served(silent_stream) as behind, through(behind) as session:
            answer = await session.get(BOOKINGS)
            assert await answer.content.readany() == b"hello"
            answer.close()
            await asyncio.wait_for(left.wait(), 5)

    async def test_a_client_that_does_not_wait_ends_the_request_where_answers_are_dear(self, through, served):
        begun, left = asyncio.Event(), asyncio.Event()

        async def dear(scope, receive, send) -> None:
            assert (await receive())["body"] == b"{}"
            begun.set()
            assert (await receive())["type"] == "http.disconnect"
            left.set()

        async with served(dear) as behind, through(behind, ends_with_caller=True) as session:
            asking = asyncio.create_task(session.post(BOOKINGS, data=b"{}", headers=JSON))
            await asyncio.wait_for(begun.wait(), 5)
            asking.cancel()
            await asyncio.wait_for(left.wait(), 5)

    async def test_where_answers_are_dear_they_come_all_the_same(self, through, served, echo_service):
        async with served(echo_service("booking")) as behind, through(behind, ends_with_caller=True) as session:
            for body in (b"{}", b"x" * 200_000):
                async with session.post(BOOKINGS, data=body, headers=JSON) as answer:
                    assert (await answer.json())["body"] == body.decode()
            async with session.get(BOOKINGS) as answer:
                assert answer.status == 200

    async def test_the_gateway_itself_gets_its_answers_too(self, served, echo_service):
        async with served(echo_service("booking")) as behind:
            proxy = Proxy(f"http://{behind}", ends_with_caller=True)
            try:
                assert (await ask(proxy, BOOKINGS, timeout=5)).status == 200
            finally:
                await proxy.close()


class TestTrouble:
    async def test_a_refused_connection_goes_to_the_next_address(self, through, served, echo_service, free_port):
        nobody = f"127.0.0.1:{free_port}"
        async with served(echo_service("booking")) as behind, through(nobody, behind) as session:
            for _ in range(6):
                async with session.post(BOOKINGS, data=b"x" * 70_000, headers=JSON) as answer:
                    assert len((await answer.json())["body"]) == 70_000

    async def test_addresses_take_turns(self, through, served, echo_service):
        async with (
            served(echo_service("one")) as one,
            served(echo_service("two")) as two,
            through(one, two) as session,
        ):
            names = [(await (await session.get(BOOKINGS)).json())["service"] for _ in range(4)]
        assert names in (["one", "two"] * 2, ["two", "one"] * 2)

    async def test_nobody_there_is_503_and_soon_again_well(self, through, served, echo_service, free_port):
        async with through(f"127.0.0.1:{free_port}") as session:
            for _ in range(5):
                async with session.get(BOOKINGS) as answer:
                    assert (answer.status, (await answer.json())["code"]) == (503, "upstream_unreachable")
                    assert answer.headers["retry-after"] == "1"
            async with served(echo_service("booking"), free_port):
                await asyncio.sleep(LONGEST_REST)
                assert (await session.get(BOOKINGS)).status == 200

    async def test_breaking_off_before_the_answer_is_502_and_not_repeated(self, through):
        asked = []

        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            asked.append(await reader.readuntil(b"\r\n\r\n"))
            writer.close()

        server = await asyncio.start_server(handle, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            async with (
                through(f"127.0.0.1:{port}", f"127.0.0.1:{port}") as session,
                session.post(BOOKINGS, data=b"{}", headers=JSON) as answer,
            ):
                assert (answer.status, (await answer.json())["code"]) == (502, "bad_gateway")
        assert len(asked) == 1

    @pytest.mark.parametrize(("method", "statuses"), [("GET", [200, 200]), ("POST", [200, 502])])
    async def test_after_a_connection_that_idled_too_long_only_what_may_be_repeated_is(self, through, method, statuses):
        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            await reader.read(1)
            writer.close()

        server = await asyncio.start_server(handle, "127.0.0.1", 0)
        async with server, through(f"127.0.0.1:{server.sockets[0].getsockname()[1]}") as session:
            seen = [(await session.request(method, BOOKINGS)).status for _ in statuses]
        assert seen == statuses

    async def test_breaking_off_in_the_answer_cuts_the_client_s_connection(self, through, dying_service):
        async with through(dying_service) as session, session.get(BOOKINGS) as answer:
            assert answer.status == 200
            with pytest.raises(aiohttp.ClientError):
                await answer.read()

    async def test_no_answer_in_time_is_504(self, through, served):
        async def hanging(scope, receive, send) -> None:
            await receive()
            await receive()

        async with (
            served(hanging) as behind,
            through(behind, GATEWAY_UPSTREAM_TIMEOUT=0.2) as session,
            session.get(BOOKINGS) as answer,
        ):
            assert (answer.status, (await answer.json())["code"]) == (504, "gateway_timeout")
            assert answer.headers["connection"] == "close"

    async def test_a_full_queue_is_503_while_those_in_it_are_served(self, through, served):
        go_on = asyncio.Event()

        async def waiting(scope, receive, send) -> None:
            await go_on.wait()
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b""})

        async with served(waiting) as behind, through(behind, pool_size=1, queue_size=3) as session:
            tasks = [asyncio.create_task(session.get(BOOKINGS)) for _ in range(4)]
            (refused,), _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            assert refused.result().status == 503
            assert (await refused.result().json())["code"] == "upstream_busy"
            go_on.set()
            assert sorted([(await task).status for task in tasks]) == [200, 200, 200, 503]

    async def test_its_pages_are_asked_through_it_too(self, gateway, client_of, served, free_port):
        service = FastAPI()

        @service.get("/health/ready")
        async def ready() -> dict[str, str]:
            return {}

        @service.get(BOOKINGS)
        async def bookings() -> dict[str, str]:
            return {}

        async with served(service) as behind:
            proxy = Proxy.of(GatewaySettings.of({}), [f"http://{behind}"])
            client = client_of(gateway({"booking": proxy}))
            assert (await client.get("/health/ready")).status_code == 200
            assert BOOKINGS in (await client.get("/openapi.json")).json()["paths"]
            await proxy.close()
        away = Proxy(f"http://127.0.0.1:{free_port}")
        assert (await client_of(gateway({"booking": away})).get("/health/ready")).status_code == 503
        await away.close()


class TestAddresses:
    def test_the_third_failure_in_a_row_gives_a_rest_that_grows_and_one_request_ends_it(self):
        now = [0.0]
        addresses = Addresses(("http://a",), clock=lambda: now[0])
        for _ in range(3):
            (address,) = addresses.in_turn()
            addresses.failed(address)
        assert list(addresses.in_turn()) == []
        now[0] = 0.21
        assert list(addresses.in_turn()) == [address]
        assert list(addresses.in_turn()) == []
        addresses.failed(address)
        now[0] = 0.5
        assert list(addresses.in_turn()) == []
        now[0] = 0.7
        assert list(addresses.in_turn()) == [address]
        address.worked()
        assert list(addresses.in_turn()) == list(addresses.in_turn()) == [address]


def test_a_proxy_is_an_asgi_app():
    app: ASGIApp = Proxy("http://booking:8000")
    assert callable(app)
