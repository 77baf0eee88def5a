"""A service that refuses, is slow, breaks off or has several addresses, behind the proxy."""

import asyncio

import aiohttp
import pytest
from fastapi import FastAPI
from starlette.types import ASGIApp

from gateway.proxy import Proxy
from gateway.settings import GatewaySettings
from gateway.upstreams import LONGEST_REST, Addresses

BOOKINGS = "/api/v1/bookings/"
JSON = {"content-type": "application/json"}


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
            assert (await refused.result().json())["code"] == "overloaded"
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
