"""What a payout becomes, within one transaction. The practitioner is locked by whoever calls."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.payments.earnings.available import return_from_payout, settle_paid
from services.payments.ledger.domain import Account, Leg, connected_clearing, seller_in_payout, stripe_clearing
from services.payments.ledger.service import post
from services.payments.payouts.domain import BACK_OFF, HELD, TRANSITIONS, UNDER_WAY, BankState, PayoutStatus
from services.payments.payouts.models import Payout
from services.payments.payouts.repository import PayoutAccounts, PayoutReductions, Payouts
from services.payments.stripe.domain import Purpose
from services.payments.stripe.errors import StripeUnavailable
from services.payments.stripe.provider_calls import may_have_moved
from shared.database import audit
from shared.database.session import Session
from shared.events.payments import PayoutFailed, PayoutNeedsAttention, PayoutPaid
from shared.messaging.outbox import emit
from shared.records.clock import machine_now
from shared.records.ids import derived_id
from shared.records.state import transition

NOT_TAKEN = "The payout had ended before."
CAME_BACK = "The bank sent the money back after staff had marked it paid."
NOT_CONFIRMED = "The bank has not confirmed it yet."
AT_BANK = "The bank has had the money for ten days, and has neither confirmed it nor sent it back."


async def note(session: Session, payout_id: UUID, state: BankState, reason: str | None) -> Payout:
    """Keeps what the bank payout has become; only ever forward, so an old answer changes nothing (rule 7)."""
    await session.flush()
    payout = await Payouts(session).lock(payout_id)
    if state.came_back:
        await _came_back(session, payout, state, reason)
    elif state is BankState.PAID and payout.status in UNDER_WAY:
        await _paid(session, payout)
    elif payout.status is PayoutStatus.PROCESSING and not has_come_back(payout):
        payout.bank_state, payout.failing_since = state, None
        schedule_retry(session, payout, AT_BANK if payout.too_long_at_bank(session.now()) else NOT_CONFIRMED)
    return payout


async def _paid(session: Session, payout: Payout) -> None:
    if has_come_back(payout):
        return
    payout.bank_state = BankState.PAID
    await settle(session, payout, connected_clearing(payout.currency))


async def settle(session: Session, payout: Payout, far: Account) -> None:
    """The practitioner has the money, by way of `far`; what was posted as paid before is not posted again."""
    transition(payout, PayoutStatus.PAID, TRANSITIONS)
    clear_schedule(payout)
    await note_outcome(session, payout, {"status": payout.status})
    payout.ending, payout.reason = False, None
    await _drop_reductions(session, payout)
    if payout.paid_at is not None:
        return
    payout.paid_at = session.now()
    await settle_paid(session, payout.id)
    leg = Leg(seller_in_payout(payout.practitioner_id, payout.currency), far, payout.amount)
    await post(session, derived_id(payout.id, "paid"), "payout_paid", [leg], {"payout_id": payout.id})
    emit(session, PayoutPaid(**event_fields(payout)))


async def _came_back(session: Session, payout: Payout, state: BankState, reason: str | None) -> None:
    if has_come_back(payout) or payout.status is PayoutStatus.FAILED:
        return
    payout.at_bank_since, payout.bank_state = None, state
    if not (payout.ending and state is BankState.CANCELED):
        payout.reason = reason or "The bank did not take the money."
        account = await PayoutAccounts(session).find(payout.practitioner_id, lock=True)
        if account is not None:
            account.needs_details = True
    if payout.reference is not None:
        _ask_staff(payout)
        return
    if payout.status is PayoutStatus.NEEDS_ATTENTION:
        transition(payout, PayoutStatus.PROCESSING, TRANSITIONS)
    schedule_now(session, payout)


def _ask_staff(payout: Payout) -> None:
    """The practitioner may have had the money in another way: whether it is theirs once more is staff's to say."""
    transition(payout, PayoutStatus.NEEDS_ATTENTION, TRANSITIONS)
    clear_schedule(payout)
    payout.give_up(CAME_BACK)


async def end(session: Session, payout: Payout, reason: str | None) -> None:
    """It has failed: the amount is available again, debt first."""
    if payout.status is PayoutStatus.NEEDS_ATTENTION:
        transition(payout, PayoutStatus.PROCESSING, TRANSITIONS)
    transition(payout, PayoutStatus.FAILED, TRANSITIONS)
    payout.reason = reason
    clear_schedule(payout)
    await note_outcome(session, payout, {"status": payout.status})
    await _drop_reductions(session, payout)
    in_payout = seller_in_payout(payout.practitioner_id, payout.currency)
    await return_from_payout(session, payout.id, connected_clearing(payout.currency) if payout.paid_at else in_payout)
    emit(session, PayoutFailed(**event_fields(payout)))


async def note_outcome(session: Session, payout: Payout, outcome: Mapping[str, Any]) -> None:
    """Completes the audit row of staff who have ended the payout, if they have."""
    if payout.ending and payout.approval_id is not None:
        await audit.complete(session, payout.approval_id, outcome)


async def stop(session: Session, payout: Payout) -> bool:
    """Ends a payout because money of it is held, where no transfer was or may be made; answers whether it did."""
    untouched = payout.transfer_id is None and payout.status in UNDER_WAY
    if not untouched or await may_have_moved(session, Purpose.TRANSFER, payout.id):
        return False
    await end(session, payout, HELD)
    return True


async def _drop_reductions(session: Session, payout: Payout) -> None:
    """What refunds still wanted of the transfer stays debt. Raises StripeUnavailable where Stripe may have made it."""
    for wanted in await PayoutReductions(session).open_ones(payout.id):
        if await may_have_moved(session, Purpose.REDUCTION, wanted.id):
            raise StripeUnavailable
        wanted.reason, wanted.ended_at = NOT_TAKEN, session.now()


async def move(session: Session, payout: Payout, step: str, *, there: bool) -> None:
    """Posts the payout's amount to the connected account, or back from it."""
    here, far = stripe_clearing(payout.currency), connected_clearing(payout.currency)
    leg = Leg(far, here, payout.amount) if there else Leg(here, far, payout.amount)
    await post(session, derived_id(payout.id, step), f"payout_{step}", [leg], {"payout_id": payout.id})


def has_come_back(payout: Payout) -> bool:
    """Whether the bank payout failed, so that the money lies in the connected account."""
    return payout.bank_state is not None and payout.bank_state.came_back


def go_on(session: Session, payout: Payout) -> None:
    """Lets staff's retry do the next step; a bank that has the money gets its days again."""
    transition(payout, PayoutStatus.PROCESSING, TRANSITIONS)
    payout.at_bank_since = session.now() if payout.at_bank_since else None
    schedule_now(session, payout)


def schedule_now(session: Session, payout: Payout) -> None:
    """The next step is due now, as if none had failed before."""
    payout.failing_since = None
    payout.start_over()
    session.wake_jobs_after_commit("advance_payouts")


def bring_forward(session: Session, payout: Payout) -> None:
    """The next step, if the payout has one, is due now."""
    if payout.next_try_at is not None:
        payout.next_try_at = machine_now()
        session.wake_jobs_after_commit("advance_payouts")


def clear_schedule(payout: Payout) -> None:
    """Nothing is to be done."""
    payout.failing_since = None
    payout.succeeded()


def schedule_retry(session: Session, payout: Payout, why: str) -> None:
    """The next try, or, where this has lasted too long, staff's turn. The step was tried just now."""
    payout.failed(why, BACK_OFF)
    if payout.failing_too_long(session.now()) or payout.too_long_at_bank(session.now()):
        transition(payout, PayoutStatus.NEEDS_ATTENTION, TRANSITIONS)
        payout.give_up(why)
        emit(session, PayoutNeedsAttention(**event_fields(payout)))


def event_fields(payout: Payout) -> Mapping[str, Any]:
    """The fields of every event about the payout."""
    return {
        "payout_id": payout.id,
        "practitioner_id": payout.practitioner_id,
        "user_id": payout.user_id,
        "amount": payout.money,
        "reason": payout.shown_reason,
    }
