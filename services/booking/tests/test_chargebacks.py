"""Bookings whose payment a client's bank disputes."""

from uuid import UUID

import pytest

from devtools.testing.delivery import deliver_twice
from services.booking.tests.world import World
from shared.events.payments import ChargebackEnded, ChargebackOpened


@pytest.mark.parametrize("outcome", ["won", "lost", None])
async def test_show_how_it_stands_and_stay_as_they_are(world: World, outcome: str | None) -> None:
    await world.open_shop()
    booking = await world.confirmed()
    about = {
        "order_id": UUID(booking["order_id"]),
        "booking_id": UUID(booking["id"]),
        "client_id": world.client_id,
        "kind": "booking",
        "subject_id": None,
    }
    before = (await world.get(f"/bookings/{booking['id']}/")).json()
    assert (before["status"], before["chargeback"]) == ("confirmed", None)
    await deliver_twice(world.app, ChargebackOpened(**about))
    assert (await world.get(f"/bookings/{booking['id']}/")).json() == before | {"chargeback": "open"}
    await deliver_twice(world.app, ChargebackEnded(**about, outcome=outcome))
    assert (await world.get(f"/bookings/{booking['id']}/")).json() == before | {"chargeback": outcome}
