"""The calls that move a payout's money, each with the way to find what an earlier one has made."""

from datetime import datetime

from services.payments.payouts.models import Payout
from services.payments.provider_calls.domain import Purpose
from services.payments.provider_calls.service import Call
from services.payments.runtime import PaymentsRuntime
from services.payments.stripe_objects import StripePayout, StripeReversal, StripeTransfer


def transfer_of(runtime: PaymentsRuntime, payout: Payout) -> Call[StripeTransfer]:
    """From our balance to the practitioner's account."""

    async def send(number: int) -> StripeTransfer:
        return await runtime.stripe.transfer(payout.money, payout.stripe_account_id or "", payout.id, number)

    async def find(since: datetime) -> StripeTransfer | None:
        return await runtime.stripe.find_transfer(payout.id)

    return Call(Purpose.TRANSFER, payout.id, StripeTransfer, send, find, payout.attempt)


def bank_payout_of(runtime: PaymentsRuntime, payout: Payout) -> Call[StripePayout]:
    """From the practitioner's account to their bank."""

    async def send(number: int) -> StripePayout:
        return await runtime.stripe.payout(payout.money, payout.stripe_account_id or "", payout.id, number)

    async def find(since: datetime) -> StripePayout | None:
        return await runtime.stripe.find_payout(payout.stripe_account_id or "", payout.id, since)

    return Call(Purpose.BANK_PAYOUT, payout.id, StripePayout, send, find, payout.attempt)


def reversal_of(runtime: PaymentsRuntime, payout: Payout) -> Call[StripeReversal]:
    """From the practitioner's account back to our balance."""

    async def send(number: int) -> StripeReversal:
        return await runtime.stripe.reverse_transfer(payout.transfer_id or "", payout.amount, payout.id, number)

    async def find(since: datetime) -> StripeReversal | None:
        return await runtime.stripe.find_reversal(payout.transfer_id or "", payout.id)

    return Call(Purpose.REVERSAL, payout.id, StripeReversal, send, find, payout.attempt)
