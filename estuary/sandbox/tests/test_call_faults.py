"""Calls that fail because staff asked for it: what the SDK meets with, what takes effect, and what is counted."""

from contextlib import AsyncExitStack

import pytest
import stripe

from devtools.testing.callers import headers_for

FAULTS = "/api/v1/sandbox/stripe/faults/"
PARAMS = {"amount": 5000, "currency": "usd"}


@pytest.fixture
def fail(sandbox, client_for):
    """`await fail(error="refused", calls=[...])`: sets the fault."""

    async def put(**body):
        answer = await client_for(sandbox.app).post(FAULTS, json=body, headers=headers_for(roles=("user", "staff")))
        assert answer.status_code == 200, answer.text

    return put


async def intents(sandbox):
    return (await sandbox.v1.payment_intents.list_async()).data


class TestSetFaults:
    async def test_only_staff_may_set_them(self, sandbox, client_for):
        client = client_for(sandbox.app)
        assert (await client.post(FAULTS, json={"error": "refused"})).status_code == 401
        assert (await client.post(FAULTS, json={"error": "refused"}, headers=headers_for())).status_code == 403

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"error": "other"},
            {"error": "refused", "calls": ["refunds.destroy"]},
            {"error": "refused", "calls": []},
            {"error": "refused", "times": -1},
            {"error": "refused", "times": "2"},
        ],
    )
    async def test_nonsense_is_refused(self, sandbox, client_for, body):
        answer = await client_for(sandbox.app).post(FAULTS, json=body, headers=headers_for(roles=("user", "staff")))
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


class TestCalls:
    @pytest.mark.parametrize(
        ("error", "raised"),
        [
            ("refused", stripe.InvalidRequestError),
            ("rate_limited", stripe.RateLimitError),
            ("server_error", stripe.APIError),
            ("idempotency_error", stripe.IdempotencyError),
        ],
    )
    async def test_a_failure_has_stripes_form_and_no_effect(self, sandbox, fail, error, raised):
        await fail(error=error, calls=["payment_intents.create"])
        with pytest.raises(raised):
            await sandbox.v1.payment_intents.create_async(PARAMS, {"max_network_retries": 0})
        assert await intents(sandbox) == []
        assert (await sandbox.v1.payment_intents.create_async(PARAMS)).amount == 5000

    async def test_after_a_timeout_the_effect_is_there(self, sandbox, fail):
        await fail(error="timeout_after_effect", calls=["payment_intents.create"])
        options = {"idempotency_key": "order:1", "max_network_retries": 0}
        with pytest.raises(stripe.APIConnectionError):
            await sandbox.v1.payment_intents.create_async(PARAMS, options)
        (made,) = await intents(sandbox)
        again = await sandbox.v1.payment_intents.create_async(PARAMS, options)
        assert again.id == made.id

    async def test_the_sdks_own_repeats_count(self, sandbox, fail):
        await fail(error="timeout_after_effect", calls=["payment_intents.create"], times=2)
        options = {"idempotency_key": "order:1", "max_network_retries": 2}
        made = await sandbox.v1.payment_intents.create_async(PARAMS, options)
        assert [found.id for found in await intents(sandbox)] == [made.id]
        await fail(error="timeout_after_effect", times=3)
        with pytest.raises(stripe.APIConnectionError):
            await sandbox.v1.payment_intents.create_async(PARAMS, {"max_network_retries": 2})
        assert len(await intents(sandbox)) == 2

    async def test_a_server_error_stays_the_answer_of_its_key(self, sandbox, fail):
        await fail(error="server_error")
        options = {"idempotency_key": "order:1", "max_network_retries": 0}
        for _ in range(2):
            with pytest.raises(stripe.APIError):
                await sandbox.v1.payment_intents.create_async(PARAMS, options)
        other = await sandbox.v1.payment_intents.create_async(PARAMS, {"idempotency_key": "order:1:2"})
        assert [found.id for found in await intents(sandbox)] == [other.id]

    async def test_a_refusal_does_not_stay(self, sandbox, fail):
        await fail(error="refused")
        options = {"idempotency_key": "order:1"}
        with pytest.raises(stripe.InvalidRequestError):
            await sandbox.v1.payment_intents.create_async(PARAMS, options)
        assert (await sandbox.v1.payment_intents.create_async(PARAMS, options)).amount == 5000

    async def test_other_calls_go_well_and_zero_ends_it(self, sandbox, fail):
        await fail(error="refused", calls=["refunds.create", "payment_intents.confirm"], times=5)
        paid = await sandbox.paid()
        with pytest.raises(stripe.InvalidRequestError):
            await sandbox.v1.refunds.create_async({"payment_intent": paid.id})
        await fail(times=0)
        assert (await sandbox.v1.refunds.create_async({"payment_intent": paid.id})).amount == 10_000

    async def test_the_count_outlives_a_restart(self, start, client_for):
        async with AsyncExitStack() as stack:
            before = await start(stack)
            body = {"error": "refused", "times": 2}
            await client_for(before.app).post(FAULTS, json=body, headers=headers_for(roles=("user", "staff")))
            with pytest.raises(stripe.InvalidRequestError):
                await before.v1.balance.retrieve_async()
        async with AsyncExitStack() as stack:
            after = await start(stack, before.runtime)
            with pytest.raises(stripe.InvalidRequestError):
                await after.v1.balance.retrieve_async()
            assert (await after.v1.balance.retrieve_async()).object == "balance"
