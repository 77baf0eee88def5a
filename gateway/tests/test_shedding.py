"""The gateway refuses by class while requests wait, before it spends anything on them."""

import asyncio

import pytest

SERVICES, BOOKINGS = "/api/v1/services/", "/api/v1/bookings/"


@pytest.fixture
def held():
    return asyncio.Event()


@pytest.fixture
def client(gateway, client_of, held):
    async def slow(scope, receive, send):
        if scope["query_string"]:
            await held.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    upstreams = {"catalog": slow, "booking": slow, "payments": slow}
    return client_of(gateway(upstreams, ESTUARY_SHED_WAITING="1", GATEWAY_RATE_ANONYMOUS="10"))


async def status(client, method: str, path: str, **given) -> int:
    return (await client.request(method, path, **given)).status_code


async def test_in_the_order_of_the_classes(client, held, token_of):
    signed = {"authorization": f"Bearer {token_of()}"}
    waiting: list[asyncio.Task[int]] = []
    seen = []
    for wanted in (0, 1, 2, 4, 8):
        while len(waiting) < wanted:
            other = {"authorization": f"Bearer {token_of()}"}  # of one caller three are under way at once
            waiting.append(asyncio.create_task(status(client, "POST", f"{BOOKINGS}1/cancel/?slow=1", headers=other)))
            await asyncio.sleep(0.02)
        seen.append(
            [
                await status(client, "GET", SERVICES),
                await status(client, "GET", BOOKINGS, headers=signed),
                await status(client, "POST", BOOKINGS, headers=signed),
                await status(client, "POST", "/api/v1/webhooks/stripe/"),
                await status(client, "GET", "/health/live"),
            ]
        )
    held.set()
    assert seen == [[503] * n + [200] * (5 - n) for n in (0, 1, 2, 3, 4)]
    assert await asyncio.gather(*waiting) == [200] * 8


async def test_what_is_refused_for_it_is_not_taken_off_the_hour(client, held):
    slow = asyncio.create_task(client.get(f"{SERVICES}?slow=1"))
    await asyncio.sleep(0.02)
    refused = [await client.get(SERVICES) for _ in range(20)]
    assert {(one.status_code, one.json()["code"]) for one in refused} == {(503, "overloaded")}
    held.set()
    assert (await slow).status_code == 200
    assert int((await client.get(SERVICES)).headers["ratelimit-remaining"]) == 8


async def test_who_sends_a_body_slowly_does_not_wait(client, held, gateway, served):
    async with served(gateway(ESTUARY_SHED_WAITING="1")) as address:
        host, port = address.split(":")
        _, writer = await asyncio.open_connection(host, int(port))
        head = f"POST {BOOKINGS} HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n"
        writer.write(head.encode() + b"{")
        await writer.drain()
        await asyncio.sleep(0.1)
        reader, other = await asyncio.open_connection(host, int(port))
        other.write(f"GET {SERVICES} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n".encode())
        assert (await reader.read()).startswith(b"HTTP/1.1 200")
        for each in (writer, other):
            each.close()
