"""The calls that move a payout's money, each with the way to find what an earlier one has made."""

from datetime import datetime
from uuid import UUID

from services.payments.earnings.repository import Earnings
from services.payments.holds.repository import EarningHolds
from services.payments.payouts.domain import Step
from services.payments.payouts.errors import PayoutOnHold
from services.payments.payouts.models import Payout, PayoutReduction
from services.payments.payouts.repository import PayoutReductions, Payouts
from services.payments.runtime import PaymentsRuntime
from services.payments.stripe.domain import Purpose
from services.payments.stripe.errors import StripeUnavailable
from services.payments.stripe.objects import StripePayout, StripeReversal, StripeTransfer
from services.payments.stripe.provider_calls import Call, Ready
from shared.database.session import Session

CHANGED = "The payout has changed meanwhile; its next step is tried again."


def transfer_of(runtime: PaymentsRuntime, payout: Payout) -> Call[StripeTransfer]:
    """From our balance to the practitioner's account; PayoutOnHold while a cause holds money of it."""

    async def send(number: int) -> StripeTransfer:
        return await runtime.stripe.transfer(payout.money, payout.stripe_account_id or "", payout.id, number)

    async def find(since: datetime) -> StripeTransfer | None:
        return await runtime.stripe.find_transfer(payout.id)

    unchanged = _unchanged(payout, Step.TRANSFER)

    async def ready(session: Session) -> None:
        await unchanged(session)
        if await has_held_money(session, payout.id):
            raise PayoutOnHold

    return Call(Purpose.TRANSFER, payout.id, StripeTransfer, send, find, payout.attempt, ready)


async def has_held_money(session: Session, payout_id: UUID) -> bool:
    """Whether a cause holds any of what the payout has taken; the practitioner is locked, as by who opens a hold."""
    entries = await Earnings(session).of_payout(payout_id)
    return bool(await EarningHolds(session).among([entry.line_id for entry in entries]))


def bank_payout_of(runtime: PaymentsRuntime, payout: Payout) -> Call[StripePayout]:
    """From the practitioner's account to their bank, once nothing more is to be taken back for refunds."""

    async def send(number: int) -> StripePayout:
        return await runtime.stripe.payout(payout.money, payout.stripe_account_id or "", payout.id, number)

    async def find(since: datetime) -> StripePayout | None:
        return await runtime.stripe.find_payout(payout.stripe_account_id or "", payout.id, since)

    ready = _unchanged(payout, Step.BANK_PAYOUT)
    return Call(Purpose.BANK_PAYOUT, payout.id, StripePayout, send, find, payout.attempt, ready)


def reversal_of(runtime: PaymentsRuntime, payout: Payout, left: int = 0) -> Call[StripeReversal]:
    """From the practitioner's account back to our balance: all that is `left` there of the payout."""

    async def send(number: int) -> StripeReversal:
        return await runtime.stripe.reverse_transfer(payout.transfer_id or "", left, payout.id, number)

    async def find(since: datetime) -> StripeReversal | None:
        return await runtime.stripe.find_reversal(payout.transfer_id or "", payout.id)

    ready = _unchanged(payout, Step.REVERSE)
    return Call(Purpose.REVERSAL, payout.id, StripeReversal, send, find, payout.attempt, ready)


def reduction_of(runtime: PaymentsRuntime, payout: Payout, planned: PayoutReduction) -> Call[StripeReversal]:
    """From the practitioner's account back to our balance: the part that a refund takes."""
    transfer_id = payout.transfer_id or ""

    async def send(number: int) -> StripeReversal:
        return await runtime.stripe.reduce_transfer(transfer_id, planned.amount, planned.id, number)

    async def find(since: datetime) -> StripeReversal | None:
        return await runtime.stripe.find_reduction(transfer_id, planned.id)

    async def ready(session: Session) -> None:
        await Payouts(session).lock(planned.payout_id)
        if (await PayoutReductions(session).get(planned.id)).ended_at is not None:
            raise StripeUnavailable(CHANGED)

    return Call(Purpose.REDUCTION, planned.id, StripeReversal, send, find, ready=ready)


def _unchanged(seen: Payout, step: Step) -> Ready:
    """The payout is still as it was seen, and once transferred no refund wants a part of it: none can from here on."""

    async def ready(session: Session) -> None:
        payout = await Payouts(session).lock(seen.id)
        same = payout.next_try_at is not None and (payout.step, payout.amount) == (step, seen.amount)
        if not same or (step is not Step.TRANSFER and await PayoutReductions(session).open_ones(payout.id)):
            raise StripeUnavailable(CHANGED)

    return ready
