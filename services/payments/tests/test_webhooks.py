"""Webhooks: signature, storing once, acting on what Stripe says now."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
import stripe
from sqlalchemy import text

from devtools.testing.delivery import events_of, run_jobs
from estuary.dead_letters import REVIVE
from services.payments.app import create_app
from services.payments.stripe.errors import StripeUnavailable
from services.payments.webhooks.domain import BACK_OFF
from services.payments.webhooks.handlers import HANDLERS
from services.payments.webhooks.jobs import forget_stripe_events, handle_stripe_events
from services.payments.webhooks.repository import StripeEvents
from shared.events.payments import PaymentFailed, PaymentSucceeded
from shared.records.ids import new_id

PATH = "/api/v1/webhooks/stripe/"
SECRET = "whsec_estuary"


def signed(payload: str, secret: str = SECRET, age: int = 0) -> dict[str, str]:
    header = stripe.WebhookSignature.generate_signature_header(payload, secret, int(time.time()) - age)
    return {"Stripe-Signature": header}


def event_of(kind: str, object_id: str, event_id: str = "", **more: Any) -> str:
    data = {"object": {"id": object_id, "object": kind.split(".")[0]}}
    return json.dumps({"id": event_id or f"evt_{new_id().hex}", "object": "event", "type": kind, "data": data} | more)


@pytest.fixture
def send(api):
    async def post(payload: str, headers: dict[str, str] | None = None):
        return await api.post(PATH, content=payload, headers=signed(payload) if headers is None else headers)

    return post


@pytest.fixture
def stored(runtime):
    async def events() -> list[tuple[str, str, int]]:
        query = text("select type, state, tries from stripe_events order by received_at")
        async with runtime.db.read() as session:
            return [(row[0], row[1], row[2]) for row in await session.execute(query)]

    return events


@pytest.fixture
async def intent_id(open_order, runtime) -> str:
    """The intent of an open order of 10,000."""
    await open_order(10_000)
    async with runtime.db.read() as session:
        return str(await session.scalar(text("select intent_id from orders")))


class TestSignature:
    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"Stripe-Signature": "nonsense"},
            {"Stripe-Signature": "t=1,v1=00"},
            {"Stripe-Signature": "t=x,v1=00"},
            {"Stripe-Signature": f"t={int(time.time())},v1=\xe9".encode("latin-1")},
        ],
    )
    async def test_rule_07_unsigned_is_refused_and_changes_nothing(self, send, stored, headers):
        answer = await send(event_of("payment_intent.succeeded", "pi_1"), headers)
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_signature")
        assert await stored() == []

    async def test_rule_07_another_secret_is_refused(self, send, stored):
        payload = event_of("payment_intent.succeeded", "pi_1")
        assert (await send(payload, signed(payload, "whsec_other"))).status_code == 400
        assert await stored() == []

    async def test_rule_07_another_body_is_refused(self, send):
        payload = event_of("payment_intent.succeeded", "pi_1")
        assert (await send(payload + " ", signed(payload))).status_code == 400

    @pytest.mark.parametrize("age", [310, -120])
    async def test_rule_07_too_old_and_from_the_future_are_refused(self, send, age):
        payload = event_of("payment_intent.succeeded", "pi_1")
        answer = await send(payload, signed(payload, age=age))
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_signature")

    async def test_bytes_that_are_no_text_are_refused(self, api):
        answer = await api.post(PATH, content=b"\xff\xfe", headers={"Stripe-Signature": "t=1,v1=00"})
        assert answer.status_code == 400

    @pytest.mark.parametrize("payload", ["[]", "{}", "not json", '{"id": "evt_1", "type": "x", "data": {"object": 1}}'])
    async def test_what_is_signed_but_no_event_is_refused(self, send, payload):
        answer = await send(payload)
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_event")


class TestSecrets:
    async def test_every_configured_secret_is_good(self, runtime_for, client_for):
        app = create_app(await runtime_for("payments", env={"STRIPE_WEBHOOK_SECRET": "whsec_old, whsec_new"}))
        client = client_for(app)
        for secret in ("whsec_old", "whsec_new"):
            payload = event_of("payment_intent.created", "pi_1")
            answer = await client.post(PATH, content=payload, headers=signed(payload, secret))
            assert answer.status_code == 200


class TestReceive:
    async def test_rule_07_a_duplicate_is_stored_once_and_welcome(self, send, stored):
        payload = event_of("payment_intent.succeeded", "pi_1")
        assert (await send(payload)).status_code == 200
        assert (await send(payload)).status_code == 200
        assert await stored() == [("payment_intent.succeeded", "pending", 0)]

    async def test_rule_07_an_unknown_type_is_stored_and_ignored(self, send, stored):
        assert (await send(event_of("radar.early_fraud_warning.created", "issfr_1"))).status_code == 200
        assert await stored() == [("radar.early_fraud_warning.created", "ignored", 0)]

    @pytest.mark.parametrize(
        ("key", "livemode", "state"),
        [
            ("sk_live_1", True, "pending"),
            ("rk_live_1", False, "ignored"),
            ("sk_test_1", False, "pending"),
            ("sk_test_1", True, "ignored"),
        ],
    )
    async def test_an_event_of_the_other_mode_is_stored_and_ignored(
        self, runtime_for, client_for, key, livemode, state
    ):
        env = {"STRIPE_SECRET_KEY": key, "STRIPE_WEBHOOK_SECRET": "whsec_1"}
        runtime = await runtime_for("payments", env=env)
        payload = event_of("account.updated", "acct_1", livemode=livemode)
        answer = await client_for(create_app(runtime)).post(PATH, content=payload, headers=signed(payload, "whsec_1"))
        async with runtime.db.read() as session:
            found = await session.scalars(text("select state from payments.stripe_events"))
            assert (answer.status_code, found.all()) == (200, [state])


class TestHandle:
    async def test_rule_07_acts_on_the_object_fetched_again(self, send, app, stripe_api, runtime, intent_id):
        await send(event_of("payment_intent.succeeded", intent_id))
        await run_jobs(app)
        assert await events_of(runtime) == []  # the payload says so, Stripe does not
        await stripe_api.post(f"/payment_intents/{intent_id}/confirm", data={"payment_method": "pm_card_visa"})
        await send(event_of("payment_intent.processing", intent_id))
        await run_jobs(app)
        assert [type(event) for event in await events_of(runtime)] == [PaymentSucceeded]

    async def test_rule_07_order_and_number_of_webhooks_do_not_matter(
        self, send, app, stripe_api, runtime, intent_id, stored
    ):
        confirm = f"/payment_intents/{intent_id}/confirm"
        await stripe_api.post(confirm, data={"payment_method": "pm_card_chargeDeclined"})
        await send(event_of("payment_intent.payment_failed", intent_id))
        await run_jobs(app)
        await stripe_api.post(confirm, data={"payment_method": "pm_card_visa"})
        for kind in ("succeeded", "payment_failed", "processing", "succeeded", "canceled"):
            await send(event_of(f"payment_intent.{kind}", intent_id))
        await run_jobs(app)
        assert [type(event) for event in await events_of(runtime)] == [PaymentFailed, PaymentSucceeded]
        assert {state for _, state, _ in await stored()} == {"done"}

    async def test_a_refusal_that_the_client_saw_is_told_once(self, send, app, open_order, pay, runtime):
        order = await open_order(5_000)
        await pay(order["order_id"], "pm_card_chargeDeclined")
        async with runtime.db.read() as session:
            intent_id = await session.scalar(text("select intent_id from orders"))
        await send(event_of("payment_intent.payment_failed", intent_id))
        await run_jobs(app)
        assert [type(event) for event in await events_of(runtime)] == [PaymentFailed]

    @pytest.mark.parametrize("order_id", ["", "1234", str(new_id())], ids=["none", "no id", "an id"])
    async def test_a_strangers_intent_is_left_alone(self, send, app, stripe_api, runtime, stored, order_id):
        paid = {"payment_method": "pm_card_visa", "confirm": "true", "return_url": "https://shop.example/"}
        data = {"amount": "1000", "currency": "usd", "metadata[order_id]": order_id, **paid}
        made = await stripe_api.post("/payment_intents", data=data)
        assert made.json()["status"] == "succeeded"
        await send(event_of("payment_intent.succeeded", made.json()["id"]))
        await run_jobs(app)
        assert await stored() == [("payment_intent.succeeded", "done", 0)]
        assert await events_of(runtime) == []

    async def test_rule_07_a_failure_is_tried_again_later(self, send, app, stored):
        await send(event_of("payment_intent.succeeded", "pi_does_not_exist"))
        await run_jobs(app)
        assert await stored() == [("payment_intent.succeeded", "pending", 1)]


class TestPause:
    def test_doubles_up_to_an_hour(self):
        assert [BACK_OFF.longest(tries) for tries in (1, 2, 3, 7)] == [1, 2, 4, 64]
        assert BACK_OFF.longest(500) == 3600


@pytest.fixture
def at_once(runtime):
    """`await at_once()`: the pause of every pending webhook is over."""

    async def go() -> None:
        async with runtime.db.transaction() as session:
            await session.execute(text("update stripe_events set next_try_at = now() - interval '1 second'"))

    return go


class TestDeadEvents:
    async def test_dead_after_twelve_failures_and_alive_after_a_replay(self, send, app, stored, at_once, runtime):
        await send(event_of("payment_intent.succeeded", "pi_does_not_exist"))
        for _ in range(13):
            await run_jobs(app)
            await at_once()
        assert await stored() == [("payment_intent.succeeded", "dead", 12)]
        async with runtime.db.transaction() as session:
            assert len((await session.execute(REVIVE)).all()) == 1
        assert await stored() == [("payment_intent.succeeded", "pending", 0)]

    async def test_the_absence_of_stripe_is_no_failure(self, send, app, stored, at_once, monkeypatch):
        await send(event_of("payment_intent.succeeded", "pi_1"))
        monkeypatch.setattr(app.state.runtime.stripe, "retrieve_intent", raising(StripeUnavailable()))
        for _ in range(14):
            await run_jobs(app)
            await at_once()
        assert await stored() == [("payment_intent.succeeded", "pending", 0)]

    async def test_an_unknown_value_is_dead_at_once(self, send, app, stored, monkeypatch):
        await send(event_of("payment_intent.succeeded", "pi_1"))
        monkeypatch.setattr(app.state.runtime.stripe, "retrieve_intent", raising(ValueError("'new' is no status")))
        await run_jobs(app)
        assert await stored() == [("payment_intent.succeeded", "dead", 1)]

    async def test_one_whose_failure_cannot_be_stored_stops_no_other(self, send, app, stored, runtime, monkeypatch):
        await send(event_of("payment_intent.succeeded", "pi_1"))
        await send(event_of("account.updated", "acct_unknown"))
        monkeypatch.setattr(app.state.runtime.stripe, "retrieve_intent", raising(KeyError("amount")))
        monkeypatch.setattr(StripeEvents, "defer", raising(ValueError("no row")))
        assert await handle_stripe_events(runtime) == 1
        assert await stored() == [("payment_intent.succeeded", "pending", 0), ("account.updated", "done", 0)]

    async def test_a_dead_event_is_not_deleted(self, send, runtime, stored):
        await send(event_of("payment_intent.succeeded", "pi_1"))
        async with runtime.db.transaction() as session:
            await session.execute(text("update stripe_events set state = 'dead', received_at = '2020-01-01'"))
        assert await forget_stripe_events(runtime) == 0


async def test_a_thin_event_is_welcome_and_ignored(send, stored):
    thin = {
        "id": "evt_1",
        "object": "v2.core.event",
        "type": "v2.core.account.updated",
        "related_object": {"id": "acct_1", "type": "v2.core.account", "url": "/v2/core/accounts/acct_1"},
    }
    assert (await send(json.dumps(thin))).status_code == 200
    assert await stored() == [("v2.core.account.updated", "ignored", 0)]


@pytest.mark.parametrize(
    ("kind", "object_id"),
    [("refund.created", "pyr_1"), ("payment_intent.succeeded", "pi_1"), ("charge.dispute.created", "du_1")],
)
async def test_what_happens_on_a_practitioners_account_is_none_of_our_orders(send, stored, runtime, kind, object_id):
    event = json.loads(event_of(kind, object_id)) | {"account": "acct_1"}
    assert (await send(json.dumps(event))).status_code == 200
    await handle_stripe_events(runtime)
    assert await stored() == [(kind, "done", 0)]


def test_every_event_that_is_acted_on_is_in_the_operators_manual():
    manual = (Path(__file__).parents[3] / "docs/operations.md").read_text()
    assert [kind for kind in HANDLERS if f"`{kind}`" not in manual] == []


def raising(error: Exception):
    async def call(*args, **kwargs):
        raise error

    return call
