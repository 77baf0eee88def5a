"""What follows from a message that nobody reads, from a quarrel, and from the end of an account."""

from datetime import timedelta

from tests.journey.people import Person, join, practise, staff
from tests.journey.world import Json, World, eventually


async def unread_messages(world: World) -> None:
    """Ten new messages are one notice until it is read; a mail follows after five unread minutes, and only then."""
    practitioner, client = await practise(world), await join(world)
    opened = await client.post("/conversations/", {"participant_ids": [practitioner.id], "subject": "Knees"})
    path = f"/conversations/{opened['id']}"
    for number in range(10):
        last = await client.post(f"{path}/messages/", {"body": f"No. {number}"}, expect=201)
    await eventually(lambda: _told(practitioner, opened["id"], 1))
    assert not await _told(client, opened["id"], 0)
    world.step("ten messages were one notice")
    await world.advance(timedelta(minutes=5, seconds=2))
    await eventually(lambda: _mailed(practitioner, 1), 5)
    await client.post(f"{path}/messages/", {"body": "Still there?"}, expect=201)
    await world.advance(timedelta(minutes=10))
    await _mailed(practitioner, 1)
    world.step("five minutes later one mail, and no second")

    await practitioner.post(f"{path}/read/", {"up_to": last["id"]}, expect=204)
    newest = (await client.get(f"{path}/messages/?limit=1"))["results"][0]
    await practitioner.post(f"{path}/read/", {"up_to": newest["id"]}, expect=204)

    async def read() -> None:
        [notice] = await _told(practitioner, opened["id"], 1)
        assert notice["read_at"] is not None, notice

    await eventually(read)
    await practitioner.post(f"{path}/messages/", {"body": "Yes."}, expect=201)
    newest = (await client.get(f"{path}/messages/?limit=1"))["results"][0]
    await client.post(f"{path}/read/", {"up_to": newest["id"]}, expect=204)
    await world.advance(timedelta(minutes=6))
    await _mailed(client, 0)
    world.step("what was read in time is no mail")


async def quarrels(world: World) -> None:
    """A block stops both; staff read a conversation while a report of it is open, and close it."""
    practitioner, client, office = await practise(world), await join(world), await staff(world)
    opened = await client.post("/conversations/", {"participant_ids": [practitioner.id]}, expect=201)
    path, admin = f"/conversations/{opened['id']}", "/admin/conversations"
    await practitioner.post(f"{path}/messages/", {"body": "Something rude."}, expect=201)
    await client.post(f"{path}/block/", expect=204)
    for person in (client, practitioner):
        assert (await person.post(f"{path}/messages/", {"body": "Hm."}, expect=403))["code"] == "blocked"
    await office.get(f"{admin}/{opened['id']}/messages/", expect=404)
    await client.get(f"{admin}/{opened['id']}/messages/", expect=403)
    report = await client.post(f"{path}/reports/", {"reason": "Rude."}, expect=201)
    assert (await client.post(f"{path}/reports/", {"reason": "Rude!"}, expect=200))["id"] == report["id"]
    seen = await office.get(f"{admin}/{opened['id']}/messages/", expect=200)
    assert [message["body"] for message in seen["results"]] == ["Something rude."]
    await office.post(f"{admin}/reports/{report['id']}/resolve/", {"outcome": "upheld"}, expect=200)
    await world.call("DELETE", f"{path}/block/", token=client.token, expect=204)
    assert (await client.post(f"{path}/messages/", {"body": "Hm."}, expect=409))["code"] == "conversation_closed"
    await office.get(f"{admin}/{opened['id']}/messages/", expect=404)
    world.step("blocked, reported, read by staff, closed")


async def end_of_an_account(world: World) -> None:
    """A deactivated person's name is gone, and nobody is signed in as them; the other's history stays."""
    practitioner, client, office = await practise(world), await join(world), await staff(world)
    opened = await client.post("/conversations/", {"participant_ids": [practitioner.id]}, expect=201)
    path = f"/conversations/{opened['id']}"
    await client.post(f"{path}/messages/", {"body": "Good bye."}, expect=201)
    await client.post(f"/admin/users/{client.id}/deactivate/", expect=403)
    await office.post(f"/admin/users/{client.id}/deactivate/", expect=428)
    confirmed = {"X-Confirm-Action": "true"}
    await office.post(f"/admin/users/{client.id}/deactivate/", headers=confirmed, expect=200)

    async def gone() -> None:
        shown = (await practitioner.get(f"{path}/"))["participants"]
        [person] = [each for each in shown if each["user_id"] == client.id]
        assert (person["name"], person["is_active"]) == (None, False), person
        await client.get("/auth/user/", expect=401)

    await eventually(gone)
    await world.call("POST", "/auth/token/refresh/", {"refresh_token": client.refresh_token}, expect=401)
    assert [m["body"] for m in (await practitioner.get(f"{path}/messages/"))["results"]] == ["Good bye."]
    answer = await practitioner.post(f"{path}/messages/", {"body": "Hello?"}, expect=409)
    assert answer["code"] == "conversation_closed"
    world.step("the name is gone, the words stay")


async def _told(person: Person, conversation_id: str, times: int) -> list[Json]:
    page = await person.get("/notifications/?limit=100", expect=200)
    found = [notice for notice in page["results"] if notice["data"].get("conversation_id") == conversation_id]
    assert len(found) == times, found
    return found


async def _mailed(person: Person, times: int) -> None:
    mails = await person.world.mails(person.email, "new messages")
    assert len(mails) == times, mails
