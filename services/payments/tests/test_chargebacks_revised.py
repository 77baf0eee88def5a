"""Disputes that a bank decides anew, also a second time: the money follows each time."""

import pytest

from devtools.testing.delivery import events_of
from services.payments.tests.disputes import Disputes
from services.payments.tests.faults import Connection
from services.payments.tests.scenes import Market, Sale
from services.payments.tests.test_invariants import broken
from shared.events.payments import ChargebackLost


class TestRevised:
    async def decided(self, connection: Connection, disputes: Disputes, sale: Sale, how: str) -> None:
        faults, away = connection
        disputes.market.app.state.runtime = away
        dispute_id = await disputes.id_of(sale)
        seen = (await disputes.market.stripe_api.get(f"/disputes/{dispute_id}")).json()
        faults.method, faults.path, faults.answer = "GET", dispute_id, (200, seen | {"status": how})
        await disputes.heard(sale, "charge.dispute.updated")

    @pytest.mark.parametrize("decisions", [["lost", "won", "lost", "won"], ["won", "lost", "won", "lost"]])
    async def test_the_money_follows(
        self, market: Market, disputes: Disputes, connection: Connection, decisions: list[str]
    ) -> None:
        sale = await disputes.earned()
        await disputes.heard(sale)
        for how in decisions:
            await self.decided(connection, disputes, sale, how)
            assert await market.summary() == {"available" if how == "won" else "held": 8000}
            assert await broken(market) == {}
        published = [event for event in await events_of(market.runtime) if isinstance(event, ChargebackLost)]
        assert len(published) == decisions.count("lost")

    async def test_a_waiting_refund_is_made(self, market: Market, disputes: Disputes, connection: Connection) -> None:
        sale = await disputes.sale()
        await disputes.heard(sale)
        await market.refunded(sale, cancels=True)
        await self.decided(connection, disputes, sale, "lost")
        await disputes.ends(sale, "won")
        connection[0].answer = None
        await disputes.heard(sale, "charge.dispute.funds_reinstated")
        assert await disputes.refunds(sale) == [("succeeded", 10_000)]
