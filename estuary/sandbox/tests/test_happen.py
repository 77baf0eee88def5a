"""What happens at Stripe without a call: to money, accounts and cards; twice is refused, and the webhooks come."""

import pytest
import stripe

from devtools.testing.callers import headers_for

HAPPEN = "/api/v1/sandbox/stripe/happen/"
STAFF = ("user", "staff")


@pytest.fixture
def happen(sandbox, client_for):
    """`await happen("refund_failed", "re_1", answered=409)`: what came of it, or the problem."""

    async def post(what, identifier=None, *, answered=200, **more):
        body = {"what": what, **more} | ({} if identifier is None else {"id": identifier})
        answer = await client_for(sandbox.app).post(HAPPEN, json=body, headers=headers_for(roles=STAFF))
        assert answer.status_code == answered, answer.text
        return answer.json()

    return post


async def available(sandbox, account=None):
    options = {"stripe_account": account} if account else {}
    return (await sandbox.v1.balance.retrieve_async({}, options)).available[0].amount


class TestAsk:
    async def test_only_staff_may(self, sandbox, client_for):
        client = client_for(sandbox.app)
        assert (await client.post(HAPPEN, json={"what": "forget_keys"})).status_code == 401
        assert (await client.post(HAPPEN, json={"what": "forget_keys"}, headers=headers_for())).status_code == 403

    async def test_nonsense_is_refused(self, happen):
        await happen("war", "ch_1", answered=422)
        await happen("dispute_closed", "dp_1", answered=422)
        await happen("refund_failed", "re_none", answered=404)
        await happen("payout_failed", "po_none", answered=404)


class TestRefunds:
    async def test_a_refund_fails_once(self, sandbox, happen):
        paid = await sandbox.paid()
        before = await available(sandbox)
        refund = await sandbox.v1.refunds.create_async({"payment_intent": paid.id, "amount": 4000})
        assert await happen("refund_failed", refund.id) == {
            "what": "refund_failed",
            "id": refund.id,
            "status": "failed",
        }
        await happen("refund_failed", refund.id, answered=409)
        assert await available(sandbox) == before
        charge = await sandbox.v1.charges.retrieve_async(paid.latest_charge)
        assert (charge.amount_refunded, charge.refunded) == (0, False)
        (event,) = await sandbox.hooks.wait_for("refund.failed")
        assert event.data.object.id == refund.id

    async def test_somebody_refunds_in_the_dashboard(self, sandbox, happen):
        paid = await sandbox.paid()
        made = await happen("refund_outside", paid.id, amount=3000)
        rest = await happen("refund_outside", paid.latest_charge)
        listed = (await sandbox.v1.refunds.list_async({"payment_intent": paid.id})).data
        assert [(one.id, one.amount) for one in listed] == [(rest["id"], 7000), (made["id"], 3000)]
        await happen("refund_outside", paid.id, answered=409)
        await sandbox.hooks.wait_for("charge.refunded", 2)


class TestPayouts:
    async def test_a_paid_payout_comes_back_once(self, sandbox, happen):
        account = await sandbox.onboarded()
        await sandbox.v1.transfers.create_async({"amount": 8000, "currency": "usd", "destination": account.id})
        params, theirs = {"amount": 5000, "currency": "usd"}, {"stripe_account": account.id}
        payout = await sandbox.v1.payouts.create_async(params, theirs)
        await sandbox.hooks.wait_for("payout.paid")
        await happen("payout_failed", payout.id)
        await happen("payout_failed", payout.id, answered=409)
        (event,) = await sandbox.hooks.wait_for("payout.failed")
        assert (event.account, event.data.object.failure_code) == (account.id, "account_closed")
        assert await available(sandbox, account.id) == 8000


class TestDisputes:
    async def test_a_chargeback_in_part_is_won(self, sandbox, happen):
        paid = await sandbox.paid()
        before = await available(sandbox)
        opened = await happen("dispute_opened", paid.id, amount=6000)
        assert await available(sandbox) == before - 6000 - 1500
        await happen("dispute_opened", paid.id, answered=409)
        await sandbox.hooks.wait_for("charge.dispute.funds_withdrawn")
        assert (await happen("dispute_closed", opened["id"], status="won"))["status"] == "won"
        assert await available(sandbox) == before
        await happen("dispute_closed", opened["id"], status="lost", answered=409)
        await sandbox.hooks.wait_for("charge.dispute.funds_reinstated")
        await sandbox.hooks.wait_for("charge.dispute.closed")

    async def test_an_inquiry_takes_nothing(self, sandbox, happen):
        paid = await sandbox.paid()
        before = await available(sandbox)
        opened = await happen("dispute_opened", paid.latest_charge, inquiry=True)
        assert (opened["status"], await available(sandbox)) == ("warning_needs_response", before)

    async def test_more_than_the_charge_cannot_be_disputed(self, sandbox, happen):
        paid = await sandbox.paid()
        await happen("dispute_opened", paid.id, amount=10_001, answered=409)

    async def test_a_warning_moves_nothing(self, sandbox, happen):
        paid = await sandbox.paid()
        before = await available(sandbox)
        await happen("fraud_warning", paid.id)
        (event,) = await sandbox.hooks.wait_for("radar.early_fraud_warning.created")
        assert (event.data.object.charge, event.data.object.actionable) == (paid.latest_charge, True)
        assert await available(sandbox) == before


class TestOthers:
    async def test_an_account_is_restricted_and_let_go_on(self, sandbox, happen):
        account = await sandbox.onboarded()
        more = {"capabilities": {"transfers": "inactive"}, "currently_due": ["individual.id_number"]}
        await happen("account", account.id, disabled_reason="requirements.past_due", **more)
        after = await sandbox.v1.accounts.retrieve_async(account.id)
        assert (after.payouts_enabled, after.charges_enabled, after.capabilities.transfers) == (
            False,
            False,
            "inactive",
        )
        assert after.requirements.currently_due == ["individual.id_number"]
        (event,) = await sandbox.hooks.wait_for("capability.updated")
        assert (event.account, event.data.object.id, event.data.object.status) == (account.id, "transfers", "inactive")
        await happen("account", account.id, disabled_reason=None, capabilities={"transfers": "active"})
        assert (await sandbox.v1.accounts.retrieve_async(account.id)).payouts_enabled

    async def test_a_card_behaves_as_another(self, sandbox, happen):
        method = await sandbox.v1.payment_methods.create_async({"type": "card", "card": {"token": "tok_visa"}})
        await happen("card", method.id, exp_year=2027, becomes="pm_card_chargeDeclined")
        with pytest.raises(stripe.CardError):
            await sandbox.paid(card=method.id)
        assert (await sandbox.v1.payment_methods.retrieve_async(method.id)).card.exp_year == 2027
        await happen("card", method.id, becomes="pm_card_none", answered=409)

    async def test_keys_are_forgotten(self, sandbox, happen):
        params, options = {"amount": 5000, "currency": "usd"}, {"idempotency_key": "order:1"}
        first = await sandbox.v1.payment_intents.create_async(params, options)
        assert await happen("forget_keys") == {"what": "forget_keys", "id": None, "status": None}
        assert (await sandbox.v1.payment_intents.create_async(params, options)).id != first.id
