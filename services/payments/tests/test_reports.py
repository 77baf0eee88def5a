"""What users of other shops and ledgers have reported about captures, refunds and disputes, tried here.

Each test names the report's repository and number.
"""

from typing import Any
from uuid import UUID

from services.payments.chargebacks.service import sync_dispute
from services.payments.tests.captures import ANNA, authorized, capture, capture_there, intent, status
from services.payments.tests.disputes import Disputes
from services.payments.tests.faults import Connection
from services.payments.tests.sales import confirmed, earnings, line, shown
from services.payments.tests.scenes import Market, Sale
from services.payments.tests.test_invariants import broken
from shared.records.ids import new_id

BEN = UUID(int=2)


async def sale_of(market: Market, order_id: str) -> Sale:
    """The order, as a sale."""
    order = await shown(market, UUID(order_id))
    return Sale(UUID(order_id), market.snapshot(new_id(), order | {"order_id": order_id}))


class TestCaptures:
    async def test_a_part_of_what_was_captured_at_stripe_is_refunded_as_that_part(self, market: Market) -> None:
        """woocommerce/woocommerce-gateway-stripe 738: the whole payment was."""
        order_id = await authorized(market)
        await capture_there(market, order_id, 10_000)
        await capture(market, order_id)
        assert await market.refunded(await sale_of(market, order_id), 1500) == (1500, 0)
        found = await market.stripe_api.get(
            "/refunds", params={"payment_intent": (await intent(market, order_id))["id"]}
        )
        assert [each["amount"] for each in found.json()["data"]] == [1500]

    async def test_a_refund_of_what_is_only_authorised_is_refused_and_it_can_be_captured(self, market: Market) -> None:
        """woocommerce/woocommerce-gateway-stripe 757: it released all, and the capture failed."""
        order_id = await authorized(market)
        answer = await market.refund(await sale_of(market, order_id), 1500)
        assert (answer.status_code, answer.json()["code"]) == (409, "nothing_to_refund")
        assert (await capture(market, order_id)).json()["status"] == "paid"
        assert await broken(market) == {}

    async def test_all_of_what_was_captured_in_part_goes_back_and_no_more(self, market: Market) -> None:
        """PrestaShopCorp/ps_checkout 1484, solidusio/solidus_stripe 221: what was authorised counted as refundable."""
        order_id = await authorized(market)
        await capture_there(market, order_id, 4000)
        await capture(market, order_id)
        sale = await sale_of(market, order_id)
        assert (await market.refund(sale, 4001)).json()["errors"][0]["field"] == "amount"
        assert await market.refunded(sale) == (4000, 0)
        assert (await market.refund(sale)).json()["code"] == "nothing_to_refund"
        assert await status(market, order_id) == "paid"
        assert await broken(market) == {}


class TestRefunds:
    async def test_a_cancellation_after_a_refund_gives_back_what_is_left_of_the_credits(
        self, market: Market, buy_credits: Any, balance: Any
    ) -> None:
        """solidusio/solidus 1603: cancelling credited the whole store credit again, and failed."""
        await buy_credits(10_000)
        sale = await market.sale(10_000, "max")
        await market.refunded(sale, 3000)
        assert await market.refunded(sale, 10_000, cancels=True) == (0, 7000)
        assert await balance() == (10_000, 0)
        assert await broken(market) == {}

    async def test_each_line_reverses_at_its_own_rate(self, market: Market) -> None:
        """productdevbook/tezgah 144: a refund reversed at the blended rate of the order."""
        for seller, rate in ((ANNA, "0.1000"), (BEN, "0.3000")):
            await market.owner_sql(f"insert into payments.commission_terms values ('{seller}', {rate}, now())")
        anna, ben = line(10_000, ANNA), line(10_000, BEN)
        sale = await confirmed(market, [anna, ben])
        named = [{"line_id": anna["id"], "amount": {"amount": 5000, "currency": "USD"}}]
        assert (await market.refund(sale, lines=named)).status_code == 200
        assert await earnings(market, anna) == [(4500, 500, "pending")]
        assert await earnings(market, ben) == [(7000, 3000, "pending")]

    async def test_lines_whose_shares_all_round_up_return_no_more_than_was_paid(self, market: Market) -> None:
        """woocommerce/woocommerce 64668, spree/spree 14467: each line was rounded by itself, and the sum too high."""
        lines = [line(100, ANNA), line(100, BEN), line(100)]
        sale = await confirmed(market, lines)
        for amount in (50, 100, 149):
            assert await market.refunded(sale, amount) == (amount, 0)
        assert await market.refunded(sale) == (1, 0)
        assert await broken(market) == {}


class TestDisputes:
    async def test_one_that_is_won_leaves_what_another_one_holds(
        self, market: Market, disputes: Disputes, connection: Connection
    ) -> None:
        """getlago/lago-api 6444: of two disputes of one charge the first that ended let refunds go again."""
        faults, away = connection
        sale = await disputes.earned()
        await disputes.heard(sale)
        first = await disputes.id_of(sale)
        seen = (await market.stripe_api.get(f"/disputes/{first}")).json()
        faults.method, faults.path, faults.answer = "GET", "du_second", (200, seen | {"id": "du_second"})
        await sync_dispute(away, "du_second")
        await disputes.ended(sale, "won")
        assert await market.summary() == {"held": 8000}
        assert (await market.refund(sale)).json()["code"] == "payment_disputed"
        assert (await shown(market, sale.order_id))["chargeback"] == "open"
        faults.answer = (200, seen | {"id": "du_second", "status": "won"})
        await sync_dispute(away, "du_second")
        assert await market.summary() == {"available": 8000}
        assert (await shown(market, sale.order_id))["chargeback"] == "won"
        assert await broken(market) == {}

    async def test_one_that_ended_before_its_payment_was_heard_of_is_the_last_word(
        self, market: Market, disputes: Disputes
    ) -> None:
        """woocommerce/woocommerce-gateway-stripe 1232: the later news of the payment undid the end of the dispute."""
        sale = await disputes.sale()
        await disputes.ends(sale, "won")
        await disputes.heard(sale, "charge.dispute.closed", "charge.dispute.created")
        assert (await shown(market, sale.order_id))["chargeback"] == "won"
        assert await market.summary() == {"pending": 8000}

    async def test_what_was_lost_and_then_won_can_be_refunded(
        self, market: Market, disputes: Disputes, connection: Connection
    ) -> None:
        """Automattic/woocommerce-payments 4931: the order counted as refunded for good."""
        faults, away = connection
        sale = await disputes.earned()
        await disputes.heard(sale)
        dispute_id = await disputes.id_of(sale)
        seen = (await market.stripe_api.get(f"/disputes/{dispute_id}")).json()
        faults.method, faults.path, faults.answer = "GET", dispute_id, (200, seen | {"status": "lost"})
        await sync_dispute(away, dispute_id)
        assert (await market.refund(sale)).json()["code"] == "payment_disputed"
        await disputes.ended(sale, "won")
        assert await market.refunded(sale, 1000) == (1000, 0)
        assert await market.summary() == {"available": 7200, "reversed": 800}
        assert await broken(market) == {}
