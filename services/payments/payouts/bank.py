"""The steps of a payout at Stripe: transfer, bank payout, and the way back. Each may be repeated after a crash."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NoReturn
from uuid import UUID

from services.payments.earnings.available import give_back, settle_paid
from services.payments.errors import StripeRefused
from services.payments.ledger.domain import Account, Leg, connected_clearing, seller_in_payout, stripe_clearing
from services.payments.ledger.service import post
from services.payments.payouts import calls
from services.payments.payouts.domain import TRANSITIONS, BankState, PayoutStatus, Step, back_off
from services.payments.payouts.errors import NotReversible, TransferRefused
from services.payments.payouts.models import Payout
from services.payments.payouts.repository import PayoutAccounts, Payouts
from services.payments.provider_calls import service as provider_calls
from services.payments.provider_calls.domain import Purpose
from services.payments.runtime import PaymentsRuntime
from services.payments.stripe_objects import StripePayout, StripeReversal, StripeTransfer
from shared.clock import machine_now
from shared.db import Session
from shared.events.payments import PayoutFailed, PayoutPaid
from shared.ids import derived_id
from shared.logs import logger
from shared.outbox import emit
from shared.state import transition

# Stripe will have the money later: a new attempt is made, nothing has failed.
NOT_YET = frozenset({"balance_insufficient", "insufficient_funds"})
UNDER_WAY = frozenset({PayoutStatus.PROCESSING, PayoutStatus.NEEDS_ATTENTION})
AT_BANK = "The bank has had the money for ten days, and has neither confirmed it nor sent it back."
BANK_HAS_IT = "The bank has the money, or is about to get it: it cannot be fetched back now."
log = logger()


async def advance(runtime: PaymentsRuntime, payout: Payout) -> Payout:
    """Does the next step and answers the payout after it; StripeUnavailable means that nothing is known."""
    if payout.next_try_at is None:
        return payout
    return await STEPS[payout.step](runtime, payout)


async def _transfer(runtime: PaymentsRuntime, payout: Payout) -> Payout:
    try:
        made = await provider_calls.make(runtime, calls.transfer_of(runtime, payout))
    except StripeRefused as refused:
        if refused.reason in NOT_YET:
            return await postpone(runtime, payout.id, refused.detail, again=Purpose.TRANSFER)
        async with runtime.db.transaction() as session:
            await _fail(session, await Payouts(session).lock(payout.id), refused.detail)
        raise TransferRefused(refused.detail) from refused
    return await _transferred(runtime, payout.id, made)


async def _transferred(runtime: PaymentsRuntime, payout_id: UUID, made: StripeTransfer) -> Payout:
    async with runtime.db.transaction() as session:
        payout = await Payouts(session).lock(payout_id)
        if payout.transfer_id is None:
            payout.transfer_id = made.id
            await _move(session, payout, "transferred", there=True)
            if payout.status is PayoutStatus.PROCESSING:
                _soon(session, payout)
    return payout


async def _bank_payout(runtime: PaymentsRuntime, payout: Payout) -> Payout:
    try:
        made = await provider_calls.make(runtime, calls.bank_payout_of(runtime, payout))
    except StripeRefused as refused:
        if refused.reason in NOT_YET:
            return await postpone(runtime, payout.id, refused.detail, again=Purpose.BANK_PAYOUT)
        async with runtime.db.transaction() as session:
            return await note(session, payout.id, BankState.FAILED, refused.detail)
    return await _sent(runtime, payout.id, made)


async def _sent(runtime: PaymentsRuntime, payout_id: UUID, made: StripePayout) -> Payout:
    async with runtime.db.transaction() as session:
        payout = await Payouts(session).lock(payout_id)
        if payout.bank_payout_id is None:
            payout.bank_payout_id, payout.at_bank_since = made.id, session.now()
        return await note(session, payout.id, BankState(made.status), made.failure_message)


async def _look(runtime: PaymentsRuntime, payout: Payout) -> Payout:
    seen = await runtime.stripe.retrieve_payout(payout.bank_payout_id or "", payout.stripe_account_id or "")
    async with runtime.db.transaction() as session:
        return await note(session, payout.id, BankState(seen.status), seen.failure_message)


async def _reverse(runtime: PaymentsRuntime, payout: Payout) -> Payout:
    """The money lies in the connected account: it is fetched back before it is available again."""
    if payout.ending:
        payout = await learn(runtime, payout)
        if payout.status is not PayoutStatus.PROCESSING:
            return payout
        if not _is_back(payout) and payout.bank_payout_id is not None:
            await _refuse_return(runtime, payout.id, BANK_HAS_IT)
        if payout.transfer_id is None:
            return await _end(runtime, payout.id)
    try:
        made = await provider_calls.make(runtime, calls.reversal_of(runtime, payout))
    except StripeRefused as refused:
        why = f"The money could not be fetched back: {refused.detail}"
        if payout.ending:
            await _refuse_return(runtime, payout.id, why)
        return await postpone(runtime, payout.id, why, again=Purpose.REVERSAL)
    return await _reversed(runtime, payout.id, made)


async def _reversed(runtime: PaymentsRuntime, payout_id: UUID, made: StripeReversal) -> Payout:
    async with runtime.db.transaction() as session:
        payout = await Payouts(session).lock(payout_id)
        if payout.reversal_id is None:
            if payout.status is PayoutStatus.NEEDS_ATTENTION:
                go_on(session, payout)
            payout.reversal_id = made.id
            await _move(session, payout, "reversed", there=False)
            await _fail(session, payout, payout.reason)
    return payout


async def _end(runtime: PaymentsRuntime, payout_id: UUID) -> Payout:
    """Nothing was transferred: the amount is available again."""
    async with runtime.db.transaction() as session:
        payout = await Payouts(session).lock(payout_id)
        if payout.status is PayoutStatus.PROCESSING and payout.transfer_id is None:
            await _fail(session, payout, payout.reason)
    return payout


async def _refuse_return(runtime: PaymentsRuntime, payout_id: UUID, why: str) -> NoReturn:
    """The payout is staff's again, as before they ended it; always raises NotReversible."""
    async with runtime.db.transaction() as session:
        payout = await Payouts(session).lock(payout_id)
        await provider_calls.ask_anew(session, Purpose.REVERSAL, payout.id)
        if payout.status is PayoutStatus.PROCESSING:
            transition(payout, PayoutStatus.NEEDS_ATTENTION, TRANSITIONS)
            _over(payout)
            payout.ending, payout.fault = False, why
    raise NotReversible(why)


async def learn(runtime: PaymentsRuntime, payout: Payout) -> Payout:
    """Looks up and keeps what has moved of the payout's money where an answer was lost; no call is under way then.

    Raises StripeUnavailable while that is not known.
    """
    if payout.transfer_id is None:
        transfer = await provider_calls.look_up(runtime, calls.transfer_of(runtime, payout))
        return await _transferred(runtime, payout.id, transfer) if transfer else payout
    if payout.ending or _is_back(payout):
        reversal = await provider_calls.look_up(runtime, calls.reversal_of(runtime, payout))
        if reversal is not None:
            return await _reversed(runtime, payout.id, reversal)
    if payout.bank_payout_id is None:
        sent = await provider_calls.look_up(runtime, calls.bank_payout_of(runtime, payout))
        return await _sent(runtime, payout.id, sent) if sent else payout
    return payout if _is_back(payout) else await _look(runtime, payout)


async def note(session: Session, payout_id: UUID, state: BankState, reason: str | None) -> Payout:
    """Keeps what the bank payout has become; only ever forward, so an old answer changes nothing (rule 7)."""
    await session.flush()
    payout = await Payouts(session).lock(payout_id)
    if state.came_back:
        await _came_back(session, payout, state, reason)
    elif state is BankState.PAID and payout.status in UNDER_WAY:
        await _paid(session, payout)
    elif payout.status is PayoutStatus.PROCESSING and not _is_back(payout):
        payout.bank_state, payout.failing_since = state, None
        _later(session, payout, AT_BANK)
    return payout


async def _paid(session: Session, payout: Payout) -> None:
    if _is_back(payout):
        return
    payout.bank_state = BankState.PAID
    await settle(session, payout, connected_clearing(payout.currency))


async def settle(session: Session, payout: Payout, far: Account) -> None:
    """The practitioner has the money, by way of `far`; what was posted as paid before is not posted again."""
    transition(payout, PayoutStatus.PAID, TRANSITIONS)
    _over(payout)
    payout.ending = False
    if payout.paid_at is not None:
        return
    payout.paid_at = session.now()
    await settle_paid(session, payout.id)
    leg = Leg(seller_in_payout(payout.practitioner_id, payout.currency), far, payout.amount)
    await post(session, derived_id(payout.id, "paid"), "payout_paid", [leg], {"payout_id": payout.id})
    emit(session, PayoutPaid(**told(payout)))


async def _came_back(session: Session, payout: Payout, state: BankState, reason: str | None) -> None:
    if _is_back(payout) or payout.status is PayoutStatus.FAILED:
        return
    payout.at_bank_since = None
    payout.bank_state, payout.reason = state, reason or "The bank did not take the money."
    account = await PayoutAccounts(session).find(payout.practitioner_id, lock=True)
    if account is not None:
        account.needs_details = True
    if payout.status is PayoutStatus.NEEDS_ATTENTION:
        transition(payout, PayoutStatus.PROCESSING, TRANSITIONS)
    _soon(session, payout)


async def _fail(session: Session, payout: Payout, reason: str | None) -> None:
    """The amount is available again, debt first. The seller is locked."""
    transition(payout, PayoutStatus.FAILED, TRANSITIONS)
    payout.reason = reason
    _over(payout)
    in_payout = seller_in_payout(payout.practitioner_id, payout.currency)
    await give_back(session, payout.id, connected_clearing(payout.currency) if payout.paid_at else in_payout)
    emit(session, PayoutFailed(**told(payout)))


async def postpone(runtime: PaymentsRuntime, payout_id: UUID, why: str, *, again: Purpose | None = None) -> Payout:
    """Tries again later; with `again` as a new request of that kind, since Stripe repeats a refusal for a key."""
    log.warning("payout.postponed", payout_id=str(payout_id), error=why)
    async with runtime.db.transaction() as session:
        payout = await Payouts(session).lock(payout_id)
        if payout.next_try_at is not None:
            if again is not None:
                await provider_calls.ask_anew(session, again, payout.id)
            payout.failing_since = payout.failing_since or session.now()
            _later(session, payout, why)
    return payout


async def _move(session: Session, payout: Payout, step: str, *, there: bool) -> None:
    here, far = stripe_clearing(payout.currency), connected_clearing(payout.currency)
    leg = Leg(far, here, payout.amount) if there else Leg(here, far, payout.amount)
    await post(session, derived_id(payout.id, step), f"payout_{step}", [leg], {"payout_id": payout.id})


def _is_back(payout: Payout) -> bool:
    return payout.bank_state is not None and payout.bank_state.came_back


def go_on(session: Session, payout: Payout) -> None:
    """Lets staff's retry do the next step; a bank that has the money gets its days again."""
    transition(payout, PayoutStatus.PROCESSING, TRANSITIONS)
    payout.at_bank_since = session.now() if payout.at_bank_since else None
    _soon(session, payout)


def _soon(session: Session, payout: Payout) -> None:
    _over(payout)
    payout.tries, payout.next_try_at = 0, machine_now()
    session.wake_jobs_after_commit("advance_payouts")


def _over(payout: Payout) -> None:
    payout.next_try_at = payout.failing_since = payout.fault = None


def _later(session: Session, payout: Payout, why: str) -> None:
    """The next try, or, where this has lasted too long, staff's turn. The step was tried just now."""
    payout.next_try_at = machine_now() + back_off(payout.tries)
    payout.tries += 1
    if payout.failing_too_long(session.now()) or payout.too_long_at_bank(session.now()):
        transition(payout, PayoutStatus.NEEDS_ATTENTION, TRANSITIONS)
        payout.fault, payout.next_try_at = why, None


def told(payout: Payout) -> Mapping[str, Any]:
    """The fields of every event about the payout."""
    return {
        "payout_id": payout.id,
        "practitioner_id": payout.practitioner_id,
        "user_id": payout.user_id,
        "amount": payout.money,
        "reason": payout.shown_reason,
    }


STEPS: Mapping[Step, Callable[[PaymentsRuntime, Payout], Awaitable[Payout]]] = {
    Step.TRANSFER: _transfer,
    Step.BANK_PAYOUT: _bank_payout,
    Step.LOOK: _look,
    Step.REVERSE: _reverse,
}
