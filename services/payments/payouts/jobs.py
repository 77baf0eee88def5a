"""Periodic work on payouts."""

from uuid import UUID

from services.payments.errors import StripeUnavailable
from services.payments.payouts import bank, service
from services.payments.payouts.domain import PayoutStatus, last_batch
from services.payments.payouts.errors import TransferRefused
from services.payments.payouts.models import Payout
from services.payments.payouts.repository import PayoutAccounts, Payouts
from services.payments.runtime import PaymentsRuntime
from shared.clock import machine_now
from shared.jobs import Job, Jobs

AT_ONCE = 50


async def advance_payouts(runtime: PaymentsRuntime) -> int:
    """Does the next step of every payout that is under way; returns how many got on."""
    async with runtime.db.read() as session:
        due = await Payouts(session).due(machine_now(), AT_ONCE)
    return sum([await _advance(runtime, payout_id) for payout_id in due])


async def _advance(runtime: PaymentsRuntime, payout_id: UUID) -> bool:
    async with runtime.db.read() as session:
        payout = await Payouts(session).get(payout_id)
    before = _position(payout)
    try:
        return _position(await bank.advance(runtime, payout)) != before
    except StripeUnavailable as error:
        await bank.postpone(runtime, payout_id, error.detail)
        return False
    except TransferRefused:
        return True


def _position(payout: Payout) -> tuple[PayoutStatus, str]:
    return payout.status, payout.step


async def approve_small_payouts(runtime: PaymentsRuntime) -> int:
    """Approves what lies below the threshold; returns how many. Off while the threshold is zero."""
    below = runtime.settings.auto_approve_below
    if below == 0:
        return 0
    async with runtime.db.read() as session:
        small = await Payouts(session).small(below, session.now() - service.WINDOW, AT_ONCE)
    approved = 0
    for payout_id in small:
        async with runtime.db.transaction() as session:
            approved += await service.approve_small(session, payout_id, below)
    return approved


async def request_weekly_payouts(runtime: PaymentsRuntime) -> int:
    """The batch of the last Monday 06:00 UTC (business time) for who asked for it; returns how many it looked at."""
    batch_at = last_batch(runtime.clock.now())
    async with runtime.db.read() as session:
        waiting = await PayoutAccounts(session).waiting_for_batch(batch_at, AT_ONCE)
    for practitioner_id in waiting:
        async with runtime.db.transaction() as session:
            await service.request_weekly(session, practitioner_id, batch_at)
    return len(waiting)


JOBS: Jobs = {
    "advance_payouts": Job(advance_payouts, every=0.5),
    "approve_small_payouts": Job(approve_small_payouts, every=2.0),
    "request_weekly_payouts": Job(request_weekly_payouts, every=2.0),
}
