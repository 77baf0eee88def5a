"""Stripe through its official SDK: typed answers, our own idempotency keys, and two kinds of failure.

`StripeUnavailable` means that the outcome is unknown, `StripeRefused` that Stripe understood and said no. Every POST
carries a key made of our own row's id, so that a repeat after a crash is the same request to Stripe (rule 8).
"""

from collections.abc import Coroutine
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import stripe

from services.payments.stripe.card_calls import CardCalls, about_method
from services.payments.stripe.domain import Intent, IntentStatus, intent_of
from services.payments.stripe.errors import BadPaymentMethod, StripeRefused
from services.payments.stripe.objects import (
    StripeAccount,
    StripeDispute,
    StripePage,
    StripePayout,
    StripeRefund,
    StripeReversal,
    StripeTransfer,
    account_of,
    dispute_of,
    listed_of,
    payout_of,
    refund_of,
    reversal_of,
    transfer_of,
)
from services.payments.stripe.requests import CardDeclined, answer, carrying, every, with_key
from shared.records.money import Money

UNEXPECTED_STATE = "payment_intent_unexpected_state"
# By which Stripe's clock may be behind ours.
CLOCKS_DIFFER = timedelta(hours=1)


class StripeGateway(CardCalls):
    """The calls that payments makes."""

    # ---- payments by card

    async def create_intent(
        self,
        order_id: UUID,
        amount: Money,
        description: str,
        *,
        by_hand: bool = False,
        customer_id: str | None = None,
        saves: bool = False,
        again: UUID | None = None,
    ) -> Intent:
        """The order's intent: the same order again gets the same, with `again` another. `by_hand`: see `capture`.

        `saves`: whoever confirms it saves the card to the customer, unless they say otherwise.
        """
        params = {
            "amount": amount.amount,
            "currency": amount.currency.lower(),
            "description": description,
            "automatic_payment_methods": {"enabled": True},
            "metadata": {"order_id": str(order_id)},
            "transfer_group": f"order_{order_id}",
        }
        params |= {"capture_method": "manual"} if by_hand else {}
        params |= {"customer": customer_id} if customer_id else {}
        params |= {"setup_future_usage": "off_session"} if saves else {}
        options = with_key("order", order_id, again)
        return intent_of(await answer(self._v1.payment_intents.create_async(params, options)))

    async def confirm(
        self,
        intent_id: str,
        payment_method: str,
        key: UUID,
        *,
        again: UUID | None = None,
        saving: bool | None = None,
        off_session: bool = False,
    ) -> Intent:
        """Tries to pay. A declined card is an answer (`failure`), and so is an intent that is already further on.

        The same `key` is the same try, with `again` another one; the intent can succeed only once. `saving`: with its
        success the card is saved to the intent's customer; False takes that back where an earlier try had asked for it.
        `off_session`: the client is not there, and no bank can ask them.
        """
        params: dict[str, Any] = {"payment_method": payment_method}
        params |= {"off_session": True} if off_session else {"return_url": self._return_url}
        if saving is not None:
            params |= {"setup_future_usage": "off_session" if saving else "", "expand": ["payment_method"]}
        try:
            options = with_key("attempt", key, again)
            made = intent_of(await answer(self._v1.payment_intents.confirm_async(intent_id, params, options)))
            return await self.retrieve_intent(intent_id) if made.status is IntentStatus.REQUIRES_CAPTURE else made
        except CardDeclined as declined:
            return intent_of(declined.intent) if declined.intent else await self.retrieve_intent(intent_id)
        except StripeRefused as refused:
            if refused.reason == UNEXPECTED_STATE:
                return await self.retrieve_intent(intent_id)
            if about_method(refused):
                raise BadPaymentMethod(refused.detail, field="payment_method") from refused
            raise

    async def name_customer(self, intent_id: str, customer_id: str, key: UUID, *, again: UUID | None = None) -> Intent:
        """Says whose payment the intent is, without which no saved card pays it and none is saved.

        One that is already further on stays as it is.
        """
        options = with_key("intent_customer", key, again)
        return await self._moved(
            intent_id, self._v1.payment_intents.update_async(intent_id, {"customer": customer_id}, options)
        )

    async def capture(self, intent_id: str, order_id: UUID, *, again: UUID | None = None) -> Intent:
        """Charges what a card was authorised for, whole; or answers in which state the intent is that has nothing."""
        call = self._v1.payment_intents.capture_async(intent_id, {}, with_key("capture", order_id, again))
        return await self._moved(intent_id, call)

    async def cancel_intent(self, intent_id: str, order_id: UUID, number: int | UUID) -> Intent:
        """Cancels, or answers in which state the intent is that cannot be cancelled. `number` tells the tries apart."""
        call = self._v1.payment_intents.cancel_async(intent_id, {}, with_key("cancel", order_id, number))
        return await self._moved(intent_id, call)

    async def _moved(self, intent_id: str, call: Coroutine[Any, Any, stripe.StripeObject]) -> Intent:
        try:
            return intent_of(await answer(call))
        except StripeRefused as refused:
            if refused.reason != UNEXPECTED_STATE:
                raise
            return await self.retrieve_intent(intent_id)

    async def retrieve_intent(self, intent_id: str) -> Intent:
        """The intent as it is now, with its charge, and with the card that it has saved."""
        shown = intent_of(await self._intent(intent_id, "latest_charge"))
        if shown.has_saved:
            shown = intent_of(await self._intent(intent_id, "latest_charge", "payment_method"))
        return shown

    async def _intent(self, intent_id: str, *expanded: str) -> dict[str, Any]:
        return await answer(self._v1.payment_intents.retrieve_async(intent_id, {"expand": list(expanded)}))

    async def refund(self, intent_id: str, amount: int, refund_id: UUID, number: int = 1) -> StripeRefund:
        """Returns `amount` minor units to the card. `number` is the attempt: the same again is the same refund."""
        params = {"payment_intent": intent_id, "amount": amount, "metadata": {"refund_id": str(refund_id)}}
        return refund_of(await answer(self._v1.refunds.create_async(params, with_key("refund", refund_id, number))))

    async def find_refund(self, intent_id: str, refund_id: UUID) -> StripeRefund | None:
        """The refund of that intent which carries our `refund_id` and did not fail, if Stripe has one."""
        listed = await every(self._v1.refunds.list_async, {"payment_intent": intent_id})
        ours = carrying(listed, "refund_id", refund_id)
        return next((refund_of(raw) for raw in ours if raw.get("status") not in ("failed", "canceled")), None)

    async def list_refunds(self, intent_id: str) -> list[StripeRefund]:
        """Every refund of that intent, whoever made it."""
        listed = await every(self._v1.refunds.list_async, {"payment_intent": intent_id})
        return [refund_of(raw) for raw in listed]

    async def retrieve_refund(self, stripe_refund_id: str) -> StripeRefund:
        """The refund as it is now."""
        return refund_of(await answer(self._v1.refunds.retrieve_async(stripe_refund_id)))

    async def intent_of_charge(self, charge_id: str) -> str | None:
        """The intent that this charge belongs to, if any."""
        intent_id: str | None = (await answer(self._v1.charges.retrieve_async(charge_id))).get("payment_intent")
        return intent_id

    async def retrieve_dispute(self, dispute_id: str) -> StripeDispute:
        """The dispute as it is now."""
        return dispute_of(await answer(self._v1.disputes.retrieve_async(dispute_id)))

    # ---- practitioners' accounts

    async def create_account(
        self, practitioner_id: UUID, *, email: str | None = None, again: UUID | None = None
    ) -> StripeAccount:
        """The practitioner's connected account, paid out only when we say so.

        The same id again gets the same account, with `again` another one.
        """
        params: dict[str, Any] = {
            "type": "express",
            "capabilities": {"card_payments": {"requested": True}, "transfers": {"requested": True}},
            "settings": {"payouts": {"schedule": {"interval": "manual"}}},
            "metadata": {"practitioner_id": str(practitioner_id)},
        }
        params |= {"email": email} if email else {}
        options = with_key("account", practitioner_id, again)
        return account_of(await answer(self._v1.accounts.create_async(params, options)))

    async def platform(self) -> str:
        """The account that the secret key belongs to, with the key's mode."""
        own = await answer(self._v1.accounts.retrieve_current_async())
        return f"{own['id']}/{'live' if '_live_' in self._secret_key else 'test'}"

    async def retrieve_account(self, account_id: str) -> StripeAccount:
        """The account as it is now."""
        return account_of(await answer(self._v1.accounts.retrieve_async(account_id)))

    async def account_link(self, account_id: str) -> str:
        """A fresh URL where the practitioner completes onboarding; each is good once, so it needs no key of ours."""
        params = {
            "account": account_id,
            "type": "account_onboarding",
            "refresh_url": self._return_url,
            "return_url": self._return_url,
        }
        return str((await answer(self._v1.account_links.create_async(params)))["url"])

    # ---- paying practitioners out

    async def transfer(self, amount: Money, account_id: str, payout_id: UUID, number: int = 1) -> StripeTransfer:
        """Moves money to the account. `number` is the attempt: a new number is a new transfer."""
        params = {
            "amount": amount.amount,
            "currency": amount.currency.lower(),
            "destination": account_id,
            "transfer_group": f"payout_{payout_id}",
            "metadata": {"payout_id": str(payout_id), "attempt": str(number)},
        }
        return transfer_of(
            await answer(self._v1.transfers.create_async(params, with_key("transfer", payout_id, number)))
        )

    async def retrieve_transfer(self, transfer_id: str) -> StripeTransfer:
        """The transfer as it is now, with its latest reversal."""
        return transfer_of(await answer(self._v1.transfers.retrieve_async(transfer_id)))

    async def find_transfer(self, payout_id: UUID) -> StripeTransfer | None:
        """The transfer that carries our `payout_id`, if Stripe has one."""
        listed = await every(self._v1.transfers.list_async, {"transfer_group": f"payout_{payout_id}"})
        return next((transfer_of(raw) for raw in carrying(listed, "payout_id", payout_id)), None)

    async def reverse_transfer(self, transfer_id: str, amount: int, payout_id: UUID, number: int = 1) -> StripeReversal:
        """Takes back from the account what is left there of the transfer. `number` is the attempt."""
        return await self._reverse(transfer_id, amount, "payout_id", payout_id, with_key("reversal", payout_id, number))

    async def reduce_transfer(
        self, transfer_id: str, amount: int, reduction_id: UUID, number: int = 1
    ) -> StripeReversal:
        """Takes a part back from the account, for our reduction. `number` is the attempt."""
        key = with_key("reduction", reduction_id, number)
        return await self._reverse(transfer_id, amount, "reduction_id", reduction_id, key)

    async def _reverse(
        self, transfer_id: str, amount: int, name: str, row_id: UUID, options: dict[str, Any]
    ) -> StripeReversal:
        params = {"amount": amount, "metadata": {name: str(row_id)}}
        return reversal_of(await answer(self._v1.transfers.reversals.create_async(transfer_id, params, options)))

    async def find_reversal(self, transfer_id: str, payout_id: UUID) -> StripeReversal | None:
        """The reversal of that transfer which carries our `payout_id`, if Stripe has one."""
        return await self._reversal_carrying(transfer_id, "payout_id", payout_id)

    async def find_reduction(self, transfer_id: str, reduction_id: UUID) -> StripeReversal | None:
        """The partial reversal of that transfer which carries our `reduction_id`, if Stripe has one."""
        return await self._reversal_carrying(transfer_id, "reduction_id", reduction_id)

    async def _reversal_carrying(self, transfer_id: str, name: str, row_id: UUID) -> StripeReversal | None:
        listed = await every(partial(self._v1.transfers.reversals.list_async, transfer_id), {})
        return next((reversal_of(raw) for raw in carrying(listed, name, row_id)), None)

    async def payout(self, amount: Money, account_id: str, payout_id: UUID, number: int = 1) -> StripePayout:
        """Sends money from the account to its bank. `number` is the attempt."""
        params = {
            "amount": amount.amount,
            "currency": amount.currency.lower(),
            "metadata": {"payout_id": str(payout_id), "attempt": str(number)},
        }
        options = with_key("payout", payout_id, number) | {"stripe_account": account_id}
        return payout_of(await answer(self._v1.payouts.create_async(params, options)))

    async def cancel_payout(self, stripe_payout_id: str, account_id: str, payout_id: UUID, again: UUID) -> StripePayout:
        """Keeps a bank payout from leaving; StripeRefused where it has left. Each try has another `again`."""
        options = with_key("call_off", payout_id, again) | {"stripe_account": account_id}
        return payout_of(await answer(self._v1.payouts.cancel_async(stripe_payout_id, {}, options)))

    async def find_payout(self, account_id: str, payout_id: UUID, since: datetime) -> StripePayout | None:
        """The account's bank payout made after `since` (machine time) that carries our `payout_id`, if there is one."""
        params = {"created": {"gte": int((since - CLOCKS_DIFFER).timestamp())}}
        listed = await every(self._v1.payouts.list_async, params, {"stripe_account": account_id})
        return next((payout_of(raw) for raw in carrying(listed, "payout_id", payout_id)), None)

    async def retrieve_payout(self, stripe_payout_id: str, account_id: str) -> StripePayout:
        """The bank payout as it is now."""
        options = {"stripe_account": account_id}
        return payout_of(await answer(self._v1.payouts.retrieve_async(stripe_payout_id, {}, options)))

    # ---- what Stripe's own lists say

    async def page_of(self, kind: str, since: datetime, after: str | None) -> StripePage:
        """The next 100 of all transfers (`transfer`) or refunds (`refund`) since then, newest first, after that id."""
        lists = {"transfer": self._v1.transfers, "refund": self._v1.refunds}
        params = {"created": {"gte": int(since.timestamp())}, "limit": 100}
        page = await answer(lists[kind].list_async(params | ({"starting_after": after} if after else {})))
        return StripePage([listed_of(raw) for raw in page["data"]], bool(page["has_more"] and page["data"]))
