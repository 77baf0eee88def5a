"""What the process may die in while it charges a fee."""

from datetime import timedelta
from uuid import UUID

from devtools.testing.callers import headers_for
from devtools.testing.delivery import run_jobs
from services.booking.fees.service import fee_id_of
from services.booking.peers import order_id_of
from services.booking.tests.doubles import usd
from services.booking.tests.stories import Story
from shared.internal.payments import CardPayment
from shared.records.ids import derived_id, new_id
from shared.records.money import Money


class ChargeFee(Story):
    """A free seat was cancelled too late, and a day later its fee is charged."""

    async def prepare(self) -> None:
        card, start = new_id(), (self.world.clock.now() + timedelta(days=3)).replace(hour=10)
        self.world.payments.cards[card] = CardPayment(status="succeeded")
        service = derived_id(self.world.service_id, "free")
        self.world.snapshot(service, price=Money(0, "USD"), late_cancel_fee_amount=700)
        wanted = {"service_id": str(service), "payment_method_id": str(card)}
        self.booking = await self.world.book(start, self.client, **wanted)
        self.world.clock.set(start - timedelta(hours=1))
        await self.post(f"/bookings/{self.booking['id']}/cancel/")
        self.world.clock.set(start + timedelta(hours=23))

    async def act(self) -> None:
        await run_jobs(self.world.app)

    async def check(self) -> None:
        shown = (await self.world.get(f"/bookings/{self.booking['id']}/", headers_for(self.client_id))).json()
        assert shown["fee"] == {"amount": usd(700), "status": "paid"}
        order = self.world.payments.orders[str(order_id_of(fee_id_of(UUID(self.booking["id"]))))]
        assert (order.status, order.total, order.refunded) == ("paid", 700, 0)
