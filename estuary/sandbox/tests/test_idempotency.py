"""Stripe's idempotency keys."""

import asyncio

import aiohttp
import pytest
import stripe
from sqlalchemy import text

PARAMS = {"amount": 5000, "currency": "usd"}


class TestKeys:
    async def test_the_same_key_gets_the_same_answer(self, sandbox):
        options = {"idempotency_key": "order:1"}
        first = await sandbox.v1.payment_intents.create_async(PARAMS, options)
        again = await sandbox.v1.payment_intents.create_async(PARAMS, options)
        assert first.id == again.id
        assert "idempotent-replayed" not in first.last_response.headers
        assert again.last_response.headers["idempotent-replayed"] == "true"
        assert len((await sandbox.v1.payment_intents.list_async()).data) == 1

    async def test_other_parameters_are_refused(self, sandbox):
        options = {"idempotency_key": "order:1"}
        made = await sandbox.v1.payment_intents.create_async(PARAMS, options)
        with pytest.raises(stripe.IdempotencyError):
            await sandbox.v1.payment_intents.create_async({**PARAMS, "amount": 6000}, options)
        with pytest.raises(stripe.IdempotencyError):
            await sandbox.v1.payment_intents.cancel_async(made.id, {}, options)

    async def test_a_decline_is_an_answer_too(self, sandbox):
        made = await sandbox.v1.payment_intents.create_async(PARAMS)
        for _ in range(2):
            with pytest.raises(stripe.CardError):
                await sandbox.v1.payment_intents.confirm_async(
                    made.id, {"payment_method": "pm_card_chargeDeclined"}, {"idempotency_key": "attempt:1"}
                )
        assert len((await sandbox.v1.charges.list_async({"payment_intent": made.id})).data) == 1

    async def test_a_refusal_is_not_stored(self, sandbox):
        options = {"idempotency_key": "order:2"}
        with pytest.raises(stripe.InvalidRequestError):
            await sandbox.v1.payment_intents.create_async({**PARAMS, "amount": 1}, options)
        assert (await sandbox.v1.payment_intents.create_async(PARAMS, options)).status == "requires_payment_method"

    @pytest.mark.parametrize(("age", "forgotten"), [("23:59:00", False), ("24:00:00", True)])
    async def test_a_key_is_forgotten_after_a_day(self, sandbox, age, forgotten):
        options = {"idempotency_key": "order:4"}
        first = await sandbox.v1.payment_intents.create_async(PARAMS, options)
        async with sandbox.runtime.db.transaction() as session:
            await session.execute(text(f"update answers set created_at = created_at - interval '{age}'"))
        again = await sandbox.v1.payment_intents.create_async(PARAMS, options)
        assert (again.id != first.id) is forgotten
        assert (await sandbox.v1.payment_intents.create_async(PARAMS, options)).id == again.id

    async def test_twins_make_one_object(self, sandbox):
        options = {"idempotency_key": "order:3"}
        tries = [sandbox.v1.payment_intents.create_async(PARAMS, options) for _ in range(8)]
        done = await asyncio.gather(*tries, return_exceptions=True)
        assert len({made.id for made in done if not isinstance(made, BaseException)}) == 1
        assert len((await sandbox.v1.payment_intents.list_async()).data) == 1


class TestHttp:
    async def test_errors_have_stripes_form_and_a_request_id(self, sandbox):
        base, secret = f"{sandbox.address}/sandbox/stripe/v1", {"Authorization": "Bearer sk_test_estuary"}
        basic = {"Authorization": aiohttp.encode_basic_auth("sk_test_estuary", "")}
        async with aiohttp.ClientSession() as client:
            async with client.get(f"{base}/charges/ch_none", headers=basic) as answer:
                assert answer.status == 404
                assert (await answer.json())["error"]["type"] == "invalid_request_error"
                assert answer.headers["request-id"].startswith("req_")
            async with client.get(f"{base}/balance") as answer:
                assert answer.status == 401
            for path in (
                "nonsense",
                "charges/%00",
                "payment_intents?limit=0",
                "payment_intents?starting_after=pi_none",
            ):
                async with client.get(f"{base}/{path}", headers=secret) as answer:
                    assert answer.status in (400, 404)
                    assert "error" in await answer.json()
            async with client.get(f"{base}/payment_intents/", headers=secret) as answer:
                assert (await answer.json())["object"] == "list"
