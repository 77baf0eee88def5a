"""The steps of a payout at Stripe: transfer, bank payout, and the way back. Each may be repeated after a crash."""

from collections.abc import Awaitable, Callable, Mapping
from typing import NoReturn
from uuid import UUID

from services.payments.payouts import calls, progress, reductions
from services.payments.payouts.domain import TRANSITIONS, UNDER_WAY, BankState, PayoutStatus, Step
from services.payments.payouts.errors import NotReversible, PayoutOnHold, TransferRefused
from services.payments.payouts.models import Payout
from services.payments.payouts.repository import Payouts
from services.payments.runtime import PaymentsRuntime
from services.payments.stripe import provider_calls
from services.payments.stripe.domain import Purpose
from services.payments.stripe.errors import StripeRefused
from services.payments.stripe.objects import StripePayout, StripeReversal, StripeTransfer
from services.payments.stripe.requests import ACCOUNT_GONE
from shared.database.session import Session
from shared.observability.logs import logger
from shared.records.ids import new_id
from shared.records.state import transition

# Stripe may do it later: a new attempt is made, nothing has failed. What an account may do changes.
NOT_YET = frozenset(
    {
        ACCOUNT_GONE,
        "balance_insufficient",
        "insufficient_capabilities_for_transfer",
        "insufficient_funds",
        "payouts_limit_exceeded",
        "payouts_not_allowed",
    }
)
REVERSED_THERE = "The transfer was reversed at Stripe."
BANK_HAS_IT = "The bank has the money, or is about to get it: it cannot be fetched back now."
log = logger()


async def advance(runtime: PaymentsRuntime, payout: Payout) -> Payout:
    """Does the next step and answers the payout after it; StripeUnavailable means that nothing is known."""
    if payout.transfer_id is not None and payout.bank_payout_id is None:
        payout = await reductions.execute(runtime, payout)
    if payout.next_try_at is None:
        return payout
    return await STEPS[payout.step](runtime, payout)


async def _transfer(runtime: PaymentsRuntime, payout: Payout) -> Payout:
    try:
        made = await provider_calls.make(runtime, calls.transfer_of(runtime, payout))
    except PayoutOnHold:
        return await _stop(runtime, payout)
    except StripeRefused as refused:
        if refused.reason in NOT_YET:
            return await postpone(runtime, payout.id, refused.detail, again=Purpose.TRANSFER)
        async with runtime.db.transaction() as session:
            await progress.end(session, await Payouts(session).lock(payout.id), refused.detail)
        raise TransferRefused(refused.detail) from refused
    return await _transferred(runtime, payout.id, made)


async def _stop(runtime: PaymentsRuntime, payout: Payout) -> Payout:
    """Ends a payout with held money, unless its transfer was made; StripeUnavailable while that is not known."""
    made = await provider_calls.look_up(runtime, calls.transfer_of(runtime, payout))
    if made is not None:
        return await _transferred(runtime, payout.id, made)
    async with runtime.db.transaction() as session:
        payout = await Payouts(session).lock(payout.id)
        await progress.stop(session, payout)
    return payout


async def stop_held(runtime: PaymentsRuntime, payout_id: UUID) -> None:
    """Ends a payout with held money of which nothing was transferred, or may be."""
    async with runtime.db.transaction() as session:
        payout = await Payouts(session).lock(payout_id)
        if await calls.has_held_money(session, payout_id):
            await progress.stop(session, payout)


async def _transferred(runtime: PaymentsRuntime, payout_id: UUID, made: StripeTransfer) -> Payout:
    async with runtime.db.transaction() as session:
        payout = await Payouts(session).lock(payout_id)
        if payout.transfer_id is None:
            payout.transfer_id = made.id
            await progress.move(session, payout, "transferred", there=True)
            if payout.status is PayoutStatus.PROCESSING:
                progress.schedule_now(session, payout)
    return payout


async def _bank_payout(runtime: PaymentsRuntime, payout: Payout) -> Payout:
    try:
        made = await provider_calls.make(runtime, calls.bank_payout_of(runtime, payout))
    except StripeRefused as refused:
        if refused.reason in NOT_YET:
            return await postpone(runtime, payout.id, refused.detail, again=Purpose.BANK_PAYOUT)
        async with runtime.db.transaction() as session:
            return await progress.note(session, payout.id, BankState.FAILED, refused.detail)
    return await _sent(runtime, payout.id, made)


async def _sent(runtime: PaymentsRuntime, payout_id: UUID, made: StripePayout) -> Payout:
    async with runtime.db.transaction() as session:
        payout = await Payouts(session).lock(payout_id)
        if payout.bank_payout_id is None:
            payout.bank_payout_id, payout.at_bank_since = made.id, session.now()
        return await progress.note(session, payout.id, BankState(made.status), made.failure_message)


async def _check_status(runtime: PaymentsRuntime, payout: Payout) -> Payout:
    seen = await runtime.stripe.retrieve_payout(payout.bank_payout_id or "", payout.stripe_account_id or "")
    async with runtime.db.transaction() as session:
        return await progress.note(session, payout.id, BankState(seen.status), seen.failure_message)


async def _reverse(runtime: PaymentsRuntime, payout: Payout) -> Payout:
    """The money lies in the connected account: it is fetched back before it is available again."""
    if payout.ending:
        payout = await _learn_or_refuse(runtime, payout)
        if payout.status is not PayoutStatus.PROCESSING:
            return payout
        if not progress.has_come_back(payout) and payout.bank_payout_id is not None:
            payout = await _call_off(runtime, payout)
        if payout.transfer_id is None:
            return await _end(runtime, payout.id)
    try:
        made = await _fetch_back(runtime, payout)
    except StripeRefused as refused:
        why = f"The money could not be fetched back: {refused.detail}"
        if payout.ending:
            await _refuse_return(runtime, payout.id, why)
        return await postpone(runtime, payout.id, why, again=Purpose.REVERSAL)
    return await _reversed(runtime, payout.id, made)


async def _fetch_back(runtime: PaymentsRuntime, payout: Payout) -> StripeReversal:
    """Reverses what is left of the transfer; what was reversed at Stripe has come back already."""
    there = await runtime.stripe.retrieve_transfer(payout.transfer_id or "")
    left = min(payout.amount, there.amount - there.reversed_amount)
    call = calls.reversal_of(runtime, payout, left)
    if left > 0:
        return await provider_calls.make(runtime, call)
    return await provider_calls.look_up(runtime, call) or StripeReversal(there.reversal_id or "", payout.amount)


async def _call_off(runtime: PaymentsRuntime, payout: Payout) -> Payout:
    """Cancels a bank payout that has not left Stripe; raises NotReversible where the bank has it."""
    try:
        bank_payout_id, account_id = payout.bank_payout_id or "", payout.stripe_account_id or ""
        seen = await runtime.stripe.cancel_payout(bank_payout_id, account_id, payout.id, new_id())
    except StripeRefused:
        await _refuse_return(runtime, payout.id, BANK_HAS_IT)
    async with runtime.db.transaction() as session:
        return await progress.note(session, payout.id, BankState(seen.status), seen.failure_message)


async def apply_reversal(runtime: PaymentsRuntime, transfer_id: str) -> None:
    """A hint came that this transfer was reversed: if all of it is back, not by us, its payout has failed.

    Where a bank payout was asked for, its own answer comes first. A part of it is fetched back with the rest.
    """
    async with runtime.db.read() as session:
        payout = await Payouts(session).find_by_transfer(transfer_id)
    if payout is None or payout.reversal_id is not None:
        return
    seen = await runtime.stripe.retrieve_transfer(transfer_id)
    if seen.reversed_amount < seen.amount:
        return
    async with runtime.db.transaction() as session:
        payout = await Payouts(session).lock(payout.id)
        sent = await provider_calls.is_asked(session, Purpose.BANK_PAYOUT, payout.id)
        if payout.status in UNDER_WAY and not sent:
            payout.reason = payout.reason or REVERSED_THERE
            await _come_back(session, payout, seen.reversal_id or "")


async def _reversed(runtime: PaymentsRuntime, payout_id: UUID, made: StripeReversal) -> Payout:
    async with runtime.db.transaction() as session:
        payout = await Payouts(session).lock(payout_id)
        await _come_back(session, payout, made.id)
    return payout


async def _come_back(session: Session, payout: Payout, reversal_id: str) -> None:
    if payout.reversal_id is None:
        if payout.status is PayoutStatus.NEEDS_ATTENTION:
            progress.go_on(session, payout)
        payout.reversal_id = reversal_id
        await progress.move(session, payout, "reversed", there=False)
        await progress.end(session, payout, payout.reason)


async def _end(runtime: PaymentsRuntime, payout_id: UUID) -> Payout:
    """Nothing was transferred: the amount is available again."""
    async with runtime.db.transaction() as session:
        payout = await Payouts(session).lock(payout_id)
        if payout.status is PayoutStatus.PROCESSING and payout.transfer_id is None:
            await progress.end(session, payout, payout.reason)
    return payout


async def _refuse_return(runtime: PaymentsRuntime, payout_id: UUID, why: str) -> NoReturn:
    """The payout is staff's again, as before they ended it; always raises NotReversible."""
    async with runtime.db.transaction() as session:
        payout = await Payouts(session).lock(payout_id)
        await provider_calls.ask_anew(session, Purpose.REVERSAL, payout.id)
        if payout.status is PayoutStatus.PROCESSING:
            transition(payout, PayoutStatus.NEEDS_ATTENTION, TRANSITIONS)
            progress.clear_schedule(payout)
            await progress.note_outcome(session, payout, {"refused": NotReversible.code})
            payout.ending = False
            payout.reason = payout.reason if progress.has_come_back(payout) else None
            payout.give_up(why)
    raise NotReversible(why)


async def _learn_or_refuse(runtime: PaymentsRuntime, payout: Payout) -> Payout:
    try:
        return await learn(runtime, payout)
    except StripeRefused as refused:
        await _refuse_return(runtime, payout.id, f"Stripe does not show what became of the money: {refused.detail}")


async def learn(runtime: PaymentsRuntime, payout: Payout) -> Payout:
    """Looks up and keeps what has moved of the payout's money where an answer was lost; no call is under way then.

    Raises StripeUnavailable while that is not known, and StripeRefused where Stripe does not show it.
    """
    if payout.transfer_id is None:
        transfer = await provider_calls.look_up(runtime, calls.transfer_of(runtime, payout))
        return await _transferred(runtime, payout.id, transfer) if transfer else payout
    if payout.ending or progress.has_come_back(payout):
        reversal = await provider_calls.look_up(runtime, calls.reversal_of(runtime, payout))
        if reversal is not None:
            return await _reversed(runtime, payout.id, reversal)
    if payout.bank_payout_id is None:
        payout = await reductions.learn(runtime, payout)
        sent = await provider_calls.look_up(runtime, calls.bank_payout_of(runtime, payout))
        return await _sent(runtime, payout.id, sent) if sent else payout
    return payout if progress.has_come_back(payout) else await _check_status(runtime, payout)


async def postpone(runtime: PaymentsRuntime, payout_id: UUID, why: str, *, again: Purpose | None = None) -> Payout:
    """Tries again later; with `again` as a new request of that kind, since Stripe repeats a refusal for a key."""
    log.warning("payout.postponed", payout_id=str(payout_id), error=why)
    async with runtime.db.transaction() as session:
        payout = await Payouts(session).lock(payout_id)
        if payout.next_try_at is not None:
            if again is not None:
                await provider_calls.ask_anew(session, again, payout.id)
            payout.failing_since = payout.failing_since or session.now()
            progress.schedule_retry(session, payout, why)
    return payout


STEPS: Mapping[Step, Callable[[PaymentsRuntime, Payout], Awaitable[Payout]]] = {
    Step.TRANSFER: _transfer,
    Step.BANK_PAYOUT: _bank_payout,
    Step.CHECK_STATUS: _check_status,
    Step.REVERSE: _reverse,
}
