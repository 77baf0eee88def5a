"""Accounts and their roles: refused applications, sign-out, one payment under many hands."""

import asyncio

from tests.journey.people import OFFER_BASICS, join, set_scene, staff
from tests.journey.world import World, eventually, intent_id, usd


async def not_yet_approved(world: World) -> None:
    """Who was sent back or rejected has no role; a decision may follow later."""
    person, office = await join(world, "Noor"), await staff(world)
    body = {"display_name": "Noor", "bio": "Tea", "specializations": ["tea"], "timezone": "UTC"}
    applied = await person.post("/practitioners/apply/", body, expect=201)
    decide = f"/admin/practitioners/{applied['id']}/verification/"
    await person.post("/services/", {**OFFER_BASICS, "price": usd(100)}, expect=403)
    for decision in ("maybe", "", None):
        await office.post(decide, {"decision": decision}, expect=422)
    await office.post(decide, {"decision": "needs_changes", "note": "A longer text."}, expect=200)
    await person.sign_in_again()
    assert "practitioner" not in person.user["roles"]
    await world.call("GET", f"/practitioners/{applied['id']}/", expect=404)
    await office.post(decide, {"decision": "approve"}, expect=200)
    await person.gets_role("practitioner")
    await world.call("GET", f"/practitioners/{applied['id']}/", expect=200)
    await office.post("/admin/practitioners/not-a-uuid/verification/", {"decision": "approve"}, expect=404)
    world.step("sent back, then approved; the role follows the decision")


async def sign_out(world: World) -> None:
    """Signing out ends the session: its refresh token at once, its access token everywhere within two seconds."""
    person = await join(world)
    await person.post("/auth/logout/", {"refresh_token": person.refresh_token}, expect=(200, 204, 422))

    async def look() -> None:
        await world.call("POST", "/auth/token/refresh/", {"refresh_token": person.refresh_token}, expect=401)
        await person.get("/credits/balance/", expect=401)

    await eventually(look)
    world.step("signed out everywhere")


async def many_hands_pay(world: World) -> None:
    """Ten confirmations of one order at once charge one card once."""
    scene = await set_scene(world)
    booking = await scene.client.book(scene.service, scene.starts[0])
    body = {"order_id": booking["payment"]["order_id"], "payment_method": "pm_card_visa"}
    answers = await asyncio.gather(*(scene.client.post("/payments/confirm/", body, expect=None) for _ in range(10)))
    assert {answer.status for answer in answers} <= {200, 409}, [answer.body for answer in answers]
    assert "succeeded" in {answer.body.get("status") for answer in answers}
    await scene.client.sees(booking["id"], "confirmed")
    charges = (await world.stripe("GET", f"/charges?payment_intent={intent_id(booking['payment'])}"))["data"]
    assert [charge["amount"] for charge in charges if charge["status"] == "succeeded"] == [12500], charges
    await eventually(lambda: scene.practitioner.earning_of(booking["id"]))
    world.step("ten hands on one order: one charge, one earning")


async def many_hands_cancel(world: World) -> None:
    """Ten cancellations at once give the money back once."""
    scene = await set_scene(world, credits=5000)
    booking = await scene.client.buys(scene.service, scene.starts[0], credits="max")
    path = f"/bookings/{booking['id']}/cancel/"
    sides = [scene.client, scene.practitioner] * 5
    answers = await asyncio.gather(*(who.post(path, {}, expect=None) for who in sides))
    assert {answer.status for answer in answers} <= {200, 409}, [answer.body for answer in answers]
    full = {"card": usd(7500), "credits": usd(5000)}
    assert [a["refund"] for a in answers if a.status == 200][:1] == [full], [a.body for a in answers]

    async def look() -> None:
        assert [row["amount"] for row in await world.refunds_at_stripe(booking["payment"])] == [7500]
        await scene.client.has_credits(5000)

    await eventually(look, 6)
    await scene.practitioner.earns(pending=0, available=0, debt=0)
    world.step("ten hands cancelled: $75.00 and $50.00 of credits went back once")
