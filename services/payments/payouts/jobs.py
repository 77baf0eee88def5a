"""Periodic work on payouts."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from services.payments.payouts import execution, service
from services.payments.payouts.domain import BACK_OFF, PayoutStatus, last_batch
from services.payments.payouts.errors import NotReversible, TransferRefused
from services.payments.payouts.models import Payout
from services.payments.payouts.repository import PayoutAccounts, Payouts
from services.payments.runtime import PaymentsRuntime
from shared.database.session import Session
from shared.errors import AppError
from shared.records.clock import machine_now
from shared.records.currencies import payout_step
from shared.work.attempts import reason_of, short
from shared.work.jobs import Job, Jobs, each, each_page

BATCH = 50
INTERNAL_ERROR = "This could not be carried out because of an internal error."


async def advance_payouts(runtime: PaymentsRuntime) -> int:
    """Does the next step of every payout that is under way; returns how many got on."""
    async with runtime.db.read() as session:
        due = await Payouts(session).due(machine_now(), BATCH)
    return await each(due, partial(_advance, runtime), partial(_defer, runtime))


async def _advance(runtime: PaymentsRuntime, payout_id: UUID) -> bool:
    async with runtime.db.read() as session:
        payout = await Payouts(session).get(payout_id)
    before = _position(payout)
    try:
        return _position(await execution.advance(runtime, payout)) != before
    except (TransferRefused, NotReversible):
        return True


async def _defer(runtime: PaymentsRuntime, payout_id: UUID, error: Exception) -> None:
    await execution.postpone(runtime, payout_id, _shown(error))


def _shown(error: Exception) -> str:
    """What the practitioner may read of it; the log has the rest."""
    return error.detail if isinstance(error, AppError) else INTERNAL_ERROR


def _position(payout: Payout) -> tuple[PayoutStatus, str]:
    return payout.status, payout.step


async def learn_of_payouts(runtime: PaymentsRuntime) -> int:
    """Asks Stripe what became of the calls that nobody has answered, for payouts that wait for staff.

    Those under way ask in their next step. Returns how many are known now; staff decide about them as before, unless
    money is held of which nothing was transferred.
    """
    return await each_page(runtime.db, _unanswered, partial(_learn, runtime))


async def _unanswered(session: Session, after: UUID | None) -> Sequence[UUID]:
    return await Payouts(session).unanswered(after, BATCH)


async def _learn(runtime: PaymentsRuntime, payout_id: UUID) -> bool:
    async with runtime.db.read() as session:
        payout = await Payouts(session).get(payout_id)
    payout = await execution.learn(runtime, payout)
    if payout.transfer_id is None:
        await execution.stop_held(runtime, payout.id)
    return True


async def approve_small_payouts(runtime: PaymentsRuntime) -> int:
    """Approves what lies below the threshold; returns how many. Off while the threshold is zero."""
    below = runtime.settings.auto_approve_below
    if below == 0:
        return 0
    async with runtime.db.read() as session:
        small = await Payouts(session).small(below, session.now() - service.WINDOW, BATCH)
    return await each(small, partial(_approve, runtime, below), partial(_approve_later, runtime))


async def _approve(runtime: PaymentsRuntime, below: int, payout_id: UUID) -> bool:
    async with runtime.db.transaction() as session:
        return await service.approve_small(session, payout_id, below)


async def _approve_later(runtime: PaymentsRuntime, payout_id: UUID, error: Exception) -> None:
    async with runtime.db.transaction() as session:
        payout = await Payouts(session).lock(payout_id)
        if payout.status is PayoutStatus.ELIGIBLE:
            payout.tries, payout.last_error = payout.tries + 1, short(_shown(error))


async def request_weekly_payouts(runtime: PaymentsRuntime) -> int:
    """The batch of the last Monday 06:00 UTC (business time) for who asked for it; returns at how many it looked."""
    batch_at = last_batch(runtime.clock.now())
    async with runtime.db.read() as session:
        waiting = await PayoutAccounts(session).waiting_for_batch(batch_at, BATCH)
    return await each(waiting, partial(_request, runtime, batch_at), partial(_request_later, runtime))


async def _request(runtime: PaymentsRuntime, batch_at: datetime, practitioner_id: UUID) -> bool:
    async with runtime.db.transaction() as session:
        await service.request_weekly(session, runtime.settings, practitioner_id, batch_at)
    return True


async def _request_later(runtime: PaymentsRuntime, practitioner_id: UUID, error: Exception) -> None:
    async with runtime.db.transaction() as session:
        account = await PayoutAccounts(session).find(practitioner_id, lock=True)
        if account is not None:
            account.failed(reason_of(error), BACK_OFF)


async def request_last_payouts(runtime: PaymentsRuntime) -> int:
    """What is available to practitioners who are to be erased and cannot ask for it; returns how many payouts."""
    unit = payout_step(runtime.settings.currency)
    async with runtime.db.read() as session:
        waiting = await PayoutAccounts(session).to_be_erased(unit, BATCH)
    return await each(waiting, partial(_request_last, runtime), partial(_request_later, runtime))


async def _request_last(runtime: PaymentsRuntime, practitioner_id: UUID) -> bool:
    async with runtime.db.transaction() as session:
        return await service.request_last(session, runtime.settings, practitioner_id) is not None


JOBS: Jobs = {
    "advance_payouts": Job(advance_payouts, every=1.0),
    "learn_of_payouts": Job(learn_of_payouts, every=300.0),
    "approve_small_payouts": Job(approve_small_payouts, every=2.0),
    "request_weekly_payouts": Job(request_weekly_payouts, every=5.0),
    "request_last_payouts": Job(request_last_payouts, every=5.0),
}
