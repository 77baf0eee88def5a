"""The checkout goes on without its client: deadlines, and what payments still has to be asked."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from services.booking.checkout.errors import NothingToRefund
from services.booking.checkout.expiry import expire_overdue, expire_passes
from services.booking.checkout.metrics import JOBS as MEASURING
from services.booking.checkout.models import Checkout
from services.booking.checkout.repository import BACK_OFF, Checkouts
from services.booking.checkout.saga import COMMANDS, Command, Event, State
from services.booking.checkout.service import capture, order_or_discard, order_request, record_order
from services.booking.checkout.steps import advance, advance_paid
from services.booking.peers import Closing, close_order, refund_order, retake_order
from services.booking.runtime import BookingRuntime
from shared.errors import Conflict
from shared.internal.payments import RefundRequest
from shared.records.ids import derived_id
from shared.work.attempts import try_each
from shared.work.jobs import Job, Jobs

CLOSINGS: dict[State, Closing] = {State.EXPIRING: "expired", State.CANCELLING: "cancelled"}


async def expire_holds(runtime: BookingRuntime) -> int:
    """Expires what was not paid in time."""
    return await expire_overdue(runtime.db) + await expire_passes(runtime.db)


async def settle_checkouts(runtime: BookingRuntime) -> int:
    """Asks payments what the waiting checkouts need; what gets no answer is tried again, ever more slowly, for ever."""
    async with runtime.db.read() as session:
        if not await Checkouts(session).any_due():
            return 0
    async with runtime.db.autocommit() as session:
        claimed = await Checkouts(session).claim()
    settle = partial(_settle, runtime)
    return sum(await asyncio.gather(*(try_each(runtime.db, [checkout], settle, BACK_OFF) for checkout in claimed)))


async def _settle(runtime: BookingRuntime, claimed: Checkout) -> bool:
    async with runtime.db.read() as session:
        checkout = await Checkouts(session).find(claimed.id)
    command = COMMANDS.get(checkout.state) if checkout else None
    if checkout is None or command is None:
        return False
    await COMMAND_HANDLERS[command](runtime, checkout)
    return True


async def _order(runtime: BookingRuntime, checkout: Checkout) -> None:
    order = await order_or_discard(runtime, checkout.id, order_request(checkout))
    async with runtime.db.transaction() as session:
        await record_order(session, checkout.id, order)


async def _close(runtime: BookingRuntime, checkout: Checkout) -> None:
    payment = await close_order(runtime.peers, checkout.id, CLOSINGS[checkout.state])
    async with runtime.db.transaction() as session:
        checkout = await Checkouts(session).get(checkout.id, lock=True)
        if payment.is_paid:
            await advance_paid(session, checkout, payment.paid_at)
        else:
            await advance(session, checkout, Event.CLOSED)


async def _capture(runtime: BookingRuntime, checkout: Checkout) -> None:
    await capture(runtime, checkout.id)


async def _retake(runtime: BookingRuntime, checkout: Checkout) -> None:
    try:
        await retake_order(runtime.peers, checkout.id)
    except Conflict:
        await _advance(runtime, checkout, Event.INSUFFICIENT_CREDITS)
    else:
        await _advance(runtime, checkout, Event.RETAKEN)


async def _refund(runtime: BookingRuntime, checkout: Checkout) -> None:
    """Everything that came in after the deadline goes back; "nothing left" means that an earlier try did it."""
    refund_id = derived_id(checkout.id, "late")
    request = RefundRequest(refund_id=refund_id, reason="paid_after_deadline", by="system", cancels=True)
    try:
        await refund_order(runtime.peers, checkout.id, request)
    except Conflict as error:
        if error.code != NothingToRefund.code:
            raise
    await _advance(runtime, checkout, Event.REFUNDED)


async def _advance(runtime: BookingRuntime, checkout: Checkout, event: Event) -> None:
    async with runtime.db.transaction() as session:
        await advance(session, await Checkouts(session).get(checkout.id, lock=True), event)


COMMAND_HANDLERS: dict[Command, Callable[[BookingRuntime, Checkout], Awaitable[None]]] = {
    Command.ORDER: _order,
    Command.CLOSE: _close,
    Command.CAPTURE: _capture,
    Command.RETAKE: _retake,
    Command.REFUND: _refund,
}
JOBS: Jobs = {
    "expire_holds": Job(expire_holds, every=0.5),
    "settle_checkouts": Job(settle_checkouts, every=0.5),
    **MEASURING,
}
