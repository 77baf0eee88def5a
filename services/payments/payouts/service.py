"""Use cases of payouts: request, decide, and what Stripe's webhooks say. The steps at Stripe are in `execution`."""

from datetime import datetime, timedelta
from uuid import UUID

from services.payments.earnings.available import release, reserve, return_from_payout
from services.payments.earnings.repository import Earnings, PractitionerLocks
from services.payments.earnings.service import own_practitioner_id
from services.payments.holds.repository import PayoutHolds
from services.payments.ledger.domain import seller_available, seller_in_payout
from services.payments.ledger.service import balance_of
from services.payments.payouts import accounts, execution, progress
from services.payments.payouts.domain import TRANSITIONS, BankState, PayoutStatus, Step
from services.payments.payouts.errors import (
    BelowMinimum,
    InsufficientFunds,
    PayoutAccountMissing,
    PayoutsNotEnabled,
    PayoutsOnHold,
)
from services.payments.payouts.models import Payout, PayoutAccount
from services.payments.payouts.repository import PayoutAccounts, Payouts
from services.payments.payouts.schemas import PayoutView
from services.payments.people.repository import WaitingErasures
from services.payments.runtime import PaymentsRuntime
from services.payments.settings import PaymentsSettings
from shared.auth.verification import Caller
from shared.database import audit
from shared.database.idempotency import IdempotentOperation
from shared.database.session import Session
from shared.events.payments import PayoutApproved, PayoutRejected, PayoutRequested
from shared.messaging.outbox import emit
from shared.records.currencies import payout_step
from shared.records.ids import derived_id, new_id
from shared.records.money import Money, check_amount
from shared.records.state import transition
from shared.work.attempts import REQUEST_LEASE

# What was approved without staff in this time counts towards the threshold (business time).
WINDOW = timedelta(hours=24)


async def request(session: Session, settings: PaymentsSettings, caller: Caller, wanted: Money | None) -> Payout:
    """Reserves the amount, or all that is available; staff decide next. Who is to be erased has no minimum.

    Raises PayoutsOnHold, BelowMinimum, PayoutAccountMissing, InsufficientFunds.
    """
    practitioner_id = own_practitioner_id(caller)
    await PractitionerLocks(session).lock(practitioner_id)
    await _demand_no_hold(session, practitioner_id)
    unit = payout_step(settings.currency)
    least = await _least(session, settings, caller.user_id)
    if wanted is not None and check_amount(wanted, settings.currency, "amount", unit).amount < least:
        raise BelowMinimum(field="amount")
    account = await PayoutAccounts(session).find(practitioner_id)
    if account is None or account.stripe_account_id is None:
        raise PayoutAccountMissing
    # Whoever is due is released first, so that no job has to come in between.
    await release(session, practitioner_id, session.now())
    available = await balance_of(session, seller_available(practitioner_id, settings.currency))
    amount = available - available % unit if wanted is None else wanted.amount
    if amount < least:
        raise BelowMinimum(field="amount")
    if amount > available:
        raise InsufficientFunds(field="amount")
    return await _make(session, account, Money(amount, settings.currency))


async def _least(session: Session, settings: PaymentsSettings, user_id: UUID) -> int:
    """The least payout, minor units; for who is to be erased what can be paid at all."""
    is_leaving = await WaitingErasures(session).has(user_id)
    return payout_step(settings.currency) if is_leaving else settings.payout_minimum


async def _demand_no_hold(session: Session, practitioner_id: UUID) -> None:
    """The practitioner is locked, as by who opens a hold."""
    if await PayoutHolds(session).include(practitioner_id):
        raise PayoutsOnHold


async def request_weekly(
    session: Session, settings: PaymentsSettings, practitioner_id: UUID, batch_at: datetime
) -> Payout | None:
    """The batch of that Monday, once: all that was available then, if it is enough and can be paid."""
    await release(session, practitioner_id, batch_at)
    available = await Earnings(session).payable(practitioner_id, settings.currency, batch_at)
    available -= available % payout_step(settings.currency)
    account = await PayoutAccounts(session).find(practitioner_id, lock=True)
    if account is None or (account.batched_at is not None and account.batched_at >= batch_at):
        return None
    if await PayoutHolds(session).include(practitioner_id):
        return None
    account.batched_at, account.tries = batch_at, 0
    account.succeeded()
    payable = account.payouts_enabled and not account.needs_details
    if not payable or available < await _least(session, settings, account.user_id):
        return None
    return await _make(session, account, Money(available, settings.currency), batch_at)


async def request_last(session: Session, settings: PaymentsSettings, practitioner_id: UUID) -> Payout | None:
    """All that is available to a practitioner who is to be erased and cannot ask any more; staff decide about it."""
    await release(session, practitioner_id, session.now())
    account = await PayoutAccounts(session).find(practitioner_id, lock=True)
    available = await balance_of(session, seller_available(practitioner_id, settings.currency))
    available -= available % payout_step(settings.currency)
    if account is None or available <= 0 or await PayoutHolds(session).include(practitioner_id):
        return None
    account.tries = 0
    account.succeeded()
    return await _make(session, account, Money(available, settings.currency))


async def _make(session: Session, account: PayoutAccount, amount: Money, batch_at: datetime | None = None) -> Payout:
    payout = Payout(
        id=new_id(),
        practitioner_id=account.practitioner_id,
        user_id=account.user_id,
        currency=amount.currency,
        amount=amount.amount,
        status=PayoutStatus.ELIGIBLE,
        batch_at=batch_at,
        attempt=1,
        tries=0,
        created_at=session.now(),
    )
    session.add(payout)
    await session.flush()
    await reserve(session, payout.practitioner_id, payout.id, payout.money)
    emit(session, PayoutRequested(**progress.event_fields(payout)))
    return payout


async def approve(runtime: PaymentsRuntime, caller: Caller, payout_id: UUID, once: IdempotentOperation) -> PayoutView:
    """Lets the payout go and makes the Stripe transfer; the bank payout follows by a job.

    Raises PayoutsNotEnabled, PayoutsOnHold, IllegalTransition, TransferRefused (then it has failed). A repeat with the
    same key after a crash goes on where it stopped.
    """
    async with runtime.db.read() as session:
        practitioner_id = (await Payouts(session).get(payout_id, caller)).practitioner_id
    await accounts.demand_enabled(runtime, practitioner_id)
    async with runtime.db.transaction() as session:
        await once.start(session)
        payout = await start(session, payout_id, once.id, caller)
    if payout.step is Step.TRANSFER:
        payout = await execution.advance(runtime, payout)
    view = PayoutView.of(payout)
    async with runtime.db.autocommit() as session:
        await once.done(session, 200, view)
    return view


async def start(session: Session, payout_id: UUID, approval_id: UUID, caller: Caller | None) -> Payout:
    """Moves an eligible payout to processing; `caller` is None where the threshold approves it."""
    payout = await Payouts(session).lock(payout_id, caller)
    if payout.approval_id == approval_id:
        return payout
    account = await PayoutAccounts(session).find(payout.practitioner_id)
    if account is None or not account.payouts_enabled:
        raise PayoutsNotEnabled
    await _demand_no_hold(session, payout.practitioner_id)
    before = payout.status
    transition(payout, PayoutStatus.PROCESSING, TRANSITIONS)
    payout.approval_id, payout.approved_at = approval_id, session.now()
    payout.approved_by = caller.user_id if caller else None
    payout.stripe_account_id = account.stripe_account_id
    payout.start_over()
    payout.lease(REQUEST_LEASE)
    if caller is not None:
        await audit.record(
            session, caller.user_id, "payout.approve", payout.id, {"status": before}, {"status": payout.status}
        )
    emit(session, PayoutApproved(**progress.event_fields(payout)))
    return payout


async def approve_small(session: Session, payout_id: UUID, below: int) -> bool:
    """Approves a payout without staff while it stays below the threshold; False where it does so no longer.

    Under the practitioner's lock, so that payouts of one practitioner are counted one after the other.
    """
    payout = await Payouts(session).lock(payout_id)
    before = await Payouts(session).approved_alone(payout.practitioner_id, session.now() - WINDOW)
    if payout.status is not PayoutStatus.ELIGIBLE or before + payout.amount >= below:
        return False
    payout = await start(session, payout_id, derived_id(payout_id, "approval"), None)
    payout.start_over()
    session.wake_jobs_after_commit("advance_payouts")
    return True


async def reject(session: Session, caller: Caller, payout_id: UUID, reason: str | None) -> Payout:
    """Refuses an eligible payout; its amount is available again, debt first."""
    payout = await Payouts(session).lock(payout_id, caller)
    before = payout.status
    transition(payout, PayoutStatus.REJECTED, TRANSITIONS)
    payout.reason = reason
    after = {"status": payout.status}
    await audit.record(session, caller.user_id, "payout.reject", payout.id, {"status": before}, after, reason=reason)
    await return_from_payout(session, payout.id, seller_in_payout(payout.practitioner_id, payout.currency))
    emit(session, PayoutRejected(**progress.event_fields(payout)))
    return payout


async def apply_bank_payout(runtime: PaymentsRuntime, stripe_payout_id: str, account: str) -> None:
    """A webhook named this bank payout: asks Stripe how it stands and moves ours forward, whatever came in between."""
    async with runtime.db.read() as session:
        payout = await Payouts(session).find_by_bank_payout(stripe_payout_id)
    if payout is None or payout.stripe_account_id != account:
        return
    seen = await runtime.stripe.retrieve_payout(stripe_payout_id, account)
    async with runtime.db.transaction() as session:
        await progress.note(session, payout.id, BankState(seen.status), seen.failure_message)


async def transfer_reversed(runtime: PaymentsRuntime, transfer_id: str) -> None:
    """A webhook named this transfer: one that came back, and not by us, ends its payout."""
    await execution.apply_reversal(runtime, transfer_id)


async def account_changed(runtime: PaymentsRuntime, stripe_account_id: str) -> None:
    """A webhook named this account: asks Stripe for its state; another bank account lets the weekly batch try again."""
    await accounts.refresh(runtime, stripe_account_id)
