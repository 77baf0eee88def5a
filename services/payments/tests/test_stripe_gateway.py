"""The gateway to Stripe, and what it makes of Stripe's failures."""

import asyncio
import socket

import pytest

from services.payments.settings import PaymentsSettings
from services.payments.stripe.domain import IntentStatus
from services.payments.stripe.errors import BadPaymentMethod, StripeRefused, StripeUnavailable
from services.payments.stripe.gateway import StripeGateway
from shared.records.ids import new_id
from shared.records.money import Money
from shared.settings import SettingsError

PRICE = Money(4_200, "USD")


@pytest.fixture
async def gateway(stripe_base):
    made = StripeGateway("sk_test_estuary", api_base=stripe_base, return_url="http://localhost:3000/")
    yield made
    await made.close()


class TestIntents:
    async def test_rule_08_the_same_order_gets_the_same_intent(self, gateway):
        order_id = new_id()
        first = await gateway.create_intent(order_id, PRICE, "Yoga")
        assert await gateway.create_intent(order_id, PRICE, "Yoga") == first
        assert (first.order_id, first.status) == (order_id, IntentStatus.REQUIRES_PAYMENT_METHOD)

    async def test_rule_08_the_same_attempt_is_one_attempt(self, gateway):
        intent = await gateway.create_intent(new_id(), PRICE, "Yoga")
        attempt = new_id()
        first = await gateway.confirm(intent.id, "pm_card_chargeDeclined", attempt)
        again = await gateway.confirm(intent.id, "pm_card_chargeDeclined", attempt)
        assert first.failure is not None
        assert again.failure == first.failure
        other = await gateway.confirm(intent.id, "pm_card_chargeDeclined", new_id())
        assert other.failure != first.failure

    async def test_confirming_what_has_succeeded_answers_so(self, gateway):
        intent = await gateway.create_intent(new_id(), PRICE, "Yoga")
        assert (await gateway.confirm(intent.id, "pm_card_visa", new_id())).received == 4_200
        assert (await gateway.confirm(intent.id, "pm_card_visa", new_id())).status is IntentStatus.SUCCEEDED

    async def test_cancelling_what_has_succeeded_answers_so(self, gateway):
        order_id = new_id()
        intent = await gateway.create_intent(order_id, PRICE, "Yoga")
        await gateway.confirm(intent.id, "pm_card_visa", new_id())
        assert (await gateway.cancel_intent(intent.id, order_id, 1)).status is IntentStatus.SUCCEEDED

    async def test_cancelling_twice_is_cancelled(self, gateway):
        order_id = new_id()
        intent = await gateway.create_intent(order_id, PRICE, "Yoga")
        for number in (1, 2):
            assert (await gateway.cancel_intent(intent.id, order_id, number)).status is IntentStatus.CANCELED

    async def test_an_unknown_payment_method_is_the_clients_mistake(self, gateway):
        intent = await gateway.create_intent(new_id(), PRICE, "Yoga")
        with pytest.raises(BadPaymentMethod):
            await gateway.confirm(intent.id, "pm_nothing_like_it", new_id())


class TestLists:
    async def test_every_page_of_an_intents_refunds_is_read(self, gateway):
        intent = await gateway.create_intent(new_id(), PRICE, "Yoga")
        await gateway.confirm(intent.id, "pm_card_visa", new_id())
        ours = new_id()
        await gateway.refund(intent.id, 1, ours)
        for _ in range(100):
            await gateway.refund(intent.id, 1, new_id())
        assert len({refund.id for refund in await gateway.list_refunds(intent.id)}) == 101
        assert (await gateway.find_refund(intent.id, ours)).refund_id == str(ours)


class TestFailures:
    async def test_a_refusal_carries_stripes_code(self, gateway):
        with pytest.raises(StripeRefused) as refused:
            await gateway.retrieve_intent("pi_absent")
        assert refused.value.reason == "resource_missing"

    async def test_a_wrong_key_is_an_outage(self, stripe_base):
        gateway = StripeGateway("sk_test_wrong", api_base=stripe_base)
        with pytest.raises(StripeUnavailable):
            await gateway.retrieve_intent("pi_1")
        await gateway.close()

    async def test_no_answer_is_an_unknown_outcome(self):
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            address = f"http://127.0.0.1:{closed.getsockname()[1]}"
        gateway = StripeGateway("sk_test_estuary", api_base=address)
        with pytest.raises(StripeUnavailable):
            await gateway.retrieve_intent("pi_1")
        await gateway.close()

    async def test_an_answer_that_breaks_off_is_an_unknown_outcome(self):
        async def break_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
            writer.close()

        async with await asyncio.start_server(break_off, "127.0.0.1", 0) as server:
            gateway = StripeGateway(
                "sk_test_estuary", api_base=f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            )
            with pytest.raises(StripeUnavailable):
                await gateway.retrieve_intent("pi_1")
            await gateway.close()

    async def test_stripe_is_never_called_inside_a_transaction(self, gateway, runtime):
        async with runtime.db.transaction():
            with pytest.raises(RuntimeError, match="inside a transaction"):
                await gateway.retrieve_intent("pi_1")


class TestSettings:
    def test_a_real_key_needs_its_webhook_secret(self):
        with pytest.raises(SettingsError, match="STRIPE_WEBHOOK_SECRET"):
            PaymentsSettings.of({"STRIPE_SECRET_KEY": "sk_live_1"})
        settings = PaymentsSettings.of({"STRIPE_SECRET_KEY": "sk_live_1", "STRIPE_WEBHOOK_SECRET": "whsec_1,whsec_2"})
        assert settings.webhook_secrets == ["whsec_1", "whsec_2"]
