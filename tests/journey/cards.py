"""Cards: saved, booked with, replaced by their bank, and removed."""

from tests.journey.people import Person, set_scene
from tests.journey.world import Json, World, eventually

METHODS = "/payments/methods/"


async def saved_cards(world: World) -> None:
    """A card is saved after its bank has seen the client; another one that is declined waits for a third."""
    scene = await set_scene(world)
    client = scene.client
    first = (await client.post(METHODS, {"payment_method": "pm_card_visa"}, expect=201))["method"]
    assert (first["last4"], first["is_default"], first["status"]) == ("4242", True, "valid"), first
    setup = await client.post(METHODS, {"payment_method": "pm_card_authenticationRequiredOnSetup"}, expect=201)
    assert (setup["status"], setup["method"]) == ("requires_action", None), setup.body
    await world.visit(setup["next_action_url"])
    second = await _card(client, "3155")
    world.step("two cards are saved, one of them after its bank's page")
    booking = await client.book(scene.service, scene.starts[0], payment_method_id=second["id"])
    payment = booking["payment"]
    assert (booking["status"], payment["status"]) == ("pending_payment", "requires_action"), booking.body
    await world.visit(payment["next_action_url"])
    await client.sees(booking["id"], "confirmed")
    world.step("the saved card paid with the booking, once its bank had seen the client")
    bad = (await client.post(METHODS, {"payment_method": "pm_card_chargeCustomerFail"}, expect=201))["method"]
    waiting = await client.book(scene.service, scene.starts[1], payment_method_id=bad["id"])
    payment = waiting["payment"]
    assert (waiting["status"], payment["status"]) == ("pending_payment", "failed"), waiting.body
    assert payment["error"]["decline_code"] == "generic_decline", payment
    body = {"order_id": payment["order_id"], "payment_method": "pm_card_mastercard", "save": True}
    assert (await client.post("/payments/confirm/", body, expect=200))["status"] == "succeeded"
    await client.sees(waiting["id"], "confirmed")
    await _card(client, "4444")
    world.step("a declined one waited for another, which was saved with its payment")
    await world.call("DELETE", f"{METHODS}{bad['id']}/", token=client.token, expect=204)
    assert {card["last4"] for card in await _cards(client)} == {"4242", "3155", "4444"}


async def _cards(client: Person) -> list[Json]:
    found: list[Json] = (await client.get(METHODS))["results"]
    return found


async def _card(client: Person, last4: str) -> Json:
    """The saved card that ends so, which is listed within two seconds."""

    async def look() -> Json:
        found: dict[str, Json] = {card["last4"]: card for card in await _cards(client)}
        assert last4 in found, found
        return found[last4]

    return await eventually(look)
