"""Somebody deletes a customer at Stripe, in its dashboard: their cards are gone, and nothing else is."""

from services.payments.tests.conftest import OpenOrder
from services.payments.tests.subscribers import Subscriber
from services.payments.tests.vaults import Wallet
from services.payments.vault.customers import sync_customer


async def deleted(wallet: Wallet) -> str:
    """Which customer it was."""
    gone = await wallet.customer_id()
    assert (await wallet.stripe_api.delete(f"/customers/{gone}")).status_code == 200
    return gone


class TestWebhook:
    async def test_the_cards_are_gone_and_others_can_be_saved(self, wallet: Wallet) -> None:
        await wallet.save()
        gone = await deleted(wallet)
        for _ in range(2):
            await sync_customer(wallet.runtime, gone)
        assert await wallet.cards() == []
        saved = await wallet.save("pm_card_mastercard")
        assert (saved["last4"], saved["is_default"]) == ("4444", True)
        assert await wallet.customer_id() not in (gone, "None")
        await sync_customer(wallet.runtime, gone)
        assert len(await wallet.cards()) == len(await wallet.at_stripe()) == 1

    async def test_one_that_is_there_stays(self, wallet: Wallet) -> None:
        await wallet.save()
        await sync_customer(wallet.runtime, await wallet.customer_id())
        assert len(await wallet.cards()) == 1


class TestBeforeIt:
    async def test_a_card_is_saved_to_another_customer(self, wallet: Wallet) -> None:
        await wallet.save()
        gone = await deleted(wallet)
        await wallet.save("pm_card_mastercard")
        assert [card["last4"] for card in await wallet.cards()] == ["4444"]
        assert await wallet.customer_id() != gone

    async def test_an_order_is_paid_and_its_card_saved(self, wallet: Wallet, open_order: OpenOrder) -> None:
        await wallet.save()
        await deleted(wallet)
        order = await open_order(9_999)
        answer = await wallet.confirm(order["order_id"], payment_method="pm_card_mastercard", save=True)
        assert answer.json()["status"] == "succeeded", answer.text
        assert [card["last4"] for card in await wallet.cards()] == ["4444"]

    async def test_a_saved_card_that_went_with_it_is_declined(self, wallet: Wallet, open_order: OpenOrder) -> None:
        card, order = await wallet.save(), await open_order(9_999)
        await deleted(wallet)
        answer = await wallet.confirm(order["order_id"], payment_method_id=card["id"])
        assert (answer.status_code, answer.json()["status"]) == (200, "failed"), answer.text
        again = await wallet.confirm(order["order_id"], payment_method="pm_card_visa")
        assert again.json()["status"] == "succeeded", again.text

    async def test_a_renewal_is_overdue_and_another_card_rescues_it(self, subscriber: Subscriber) -> None:
        made = await subscriber.active()
        await deleted(subscriber.wallet)
        await subscriber.at(made["current_period_end"])
        shown = await subscriber.show(made["id"])
        assert (shown["status"], shown["payment"]["status"]) == ("past_due", "requires_payment_method")
        await subscriber.wallet.save("pm_card_mastercard")
        await subscriber.work()
        assert (await subscriber.show(made["id"]))["status"] == "active"
