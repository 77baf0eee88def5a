"""Money that goes back by the hand of staff, also after it was paid out."""

import asyncio

from tests.journey.people import Person, Practitioner, Scene, finish, set_scene, staff
from tests.journey.world import Answer, Json, World, eventually, usd

SURE = {"X-Confirm-Action": "true"}


async def refund_in_parts(world: World) -> None:
    """Parts are split in the tenders' ratio, reverse commission in proportion, and end at zero."""
    scene = await set_scene(world, credits=5000)
    booking = await scene.client.buys(scene.service, scene.starts[0], credits="max")
    office = await staff(world)
    path = f"/admin/bookings/{booking['id']}/refund/"
    await scene.client.post(path, {"reason": "x"}, expect=403, headers=SURE)
    due_for_reconciliation = await office.post(path, {"amount": usd(2500), "reason": "x"}, expect=428)
    assert due_for_reconciliation["code"] == "confirmation_required"
    first = await refund(office, booking, "A part.", amount=usd(2500))
    assert first["refund"] == {"card": usd(1500), "credits": usd(1000)}, first.body
    await scene.practitioner.earns(pending=8000)
    world.step("refunded a fifth: $15.00 to the card, $10.00 of credits, the earning shrank in proportion")

    keyless = await office.post(path, {"reason": "x"}, expect=428, headers=SURE)
    assert keyless["code"] == "idempotency_key_required"
    wish = {"amount": usd(10001), "reason": "x"}
    too_much = await office.post(path, wish, expect=(409, 422), headers=SURE, key=world.unique("refund"))
    assert too_much.status in (409, 422)
    key = world.unique("refund")
    rest = await refund(office, booking, "The rest.", key=key)
    assert rest["refund"] == {"card": usd(6000), "credits": usd(4000)}, rest.body
    replayed = await refund(office, booking, "The rest.", key=key)
    assert replayed.body == rest.body
    assert replayed.headers["Idempotent-Replayed"] == "true"
    nothing = await office.post(path, {"reason": "Again."}, expect=409, headers=SURE, key=world.unique("refund"))
    assert nothing["code"] == "nothing_to_refund"
    await scene.practitioner.earns(pending=0, available=0, debt=0)
    await scene.client.has_credits(5000)

    async def look() -> None:
        amounts = [row["amount"] for row in await world.refunds_at_stripe(booking["payment"])]
        assert sorted(amounts) == [1500, 6000], amounts

    await eventually(look, 6)
    world.step("refunded the rest; nothing is left to refund; Stripe agrees")


async def refund_after_payout(world: World) -> None:
    """What was paid out becomes debt, and the next earning repays it."""
    scene = await set_scene(world)
    booking = await scene.client.buys(scene.service, scene.starts[0])
    await finish(world, scene, booking)
    await paid_out(world, scene.practitioner, 10000)
    office = await staff(world)
    back = await refund(office, booking, "Complaint.")
    assert back["refund"] == {"card": usd(12500), "credits": usd(0)}, back.body
    await scene.practitioner.earns(6, debt=10000, available=0, in_payout=0)
    refused = await scene.practitioner.post("/practitioner/payouts/request/", expect=422, key="debt")
    assert refused.status == 422
    world.step("refunded after the payout: $100.00 of debt")

    dearer = await scene.practitioner.offers(price=20000)
    starts = await scene.practitioner.starts(dearer, await world.day(3))
    second = await scene.client.buys(dearer, starts[0])
    await finish(world, scene, second)
    await scene.practitioner.earns(6, debt=0, available=6000, pending=0)
    await paid_out(world, scene.practitioner, 6000)
    world.step("the next $160.00 repaid it: $60.00 available, and paid out")


async def payout_rejected(world: World) -> None:
    """A rejected payout returns its amount; a part of what is available can be asked for."""
    scene = await set_scene(world)
    booking = await scene.client.buys(scene.service, scene.starts[0])
    await finish(world, scene, booking)
    await scene.practitioner.onboards()
    await scene.practitioner.earns(6, available=10000)
    wish = {"amount": usd(6000)}
    payout = await scene.practitioner.post("/practitioner/payouts/request/", wish, expect=201, key="part")
    await scene.practitioner.earns(available=4000, in_payout=6000)
    office = await staff(world)
    path = f"/admin/payouts/{payout['id']}/"
    await office.post(f"{path}reject/", {}, expect=428)
    rejected = await office.post(f"{path}reject/", {}, expect=200, headers=SURE)
    assert rejected["status"] == "rejected"
    await scene.practitioner.earns(available=10000, in_payout=0)
    await office.post(f"{path}approve/", {}, expect=409, headers=SURE)
    stranger = await set_scene(world)
    await stranger.practitioner.get(f"/practitioner/payouts/{payout['id']}/", expect=404)
    world.step("a payout of a part was rejected and its amount came back")


async def refunds_at_once(world: World) -> None:
    """Five refunds of everything at the same moment give the money back once."""
    scene: Scene = await set_scene(world)
    booking = await scene.client.buys(scene.service, scene.starts[0])
    office = await staff(world)
    path = f"/admin/bookings/{booking['id']}/refund/"
    body = {"reason": "All at once."}
    keys = [world.unique("refund") for _ in range(5)]
    answers = await asyncio.gather(*(office.post(path, body, expect=None, headers=SURE, key=key) for key in keys))
    assert sorted(answer.status for answer in answers) == [200, 409, 409, 409, 409], [a.body for a in answers]

    async def look() -> None:
        amounts = [row["amount"] for row in await world.refunds_at_stripe(booking["payment"])]
        assert amounts == [12500], amounts

    await eventually(look, 6)
    world.step("five refunds at once gave $125.00 back once")


async def refund(office: Person, booking: Json, reason: str, key: str | None = None, **more: Json) -> Answer:
    path = f"/admin/bookings/{booking['id']}/refund/"
    return await office.post(
        path, {"reason": reason, **more}, expect=200, headers=SURE, key=key or office.world.unique("refund")
    )


async def paid_out(world: World, practitioner: Practitioner, amount: int) -> None:
    """Everything available, which must be `amount` cents, requested, approved and paid."""
    await practitioner.onboards()
    await practitioner.earns(6, available=amount)
    payout = await practitioner.post("/practitioner/payouts/request/", expect=201, key=world.unique("payout"))
    assert payout["amount"] == usd(amount)
    office = await staff(world)
    await office.post(f"/admin/payouts/{payout['id']}/approve/", expect=200, headers=SURE)

    async def look() -> None:
        assert (await practitioner.get(f"/practitioner/payouts/{payout['id']}/"))["status"] == "paid"

    await eventually(look, 6)
