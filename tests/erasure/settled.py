"""A practitioner and client who has done all that leaves traces, and has nothing open any more."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tests.erasure.lives import lives, named, practises
from tests.journey.people import PASSWORD, Person, Practitioner, staff
from tests.journey.world import Json, World, eventually, instant

CONFIRMED = {"X-Confirm-Action": "true"}
VIEWS = (
    "/auth/user/",
    "/bookings/",
    "/bookings/history/",
    "/conversations/",
    "/credits/balance/",
    "/credits/history/",
    "/streams/my-subscriptions/",
    "/notifications/?limit=100",
    "/payments/history/",
)
OF_PRACTITIONER = (
    "/practitioner/earnings/?limit=100",
    "/practitioner/earnings/summary/",
    "/practitioner/payouts/",
    "/practitioner/transactions/",
)


@dataclass
class Scene:
    """`hanna` works for `carla` and is a client of `omar`; `words` are what says something of her."""

    hanna: Practitioner
    carla: Person
    omar: Person
    words: list[str]


async def set_scene(world: World) -> Scene:
    """All bookings are over or cancelled, refunded and paid out, and her export lies ready."""
    hanna = await named(world, "Hannazq", "Quimbyzq")
    carla, omar = await named(world, "Carla", "Vo"), await named(world, "Omar", "Ru")
    hers = await practises(world, hanna, "Studio Quimbyzq", price=12500)
    his = await practises(world, omar, "Omar's", price=12500)
    words = {hanna.id: "Quimbyzq", carla.id: "Voword", omar.id: "Ruword"}
    await lives(world, hanna, carla, hers, words)
    await lives(world, omar, hanna, his, words)
    keys = hanna.token, hanna.refresh_token, hers["practitioner_id"]
    practitioner = Practitioner(world, hanna.email, hanna.user, *keys)
    await complete(world, (practitioner, carla), (omar, hanna))
    await is_paid(world, practitioner)
    await has_export(practitioner)
    return Scene(practitioner, carla, omar, ["Hannazq", "Quimbyzq", hanna.email])


async def complete(world: World, *pairs: tuple[Person, Person]) -> None:
    """The booking of each practitioner and client that was not cancelled, until what was earned is available."""
    booked = [(*pair, await booking_of(*pair)) for pair in pairs]
    await world.advance_to(max(instant(booking["end_time"]) for *_, booking in booked))
    for practitioner, client, booking in booked:
        await practitioner.post(f"/bookings/{booking['id']}/complete/", expect=200)
        await client.sees(booking["id"], "completed")
    await world.advance(timedelta(hours=24, seconds=5))


async def booking_of(practitioner: Person, client: Person) -> Json:
    """The one that both see, and that is confirmed."""
    theirs, mine = [(await person.get("/bookings/")).body["results"] for person in (client, practitioner)]
    [booking] = [one for one in theirs if one["status"] == "confirmed" and one["id"] in [own["id"] for own in mine]]
    return booking


async def is_paid(world: World, practitioner: Practitioner) -> None:
    """All that was earned."""
    await practitioner.onboards()
    await practitioner.earns(within=10, available=10000)
    payout = await practitioner.post("/practitioner/payouts/request/", expect=201, key="all")
    office = await staff(world)
    await office.post(f"/admin/payouts/{payout['id']}/approve/", expect=200, headers=CONFIRMED)
    await practitioner.earns(within=10, available=0, in_payout=0, paid=10000)


async def has_export(person: Person) -> None:
    """Asks for it and waits until it is ready."""
    asked = await person.post("/auth/user/export/", expect=202)

    async def look() -> None:
        assert (await person.get(f"/auth/user/export/{asked['id']}/"))["status"] == "ready"

    await eventually(look, 30)


async def views(person: Person) -> dict[str, Json]:
    """What the person reads, by path: lists, and each booking and conversation in them."""
    roles = (await person.get("/auth/user/", expect=200))["roles"]
    paths = [*VIEWS, *(OF_PRACTITIONER if "practitioner" in roles else ())]
    found = {path: (await person.get(path, expect=200)).body for path in paths}
    for booking in found["/bookings/"]["results"]:
        path = f"/bookings/{booking['id']}/"
        found[path] = (await person.get(path, expect=200)).body
    for talk in found["/conversations/"]["results"]:
        path = f"/conversations/{talk['id']}/messages/"
        found[path] = (await person.get(path, expect=200)).body
    return found


def changes(before: Json, after: Json, path: str = "") -> list[tuple[str, Any, Any]]:
    """Where the two differ: path, before, after."""
    if isinstance(before, dict) and isinstance(after, dict) and before.keys() == after.keys():
        return [one for name in before for one in changes(before[name], after[name], f"{path}.{name}")]
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        return [one for was, now in zip(before, after, strict=True) for one in changes(was, now, f"{path}[]")]
    return [] if before == after else [(path, before, after)]


async def sign_in(person: Person) -> None:
    """A fresh session."""
    body = {"email": person.email, "password": PASSWORD}
    answer = await person.world.call("POST", "/auth/login/", body, expect=200)
    person.token, person.refresh_token = answer["access_token"], answer["refresh_token"]


async def proof_of(world: World, person: Person) -> Json:
    """The person's erasure as staff see it."""
    listed = await world.call("GET", "/admin/privacy/erasures/?limit=100", token=await world.staff_token())
    [proof] = [one for one in listed["results"] if one["user_id"] == person.id]
    return proof


async def is_done(world: World, person: Person) -> None:
    """Every service has answered."""
    proof = await proof_of(world, person)
    assert (proof["status"], [one["name"] for one in proof["services"] if one["done_at"] is None]) == ("done", [])
