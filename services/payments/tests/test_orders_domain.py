"""The rules of orders."""

from itertools import product
from uuid import uuid4

import pytest

from services.payments.orders.domain import TRANSITIONS, OrderKind, OrderStatus, Outcome, outcome_of, status_after
from services.payments.stripe.domain import IntentStatus, intent_of

BOOKING, CREDITS = OrderKind.BOOKING, OrderKind.CREDITS
OPEN, AUTHORIZED, PAID, CANCELLED, PAID_LATE = OrderStatus
CELLS = list(product((BOOKING, CREDITS), OrderStatus, IntentStatus))


class TestStatusAfter:
    def test_rule_05_success_on_an_open_order_pays_it(self):
        assert status_after(BOOKING, OPEN, IntentStatus.SUCCEEDED) is PAID

    def test_rule_05_success_on_a_cancelled_order_is_late(self):
        assert status_after(BOOKING, CANCELLED, IntentStatus.SUCCEEDED) is PAID_LATE

    def test_credits_that_were_paid_late_are_simply_paid(self):
        assert status_after(CREDITS, CANCELLED, IntentStatus.SUCCEEDED) is PAID

    def test_a_canceled_intent_cancels_an_open_order(self):
        assert status_after(BOOKING, OPEN, IntentStatus.CANCELED) is CANCELLED

    @pytest.mark.parametrize("status", [PAID, PAID_LATE])
    def test_rule_07_money_that_is_here_stays_here_whatever_comes(self, status):
        assert {status_after(BOOKING, status, intent) for intent in IntentStatus} == {status}

    @pytest.mark.parametrize(("kind", "status", "intent"), CELLS)
    def test_rule_07_every_step_is_legal_and_the_same_news_again_is_none(self, kind, status, intent):
        to = status_after(kind, status, intent)
        assert to is status or to in TRANSITIONS[status]
        assert status_after(kind, to, intent) is to


class TestOutcome:
    def test_every_state_of_an_intent_has_an_outcome(self):
        assert outcome_of(IntentStatus.SUCCEEDED) is Outcome.SUCCEEDED
        assert outcome_of(IntentStatus.PROCESSING) is Outcome.PROCESSING
        assert outcome_of(IntentStatus.REQUIRES_ACTION) is Outcome.REQUIRES_ACTION
        assert outcome_of(IntentStatus.REQUIRES_PAYMENT_METHOD) is Outcome.FAILED


class TestIntentOf:
    def test_a_refusal_is_known_by_its_charge(self):
        error = {"charge": "ch_1", "code": "card_declined", "decline_code": "lost_card", "message": "No."}
        intent = intent_of({"id": "pi_1", "status": "requires_payment_method", "last_payment_error": error})
        assert intent.failure is not None
        assert (intent.failure.id, intent.failure.decline_code) == ("ch_1", "lost_card")

    def test_a_bank_page_and_an_expanded_charge_are_read(self):
        order_id = uuid4()
        raw = {
            "id": "pi_1",
            "status": "requires_action",
            "metadata": {"order_id": str(order_id)},
            "transfer_group": f"order_{order_id}",
            "latest_charge": {"id": "ch_2"},
            "next_action": {"redirect_to_url": {"url": "https://bank.example/"}},
        }
        intent = intent_of(raw)
        assert (intent.order_id, intent.charge_id) == (order_id, "ch_2")
        assert intent.next_action_url == "https://bank.example/"

    def test_a_strangers_intent_has_no_order(self):
        assert intent_of({"id": "pi_1", "status": "succeeded", "metadata": {}}).order_id is None
