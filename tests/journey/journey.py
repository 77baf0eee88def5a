"""The main job from the first sign-up to the money in the practitioner's bank, as the interface promises it."""

import asyncio
from datetime import timedelta
from typing import Any

from tests.journey.people import PASSWORD, Live, Person, Practitioner, join, staff
from tests.journey.world import Json, World, eventually, instant, usd

WEEKLY = [{"day_of_week": day, "start_time": "09:00", "end_time": "17:00"} for day in range(7)]


async def main_journey(world: World) -> None:
    """Register, apply, offer, book with card and credits, pay, meet, earn, be paid out."""
    await world.call("GET", "//health/ready", expect=200)
    practitioner = await becomes_practitioner(world)
    service = await offers_something(world, practitioner)
    client = await client_arrives(world)
    async with (
        client.live("/ws/booking-updates/") as client_bookings,
        client.live("/ws/notifications/", by_protocol=True) as client_notices,
        practitioner.live("/ws/booking-updates/", by_protocol=True) as practitioner_bookings,
        practitioner.live("/ws/notifications/") as practitioner_notices,
    ):
        booking = await books_and_pays(world, client, practitioner, service)
        await live_messages(world, booking, (client_bookings, practitioner_bookings), "booking.confirmed")
        await live_notices(world, booking, (client_notices, practitioner_notices))
    await everybody_is_told_once(world, booking, service, (client, practitioner))
    await reminders_come(world, booking, service, (client, practitioner))
    await they_meet(world, booking, client, practitioner)
    await it_is_earned(world, booking, practitioner)
    await it_is_paid_out(world, booking, practitioner)


async def becomes_practitioner(world: World) -> Practitioner:
    person = await join(world, "Noor")
    assert set(person.user) >= {"id", "email", "first_name", "last_name", "roles", "practitioner_id", "is_verified"}
    assert (person.user["roles"], person.user["practitioner_id"]) == (["user"], None)
    again = {"email": person.email.upper(), "password": PASSWORD, "first_name": "N", "last_name": "R"}
    assert (await world.call("POST", "/auth/register/", again, expect=409))["code"] == "email_taken"
    wrong = await world.call("POST", "/auth/login/", {"email": person.email, "password": "wrong"}, expect=401)
    assert wrong["code"] == "invalid_credentials"
    login = await world.call("POST", "/auth/login/", {"email": person.email, "password": PASSWORD}, expect=200)
    assert (login["token_type"], login["user"]["id"]) == ("Bearer", person.id)
    assert login["expires_in"] == 3600
    assert (await person.get("/auth/user/", expect=200)).body == login["user"]
    world.step("signed up, signed in; the address is taken for others")

    body = {"display_name": world.unique("Noor"), "bio": "Tea", "specializations": ["tea"], "timezone": "Europe/Berlin"}
    applied = await person.post("/practitioners/apply/", body, expect=201)
    assert (applied["user_id"], applied["verification_status"]) == (person.id, "pending")
    assert set(applied["onboarding"]) >= {"completed_steps", "next_step"}
    assert (await person.post("/practitioners/apply/", body, expect=409))["code"] == "already_applied"
    office = await staff(world)
    pending = await office.get("/admin/practitioners/?verification_status=pending&limit=100", expect=200)
    assert applied["id"] in [row["id"] for row in pending["results"]]
    decision = {"decision": "approve", "note": "Welcome."}
    await person.post(f"/admin/practitioners/{applied['id']}/verification/", decision, expect=403)
    await office.post(f"/admin/practitioners/{applied['id']}/verification/", decision, expect=200)
    await person.gets_role("practitioner")
    assert person.user["practitioner_id"] == applied["id"]
    world.step("applied, approved by staff, a practitioner from the next token on")
    return Practitioner(world, person.email, person.user, person.token, person.refresh_token, applied["id"])


async def offers_something(world: World, practitioner: Practitioner) -> Json:
    await practitioner.hours(WEEKLY, "Europe/Berlin")
    listed = await world.call("GET", "/services/categories/", expect=200)
    slugs = {row["slug"] for row in (listed.body if isinstance(listed.body, list) else listed["results"])}
    always = "wellness, yoga, therapy, coaching, teaching, music, fitness, events, other"
    assert set(always.split(", ")) <= slugs
    service = await practitioner.offers(price=12500)
    assert (service["practitioner_id"], service["is_active"]) == (practitioner.practitioner_id, True)
    assert service["price"] == usd(12500)

    for query in (f"search={service['title']}", f"practitioner_id={practitioner.practitioner_id}&category=wellness"):
        page = await world.call("GET", f"/services/?{query}&price_min=125&price_max=125", expect=200)
        assert set(page.body) == {"results", "total", "limit", "offset", "has_more"}
        assert [row["id"] for row in page["results"]] == [service["id"]], query
    dearer = await world.call("GET", f"/services/?practitioner_id={practitioner.practitioner_id}&price_min=126")
    assert dearer["results"] == []

    day = await world.day(5)
    slots = await practitioner.slots(service, day)
    assert len(slots) == 8, f"nine to five in Berlin are eight hours: {slots}"
    assert {slot["available_spots"] for slot in slots} == {1}
    assert instant(slots[0]["end_time"]) - instant(slots[0]["start_time"]) == timedelta(hours=1)
    world.step("opened hours in Berlin, offered a session, and both are found")
    return service


async def client_arrives(world: World) -> Person:
    client = await join(world, "Ada")
    await client.has_credits(0)
    await client.top_up(4000)
    world.step("bought credits for $40 by card")
    return client


async def books_and_pays(world: World, client: Person, practitioner: Practitioner, service: Json) -> Json:
    day = await world.day(5)
    start = (await practitioner.starts(service, day))[2]
    booking = await client.book(service, start, credits="max", notes="The side entrance, please.")
    assert booking["status"] == "pending_payment"
    assert (booking["total"], booking["credits_applied"], booking["amount_due"]) == (usd(12500), usd(4000), usd(8500))
    assert (booking["practitioner_id"], booking["service_id"]) == (practitioner.practitioner_id, service["id"])
    assert set(booking["payment"]) >= {"order_id", "client_secret", "publishable_key", "expires_at"}
    assert booking["payment"]["publishable_key"] == "pk_test_estuary"
    left = instant(booking["payment"]["expires_at"]) - await world.now()
    assert timedelta(minutes=14, seconds=30) < left <= timedelta(minutes=15), left
    await eventually(lambda: client.has_credits(0, held=4000))
    assert start not in await practitioner.starts(service, day)
    rival = await join(world, "Bea")
    assert (await rival.book(service, start, expect=409))["code"] == "slot_taken"
    world.step("booked with $40 of credits and $85 due; the slot is held for 15 minutes")

    await client.pay(booking)
    assert (await client.confirm(booking["payment"]["order_id"]))["status"] == "succeeded"
    for who, role in ((client, "client"), (practitioner, "practitioner")):
        listed = await who.get(f"/bookings/?as={role}&status=confirmed", expect=200)
        assert [row["id"] for row in listed["results"]] == [booking["id"]]
    order = await client.order(booking["payment"]["order_id"])
    assert (order["amount_due"], order["refunds"]) == (usd(8500), [])
    intent = await world.intent(booking["payment"])
    assert (intent["status"], intent["amount_received"]) == ("succeeded", 8500)
    await eventually(lambda: client.has_credits(0))
    world.step("paid; confirmed within two seconds; Stripe has $85")
    return booking.body


async def live_messages(world: World, booking: Json, sockets: tuple[Live, ...], kind: str) -> None:
    for live in sockets:
        message = await live.hears(kind, id=booking["id"])
        assert message["data"]["status"] == "confirmed"
        assert message["data"]["start_time"] == booking["start_time"]
    world.step(f"both sides heard {kind} on their sockets")


async def live_notices(world: World, booking: Json, sockets: tuple[Live, ...]) -> None:
    async def look(live: Live) -> Json:
        created = [m["data"] for m in live.messages if m["type"] == "notification.created"]
        about = [notice for notice in created if (notice["data"] or {}).get("booking_id") == booking["id"]]
        assert len(about) == 1, live.messages
        return about[0]

    for live in sockets:
        notice = await eventually(lambda live=live: look(live), 3)  # type: ignore[misc]  # a lambda's default is not inferred
        assert set(notice) >= {"id", "type", "title", "body", "data", "read_at", "created_at"}
    world.step("both sides heard of one notice on their sockets")


async def everybody_is_told_once(world: World, booking: Json, service: Json, sides: tuple[Person, ...]) -> None:
    await tell_count(world, booking, service, sides, 1)
    client = sides[0]
    notice = (await client.notices(booking["id"]))[0]
    assert notice["read_at"] is None
    unread = (await client.get("/notifications/"))["unread_count"]
    await client.post(f"/notifications/{notice['id']}/read/", expect=(200, 204))
    assert (await client.get("/notifications/"))["unread_count"] == unread - 1
    await sides[1].post(f"/notifications/{notice['id']}/read/", expect=404)
    world.step("one mail and one notice each; a notice can be read, by its owner only")


async def tell_count(world: World, booking: Json, service: Json, sides: tuple[Person, ...], count: int) -> None:
    """Sees that each side has `count` mails and notices about the booking, no more."""

    async def look(who: Person) -> None:
        mails = await world.mails(who.email, service["title"])
        assert len(mails) == count, f"{len(mails)} mails, not {count}: {[mail['subject'] for mail in mails]}"
        notices = await who.notices(booking["id"])
        assert len(notices) == count, f"{len(notices)} notices, not {count}: {[n['type'] for n in notices]}"

    for who in sides:
        await eventually(lambda who=who: look(who), 6)  # type: ignore[misc]  # a lambda's default is not inferred


async def reminders_come(world: World, booking: Json, service: Json, sides: tuple[Person, ...]) -> None:
    start = instant(booking["start_time"])
    await world.advance_to(start - timedelta(hours=24))
    await tell_count(world, booking, service, sides, 2)
    refused = await sides[0].post(f"/bookings/{booking['id']}/room-token/", expect=409)
    assert refused["code"] == "room_not_open"
    await world.advance_to(start - timedelta(minutes=30))
    await tell_count(world, booking, service, sides, 3)
    world.step("reminded 24 hours and 30 minutes before, once by mail and once as a notice")


async def they_meet(world: World, booking: Json, client: Person, practitioner: Practitioner) -> None:
    await world.advance_to(instant(booking["start_time"]) - timedelta(minutes=14))
    rooms = [
        (await who.post(f"/bookings/{booking['id']}/room-token/", expect=200)).body for who in (client, practitioner)
    ]
    assert all(set(room) >= {"url", "room", "token"} for room in rooms)
    assert rooms[0]["room"] == rooms[1]["room"]
    assert rooms[0]["token"] != rooms[1]["token"]
    await world.advance_to(instant(booking["start_time"]))
    await client.sees(booking["id"], "in_progress", 6)
    refused = await practitioner.post(f"/bookings/{booking['id']}/complete/", expect=409)
    assert refused["code"] == "not_ended"
    await client.post(f"/bookings/{booking['id']}/cancel/", expect=409)
    await world.advance_to(instant(booking["end_time"]))
    await client.post(f"/bookings/{booking['id']}/complete/", expect=(403, 404))
    done = await practitioner.post(f"/bookings/{booking['id']}/complete/", expect=200)
    assert (await practitioner.post(f"/bookings/{booking['id']}/complete/", expect=200)).body == done.body
    assert done["status"] == "completed"
    world.step("met in one room; completed after the end, and once only")


async def it_is_earned(world: World, booking: Json, practitioner: Practitioner) -> None:
    async def look(status: str) -> None:
        entry = await practitioner.earning_of(booking["id"])
        assert entry["status"] == status, entry
        amounts = (entry["gross_amount"], entry["commission_amount"], entry["net_amount"])
        assert amounts == (usd(12500), usd(2500), usd(10000)), entry
        assert entry["commission_rate"] == "0.2000"

    await eventually(lambda: look("pending"))
    await practitioner.earns(pending=10000, available=0, in_payout=0, paid=0, debt=0)
    await world.advance(timedelta(hours=23, minutes=55))
    await practitioner.earns(pending=10000, available=0)
    await world.advance(timedelta(minutes=5, seconds=10))
    await eventually(lambda: look("available"), 6)
    await practitioner.earns(pending=0, available=10000)
    world.step("earned $125.00 less 20 % = $100.00, available 24 hours after completion")


async def it_is_paid_out(world: World, booking: Json, practitioner: Practitioner) -> None:
    missing = await practitioner.post("/practitioner/payouts/request/", expect=409, key="a")
    assert missing["code"] == "payout_account_missing"
    account = await practitioner.onboards()
    assert await practitioner.onboards() == account
    keyless = await practitioner.post("/practitioner/payouts/request/", expect=428)
    assert keyless["code"] == "idempotency_key_required"
    for amount, code in ((4999, "below_minimum"), (10001, "insufficient_funds")):
        wish = {"amount": usd(amount)}
        refused = await practitioner.post("/practitioner/payouts/request/", wish, expect=422, key=code)
        assert code in (refused["code"], *(error["code"] for error in refused["errors"])), refused.body
    twice = (practitioner.post("/practitioner/payouts/request/", expect=None, key=key) for key in "bc")
    both = await asyncio.gather(*twice)
    assert sorted(answer.status for answer in both) == [201, 422], [answer.body for answer in both]
    payout = next(answer for answer in both if answer.status == 201)
    assert (payout["amount"], payout["status"]) == (usd(10000), "eligible")
    await practitioner.earns(available=0, in_payout=10000)
    world.step("asked for a payout twice at once: one of them took the whole $100.00")

    office = await staff(world)
    waiting = await office.get("/admin/payouts/?status=eligible&limit=100", expect=200)
    assert payout["id"] in [row["id"] for row in waiting["results"]]
    approve: dict[str, Any] = {"path": f"/admin/payouts/{payout['id']}/approve/"}
    assert (await office.post(**approve, expect=428))["code"] == "confirmation_required"
    approved = await office.post(**approve, expect=200, headers={"X-Confirm-Action": "true"})
    assert (approved["id"], approved["amount"], approved["status"]) == (payout["id"], usd(10000), "processing")
    await money_arrives(world, practitioner, account, payout["id"], approved["stripe_transfer_id"])
    await practitioner.earns(available=0, in_payout=0, paid=10000, debt=0)
    assert (await practitioner.earning_of(booking["id"]))["status"] == "paid"
    world.step("approved; transferred and paid to the bank at Stripe's side; paid here")


async def money_arrives(
    world: World, practitioner: Practitioner, account: str, payout_id: str, transfer_id: str
) -> None:
    async def look() -> None:
        payout = await practitioner.get(f"/practitioner/payouts/{payout_id}/", expect=200)
        assert payout["status"] == "paid", payout.body

    await eventually(look, 6)
    transfers = (await world.stripe("GET", "/transfers?limit=100"))["data"]
    ours = [transfer for transfer in transfers if transfer["destination"] == account]
    assert [(t["id"], t["amount"], t["currency"]) for t in ours] == [(transfer_id, 10000, "usd")], ours
    payouts = (await world.stripe("GET", "/payouts", account=account))["data"]
    assert [(p["amount"], p["status"]) for p in payouts] == [(10000, "paid")], payouts
    listed = await practitioner.get("/practitioner/payouts/", expect=200)
    assert [row["id"] for row in listed["results"]] == [payout_id]
