"""Conversations between clients and practitioners: who may write, unread counts, receipts, the chat socket."""

import asyncio
from typing import Any

import aiohttp

from tests.journey.people import Live, Person, join, practise, set_scene
from tests.journey.world import Json, World, eventually


async def conversations(world: World) -> None:
    """A client opens one, both write and read; the same people and the same message are never doubled."""
    practitioner, client, stranger = await practise(world), await join(world), await join(world, "Eve")
    with_noor = {"participant_ids": [practitioner.id]}
    await practitioner.post("/conversations/", {"participant_ids": [client.id]}, expect=403)
    await client.post("/conversations/", {"participant_ids": [stranger.id]}, expect=403)
    await client.post("/conversations/", {"participant_ids": [client.id]}, expect=422)
    opened = await client.post("/conversations/", {**with_noor, "subject": "A question"}, expect=201)
    assert set(opened.body) >= {"id", "participants", "booking_id", "last_message", "unread_count"}
    assert (await client.post("/conversations/", with_noor, expect=200))["id"] == opened["id"]
    path = f"/conversations/{opened['id']}/messages/"
    first = await _send(client, path, "Hello?", client_id=world.unique("m"))
    again = await client.post(path, {"body": "Hello?", "client_id": first["client_id"]}, expect=200)
    assert again.body == first
    assert (await practitioner.post("/conversations/", {"participant_ids": [client.id]}, expect=200))["id"] == opened[
        "id"
    ]
    second = await _send(practitioner, path, "Hello!")
    world.step("opened once; who was written to may answer; a repeated message is one message")

    for who, unread in ((client, 1), (practitioner, 1)):
        await eventually(lambda who=who, unread=unread: _unread(who, opened["id"], unread))  # type: ignore[misc]  # a lambda's default is not inferred
    async with practitioner.live(f"/ws/chat/{opened['id']}/") as live:
        await client.post(f"/conversations/{opened['id']}/read/", {"up_to": second["id"]}, expect=204)
        receipt = await live.hears("message.read", user_id=client.id)
        assert receipt["data"]["up_to"] == second["id"]
    await client.post(f"/conversations/{opened['id']}/read/", {"up_to": first["id"]}, expect=204)
    await _unread(client, opened["id"], 0)
    await _unread(practitioner, opened["id"], 1)
    world.step("unread counts one's partner's messages; a receipt never goes back")

    page = await client.get(path, expect=200)
    assert [message["body"] for message in page["results"]] == ["Hello!", "Hello?"]
    assert [m["id"] for m in (await client.get(f"{path}?before={second['id']}"))["results"]] == [first["id"]]
    assert [m["id"] for m in (await client.get(f"{path}?after={first['id']}"))["results"]] == [second["id"]]
    for body in ("", "x" * 10_001, 7, None):
        await client.post(path, {"body": body}, expect=422)
    await stranger.get(path, expect=404)
    await stranger.post(path, {"body": "Hi."}, expect=404)
    await stranger.post(f"/conversations/{opened['id']}/read/", {"up_to": first["id"]}, expect=404)
    await world.call("GET", path, expect=401)
    assert await _knock(stranger, f"/ws/chat/{opened['id']}/") == 404
    world.step("pages before and after a message; strangers see nothing")


async def chat(world: World) -> None:
    """Every socket of every member gets every message once, in stored order, and resumes without loss."""
    practitioner, client = await practise(world), await join(world)
    opened = await client.post("/conversations/", {"participant_ids": [practitioner.id]}, expect=201)
    path, room = f"/conversations/{opened['id']}/messages/", f"/ws/chat/{opened['id']}/"
    async with (
        client.live(room) as phone,
        client.live(room, by_protocol=True) as laptop,
        practitioner.live(room) as desk,
    ):
        sent = {"type": "message.send", "data": {"client_id": world.unique("m"), "body": "From the socket."}}
        await phone.socket.send_json(sent)
        await phone.socket.send_json(sent)
        for live in (phone, laptop, desk):
            message = await live.hears("message.created", body="From the socket.")
            assert message["data"]["sender_id"] == client.id
        await asyncio.gather(*(_send(client if n % 2 else practitioner, path, f"No. {n}") for n in range(10)))

        async def look() -> None:
            heard = [_created(live) for live in (phone, laptop, desk)]
            assert all(len(bodies) == 11 for bodies in heard), heard
            assert heard[0] == heard[1] == heard[2], heard

        await eventually(look)
        stored = [m["body"] for m in (await client.get(f"{path}?limit=100"))["results"]]
        assert stored[::-1] == _created(desk)
        seen = desk.messages[4]["id"]
    async with Live(practitioner, room, after=seen) as live:

        async def rest() -> None:
            assert _created(live) == _created(desk)[5:], _created(live)

        await eventually(rest)
    world.step("three sockets heard eleven messages in one order; a fourth resumed after the fifth")


async def booking_opens_conversation(world: World) -> None:
    """A confirmed booking opens a conversation of its own, once."""
    scene = await set_scene(world)
    booking = await scene.client.buys(scene.service, scene.starts[0])

    async def look() -> Json:
        page = await scene.practitioner.get("/conversations/", expect=200)
        found = [row for row in page["results"] if row["booking_id"] == booking["id"]]
        assert len(found) == 1, page.body
        return found[0]

    conversation = await eventually(look)
    body = {"participant_ids": [scene.practitioner.id], "booking_id": booking["id"]}
    assert (await scene.client.post("/conversations/", body, expect=200))["id"] == conversation["id"]
    own = await scene.client.post("/conversations/", {"participant_ids": [scene.practitioner.id]}, expect=201)
    assert own["id"] != conversation["id"]
    stranger = await join(world, "Eve")
    await stranger.post("/conversations/", body, expect=(403, 404))
    world.step("the booking has its own conversation")


async def _send(who: Person, path: str, body: str, **more: Any) -> Json:
    message = (await who.post(path, {"body": body, **more}, expect=201)).body
    assert set(message) >= {"id", "conversation_id", "sender_id", "body", "client_id", "created_at"}, message
    return message


async def _unread(who: Person, conversation_id: str, count: int) -> None:
    page = await who.get("/conversations/", expect=200)
    found = [row["unread_count"] for row in page["results"] if row["id"] == conversation_id]
    assert found == [count], page.body


def _created(live: Live) -> list[str]:
    return [message["data"]["body"] for message in live.messages if message["type"] == "message.created"]


async def _knock(who: Person, path: str) -> int:
    try:
        socket = await who.world.http.ws_connect(who.world.base.replace("http", "ws", 1) + f"{path}?token={who.token}")
    except aiohttp.WSServerHandshakeError as error:
        return error.status
    await socket.close()
    return 101
