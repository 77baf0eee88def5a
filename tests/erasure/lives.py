"""People with names of their own, and what they leave behind in every service."""

import uuid
from datetime import timedelta
from typing import Any

from tests.journey.people import ALWAYS, OFFER_BASICS, PASSWORD, Person
from tests.journey.world import World, eventually, usd


async def named(world: World, first: str, last: str) -> Person:
    """Somebody with that name, who has also changed it once."""
    email = f"{last}-{uuid.uuid4().hex[:8]}@example.com".lower()
    body = {"email": email, "password": PASSWORD, "first_name": f"Old{first}", "last_name": last}
    answer = (await world.call("POST", "/auth/register/", body, expect=201)).body
    person = Person(world, email, answer["user"], answer["access_token"], answer["refresh_token"])
    await world.call("PUT", "/auth/user/", {"first_name": first}, token=person.token)
    return person


async def practises(world: World, person: Person, name: str, price: int = 5000) -> Any:
    """Applies, is sent back with a note and approved, and offers something at that price in cents."""
    body = {"display_name": name, "bio": f"I am {name}.", "specializations": [name], "timezone": "Europe/Berlin"}
    applied = (await person.post("/practitioners/apply/", body, key=uuid.uuid4().hex)).body
    path = f"/admin/practitioners/{applied['id']}/verification/"
    for decision in ({"decision": "needs_changes", "note": f"Dear {name}!"}, {"decision": "approve", "note": name}):
        await world.call("POST", path, decision, token=await world.staff_token())
        if decision["decision"] == "needs_changes":
            await world.call("PUT", f"/practitioners/{applied['id']}/", {"display_name": name}, token=person.token)
    await person.gets_role("practitioner")
    hours = {"timezone": "Europe/Berlin", "weekly": ALWAYS}
    await person.post(f"/practitioners/{applied['id']}/schedule/", hours)
    offered = {**OFFER_BASICS, "description": f"By {name}", "price": usd(price)}
    return (await person.post("/services/", offered, key=uuid.uuid4().hex)).body


async def lives(world: World, host: Person, client: Person, service: Any, words: dict[str, str]) -> None:
    """What leaves names and words of each behind: bookings, messages, a report, a stream, posts, comments, answers."""
    word, title = words[client.id], words[host.id]
    await books(world, client, service, word)
    ended = await books(world, client, service, word)
    await client.post(f"/bookings/{ended['id']}/cancel/", {"reason": f"{word} is ill"})
    talk = (
        await client.post("/conversations/", {"participant_ids": [host.id], "subject": word}, key=uuid.uuid4().hex)
    ).body
    for person in (client, host):
        await person.post(f"/conversations/{talk['id']}/messages/", {"body": f"{words[person.id]} says hello"})
        await person.post(f"/conversations/{talk['id']}/reports/", {"reason": f"{words[person.id]} complains"})
    stream = {"title": title, "description": title, "tiers": []}
    opened = (await host.post("/streams/", stream, key=uuid.uuid4().hex)).body
    await client.post(f"/streams/{opened['id']}/subscribe/", {"tier_level": 0})
    post = {"title": title, "body": title, "post_type": "text", "tier_level": 0, "status": "published"}
    await host.post(f"/streams/{opened['id']}/posts/", post, key=uuid.uuid4().hex)
    for person in (client, host):
        comment = {"body": f"{words[person.id]} was here"}
        await person.post(f"/streams/{opened['id']}/comments/", comment, key=uuid.uuid4().hex)
    await reads(host, word)
    await reads(client, title)


async def books(world: World, client: Person, service: Any, notes: str) -> Any:
    """Books and pays the next free start."""
    today = (await world.now()).date()
    query = f"service_id={service['id']}&from={today + timedelta(days=2)}&to={today + timedelta(days=4)}"

    async def slot() -> Any:
        path = f"/practitioners/{service['practitioner_id']}/availability/?{query}"
        results = (await client.get(path)).body["results"]
        assert results
        return results[0]["start_time"]

    body = {"service_id": service["id"], "start_time": await eventually(slot), "notes": notes}
    booked = await client.post("/bookings/", body, key=uuid.uuid4().hex)
    await client.pay(booked)
    return booked.body


async def reads(person: Person, word: str) -> None:
    """Reads all notices, with keys, once one of them has the other's word."""

    async def notices() -> Any:
        listed = (await person.get("/notifications/")).body["results"]
        assert [notice for notice in listed if word in notice["title"] + notice["body"]]
        return listed

    for notice in await eventually(notices, 10.0):
        await person.post(f"/notifications/{notice['id']}/read/", {}, key=uuid.uuid4().hex)
