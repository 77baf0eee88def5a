"""How often cards that their owners save or choose are tried for what is overdue."""

from services.payments.billing.progress import MOST_TRIES
from services.payments.tests.subscribers import Subscriber
from services.payments.tests.test_dunning import attempts, overdue


class TestOffers:
    async def test_the_default_card_chosen_again_and_again_is_tried_once(self, subscriber: Subscriber) -> None:
        await overdue(subscriber)
        [(method_id,)] = await subscriber.wallet.sql("select id from payments.payment_methods")
        tried = await attempts(subscriber)
        for _ in range(3):
            assert (await subscriber.wallet.change("POST", f"{method_id}/default/")).status_code == 200
        await subscriber.work()
        assert await attempts(subscriber) == tried + 1

    async def test_of_one_card_one_offer_waits_and_of_all_a_bill_is_tried_so_often(
        self, subscriber: Subscriber
    ) -> None:
        await overdue(subscriber)
        for _ in range(3):
            await subscriber.wallet.save("pm_card_chargeCustomerFail")
        assert await subscriber.wallet.sql("select count(*) from payments.card_offers") == [(1,)]
        for _ in range(MOST_TRIES):
            await subscriber.work()
            await subscriber.wallet.save("pm_card_chargeCustomerFail")
        await subscriber.work()
        tried = await subscriber.wallet.sql("select max(attempts) from payments.orders")
        assert tried == [(MOST_TRIES,)]
