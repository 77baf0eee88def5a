"""Webhooks: signed, soon, again until they are taken, also after a restart; and troubled when asked to be."""

import asyncio
import time
from contextlib import AsyncExitStack

import pytest
import stripe
from sqlalchemy import text

from devtools.testing.callers import headers_for
from devtools.testing.waiting import PATIENCE
from estuary.sandbox.stripe.sender import BACK_OFF

FAULTS = "/api/v1/sandbox/stripe/webhooks/"
STAFF = ("user", "staff")


class TestSend:
    async def test_they_leave_within_200_milliseconds(self, sandbox):
        await sandbox.paid()
        began = time.monotonic()
        await sandbox.paid()
        await sandbox.hooks.wait_for("payment_intent.succeeded", 2)
        assert time.monotonic() - began < 1

    async def test_a_changed_body_does_not_verify(self, sandbox):
        await sandbox.paid()
        await sandbox.hooks.wait_for("payment_intent.succeeded")
        body, signed = sandbox.hooks.hooks[0]
        with pytest.raises(stripe.SignatureVerificationError):
            stripe.Webhook.construct_event(body.replace(b"10000", b"10001"), signed, "whsec_estuary")

    async def test_what_was_refused_comes_again(self, sandbox):
        sandbox.hooks.status = 500
        await sandbox.paid()
        await sandbox.hooks.wait_for("payment_intent.succeeded")
        sandbox.hooks.status = 200
        first, second = await sandbox.hooks.wait_for("payment_intent.succeeded", 2)
        assert first.id == second.id
        await _until_idle(sandbox)
        assert len(sandbox.hooks.events("payment_intent.succeeded")) == 2

    def test_pauses_double_up_to_a_minute(self):
        assert [BACK_OFF.longest(n) for n in (1, 2, 3, 4, 6, 7, 8, 99)] == [1, 2, 4, 8, 32, 60, 60, 60]

    async def test_a_restart_forgets_nothing(self, start, receiver):
        async with AsyncExitStack() as stack:
            before = await start(stack, SANDBOX_WEBHOOK_URL="http://127.0.0.1:1/closed", SANDBOX_PAYOUT_SECONDS="0.5")
            paid = await before.paid(card="pm_usBankAccount_success")
            account = await before.onboarded()
            runtime = before.runtime
        async with AsyncExitStack() as stack:
            after = await start(stack, runtime)
            await receiver.wait_for("payment_intent.processing")
            await receiver.wait_for("payment_intent.succeeded")
            await receiver.wait_for("account.updated")
            assert (await after.v1.payment_intents.retrieve_async(paid.id)).status == "succeeded"
            assert (await after.v1.accounts.retrieve_async(account.id)).payouts_enabled


class TestFaults:
    async def test_only_staff_may_set_them(self, sandbox, client_for):
        client = client_for(sandbox.app)
        assert (await client.post(FAULTS, json={})).status_code == 401
        assert (await client.post(FAULTS, json={}, headers=headers_for())).status_code == 403

    @pytest.mark.parametrize(
        "body",
        [
            {"copies": 0},
            {"copies": 21},
            {"delay_seconds": -1},
            {"delay_seconds": False},
            {"shuffle": "yes"},
            {"other": 1},
            {"copies": 1.5},
        ],
    )
    async def test_nonsense_is_refused(self, sandbox, client_for, body):
        answer = await client_for(sandbox.app).post(FAULTS, json=body, headers=headers_for(roles=STAFF))
        assert answer.status_code == 422
        assert answer.json()["code"] == "invalid"

    async def test_copies_and_delay_last_until_set_again(self, start, receiver, client_for):
        async with AsyncExitStack() as stack:
            sandbox = await start(stack)
            body = {"copies": 3, "delay_seconds": 0.3, "shuffle": True}
            answer = await client_for(sandbox.app).post(FAULTS.rstrip("/"), json=body, headers=headers_for(roles=STAFF))
            assert (answer.status_code, answer.json()) == (200, body)
            runtime = sandbox.runtime
        async with AsyncExitStack() as stack:
            sandbox = await start(stack, runtime)
            began = time.monotonic()
            await sandbox.paid()
            found = await receiver.wait_for("payment_intent.succeeded", 3)
            assert len({event.id for event in found}) == 1
            assert time.monotonic() - began > 0.3
            await client_for(sandbox.app).post(FAULTS, json={}, headers=headers_for(roles=STAFF))
            await sandbox.paid()
            await _until_idle(sandbox)
            assert len(receiver.events("payment_intent.succeeded")) == 4


async def _until_idle(sandbox):
    async with asyncio.timeout(PATIENCE):
        while True:
            async with sandbox.runtime.db.read() as session:
                if not await session.scalar(text("select count(*) from deliveries")):
                    return
            await asyncio.sleep(0.02)
