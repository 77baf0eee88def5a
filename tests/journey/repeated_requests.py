"""Promises about repeating oneself: refresh tokens, idempotency keys, sockets that resume."""

import asyncio
from collections import Counter

import aiohttp

from tests.journey.people import Live, Person, join, off_grid, set_scene
from tests.journey.world import World, eventually, usd


async def refresh_twenty_times(world: World) -> None:
    """Twenty uses of one refresh token at once have one successor; a later use ends the family."""
    person = await join(world)

    async def refresh(token: str, expect: int | None = 200):
        return await world.call("POST", "/auth/token/refresh/", {"refresh_token": token}, expect=expect)

    answers = await asyncio.gather(*(refresh(person.refresh_token) for _ in range(20)))
    assert len({answer["refresh_token"] for answer in answers}) == 1, "several successors"
    second = answers[0]["refresh_token"]
    assert second != person.refresh_token
    third = (await refresh(second))["refresh_token"]
    reused = await refresh(person.refresh_token, 401)
    assert reused["code"] == "refresh_reused", reused.body
    for token in (second, third):
        await refresh(token, 401)
    world.step("twenty refreshes had one successor; the old token ended its family")


async def idempotent_replays(world: World) -> None:
    """One key, one effect: the same answer again, another body refused, a refusal may be tried again."""
    scene = await set_scene(world)
    body = {"service_id": scene.service["id"], "start_time": scene.starts[0]}
    key = world.unique("key")
    first = await scene.client.post("/bookings/", body, key=key, expect=201)
    again = await scene.client.post("/bookings/", body, key=key, expect=201)
    assert again.body == first.body
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    other = await scene.client.post("/bookings/", {**body, "start_time": scene.starts[1]}, key=key, expect=422)
    assert other["code"] == "idempotency_key_reused"
    stranger = await join(world, "Bea")
    assert (await stranger.post("/bookings/", body, key=key, expect=409))["code"] == "slot_taken"
    world.step("the same key gives the same booking, another body is refused, keys are everyone's own")

    bodies, key = [{**body, "start_time": start} for start in (off_grid(scene.starts[3]), scene.starts[3])], key + "-2"
    await scene.client.post("/bookings/", bodies[0], key=key, expect=422)
    await scene.client.post("/bookings/", bodies[1], key=key, expect=201)
    key = world.unique("key")
    body = {**body, "start_time": scene.starts[5]}
    storm = await asyncio.gather(*(scene.client.post("/bookings/", body, key=key, expect=None) for _ in range(10)))
    assert len({answer["id"] for answer in storm if answer.status == 201}) == 1
    rest = Counter((a.status, a["code"]) for a in storm if a.status != 201)
    assert set(rest) <= {(409, "request_in_progress")}, rest
    assert all(a.headers.get("Retry-After") for a in storm if a.status == 409)
    world.step("a refusal stores nothing; ten at once make one booking")
    await _other_places(world, scene.client, scene.starts)


async def _other_places(world: World, client: Person, starts: list[str]) -> None:
    for path, body, other in (
        ("/credits/purchase/", {"amount": usd(700)}, {"amount": usd(800)}),
        (
            "/practitioners/apply/",
            {"display_name": "A", "bio": "B", "specializations": [], "timezone": "UTC"},
            {"display_name": "C", "bio": "B", "specializations": [], "timezone": "UTC"},
        ),
    ):
        key = world.unique("key")
        first = await client.post(path, body, key=key, expect=201)
        assert (await client.post(path, body, key=key, expect=201)).body == first.body, path
        await client.post(path, other, key=key, expect=422)
    order = (await client.post("/credits/purchase/", {"amount": usd(900)}, expect=201))["order_id"]
    pay, key = {"order_id": order, "payment_method": "pm_card_visa"}, world.unique("key")
    paid = await asyncio.gather(*(client.post("/payments/confirm/", pay, key=key, expect=None) for _ in range(5)))
    assert {a.status for a in paid} <= {200, 409}, [a.body for a in paid]
    assert any(a.status == 200 and a["status"] == "succeeded" for a in paid)
    await eventually(lambda: client.has_credits(900))
    world.step("credits, applications and payments keep the same promise")


async def _handshake(world: World, url: str) -> int:
    """The status with which the server answers a WebSocket handshake; 101 is success."""
    try:
        socket = await world.http.ws_connect(world.base.replace("http", "ws", 1) + url)
    except aiohttp.WSServerHandshakeError as error:
        return error.status
    await socket.close()
    return 101


async def sockets(world: World) -> None:
    """Sockets want a good token and resume after the last message that was seen."""
    for url in ("/ws/booking-updates/?token=nonsense", "/ws/notifications/", "/ws/notifications"):
        assert await _handshake(world, url) == 401, url
    scene = await set_scene(world)
    async with scene.client.live("/ws/booking-updates/") as live:
        first = await scene.client.buys(scene.service, scene.starts[0])
        seen = await live.hears("booking.confirmed", id=first["id"])
    second = await scene.client.buys(scene.service, scene.starts[1])
    async with Live(scene.client, "/ws/booking-updates/", after=seen["id"]) as live:
        await live.hears("booking.confirmed", id=second["id"])
        assert first["id"] not in [m["data"]["id"] for m in live.messages if m["type"] == "booking.confirmed"]
    world.step("a bad token is refused at the handshake; a socket resumes where it was")
