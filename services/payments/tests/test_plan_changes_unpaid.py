"""Changes of plan whose difference is not paid at once, late, or for nothing."""

from datetime import timedelta
from uuid import UUID

import pytest

from services.payments.billing.jobs import advance_subscriptions, refund_late_bills
from services.payments.orders.domain import OrderStatus
from services.payments.orders.repository import Orders
from services.payments.orders.service import sync_intent
from services.payments.orders.settlement import move
from services.payments.runtime import PaymentsRuntime
from services.payments.tests.faults import LOST, SERVER_ERROR, Answer, Faults
from services.payments.tests.subscribers import Subscriber, moment, terms, usd

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class TestUnpaid:
    async def test_it_waits_for_its_payment(self, subscriber: Subscriber) -> None:
        changed = await subscriber.pending()
        bill, now = changed["payment"], subscriber.wallet.clock.now()
        assert (bill["amount_due"], bill["status"]) == (usd(2500), "requires_payment_method")
        assert moment(bill["expires_at"]) == now + DAY
        assert moment(changed["pending_change"]["at"]) == now
        await subscriber.later(hours=23)
        assert await subscriber.pay(bill) == "succeeded"
        assert terms(await subscriber.show(changed["id"])) == ("premium", "month", 7900, None)

    async def test_unpaid_after_a_day_it_never_is(self, subscriber: Subscriber) -> None:
        changed = await subscriber.pending()
        await subscriber.later(days=1)
        shown = await subscriber.show(changed["id"])
        assert (terms(shown), shown["payment"]) == (("entry", "month", 2900, None), None)
        answer = await subscriber.wallet.confirm(changed["payment"]["order_id"], payment_method="pm_card_visa")
        assert answer.json()["code"] == "order_closed"
        assert await subscriber.published() == ["Activated"]

    async def test_unpaid_at_the_period_s_end_it_never_is(self, subscriber: Subscriber) -> None:
        made = await subscriber.active()
        await subscriber.make_plan("studio", 99_000)
        await subscriber.at(moment(made["current_period_end"]) - 2 * HOUR)
        await subscriber.wallet.run("update payments.payment_methods set is_default = false")
        changed = await subscriber.change_to(made["id"], "studio")
        assert changed["payment"]["expires_at"] == made["current_period_end"]
        await subscriber.wallet.run("update payments.payment_methods set is_default = true")
        subscriber.wallet.clock.set(moment(made["current_period_end"]))
        await advance_subscriptions(subscriber.wallet.runtime)
        await subscriber.work()
        assert terms(await subscriber.show(made["id"])) == ("entry", "month", 2900, None)
        assert await subscriber.paid() == [2900, 2900]

    async def test_a_year_that_is_paid_later_began_when_it_was_prorated(self, subscriber: Subscriber) -> None:
        changed = await subscriber.pending(interval="year")
        began = subscriber.wallet.clock.now()
        await subscriber.later(hours=20)
        await subscriber.pay(changed["payment"])
        assert moment((await subscriber.show(changed["id"]))["current_period_start"]) == began

    async def test_a_declined_card_leaves_it_to_another_one(self, subscriber: Subscriber) -> None:
        made = await subscriber.active()
        declined = await subscriber.wallet.save("pm_card_chargeCustomerFail")
        await subscriber.wallet.change("POST", f"{declined['id']}/default/")
        changed = await subscriber.change_to(made["id"], "premium")
        assert (changed["payment"]["status"], changed["payment"]["error"]["code"]) == ("failed", "card_declined")
        assert terms(changed)[0] == "entry"
        await subscriber.wallet.confirm(changed["payment"]["order_id"], payment_method="pm_card_visa", save=True)
        assert terms(await subscriber.show(made["id"])) == ("premium", "month", 7900, None)
        assert await subscriber.paid() == [2900, 5000]

    async def test_the_bank_asks_for_the_client(self, subscriber: Subscriber) -> None:
        made = await subscriber.active()
        asks = await subscriber.wallet.save("pm_card_authenticationRequired")
        await subscriber.wallet.change("POST", f"{asks['id']}/default/")
        changed = await subscriber.change_to(made["id"], "premium")
        assert (changed["payment"]["status"], terms(changed)[0]) == ("requires_action", "entry")
        await subscriber.wallet.authenticate(changed["payment"]["next_action_url"])
        [(intent,)] = await subscriber.wallet.sql(
            f"select intent_id from payments.orders where id = '{changed['payment']['order_id']}'"
        )
        for _ in range(2):
            await sync_intent(subscriber.wallet.runtime, intent)
        assert terms(await subscriber.show(made["id"])) == ("premium", "month", 7900, None)
        assert (await subscriber.published(), await subscriber.paid()) == (["Activated", "Changed"], [2900, 5000])

    async def test_a_second_change_replaces_it(self, subscriber: Subscriber) -> None:
        changed = await subscriber.pending()
        await subscriber.make_plan("studio", 9900)
        again = await subscriber.change_to(changed["id"], "studio")
        assert again["payment"]["amount_due"] == usd(3500)
        answer = await subscriber.wallet.confirm(changed["payment"]["order_id"], payment_method="pm_card_visa")
        assert answer.json()["code"] == "order_closed"
        await subscriber.pay(again["payment"])
        assert terms(await subscriber.show(changed["id"]))[0] == "studio"

    @pytest.mark.parametrize("then", ["studio", "reactivate", "cancel"])
    async def test_one_that_is_paid_in_the_same_moment_counts(self, subscriber: Subscriber, then: str) -> None:
        changed = await subscriber.pending()
        await subscriber.make_plan("studio", 9900)
        await subscriber.paid_at_stripe(changed)
        if then == "studio":
            again = await subscriber.change_to(changed["id"], "studio")
            assert (terms(again)[0], again["payment"]["amount_due"]) == ("premium", usd(1000))
        else:
            answer = await subscriber.change(changed["id"], then)
            assert answer.status_code == (409 if then == "reactivate" else 200), answer.text
        shown = await subscriber.show(changed["id"])
        assert (shown["plan"]["code"], shown["cancel_at"] is not None) == ("premium", then == "cancel")

    async def test_rule_05_what_comes_for_one_that_was_dropped_goes_back(self, subscriber: Subscriber) -> None:
        changed, wallet = await subscriber.pending(), subscriber.wallet
        async with wallet.runtime.db.transaction() as session:
            order = await Orders(session).get(UUID(changed["payment"]["order_id"]), lock=True)
            await move(session, order, OrderStatus.CANCELLED)
        await subscriber.change(changed["id"], "reactivate")
        intent = await subscriber.paid_at_stripe(changed)
        await sync_intent(wallet.runtime, intent)
        for _ in range(2):
            await refund_late_bills(wallet.runtime)
        refunds = (await wallet.stripe_api.get(f"/refunds?payment_intent={intent}")).json()["data"]
        assert [refund["amount"] for refund in refunds] == [2500]
        assert terms(await subscriber.show(changed["id"])) == ("entry", "month", 2900, None)

    @pytest.mark.parametrize("fault", [LOST, SERVER_ERROR], ids=["lost", "server-error"])
    async def test_stripe_answers_late(
        self, subscriber: Subscriber, connection: tuple[Faults, PaymentsRuntime], fault: Answer
    ) -> None:
        made, (faults, broken) = await subscriber.active(), connection
        subscriber.wallet.use(stripe=broken.stripe)
        faults.path, faults.answer, faults.takes_effect = "/confirm", fault, True
        answer = await subscriber.ask_to_change(made["id"], "premium", key="late")
        assert answer.status_code == 503, answer.text
        faults.answer = None
        await subscriber.wallet.run("update payments.idempotency set locked_until = now() - interval '1 second'")
        assert terms(await subscriber.change_to(made["id"], "premium", key="late"))[0] == "premium"
        assert await subscriber.paid() == [2900, 5000]
