"""The checkout goes on when nobody is there: deadlines, and what payments still has to be asked."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import bindparam, or_, select

from services.booking.bookings.models import Booking
from services.booking.bookings.repository import Bookings
from services.booking.checkout.holds import expire_overdue
from services.booking.checkout.models import Checkout
from services.booking.checkout.saga import COMMANDS, Command, Event, State
from services.booking.checkout.service import give_back, record_order
from services.booking.checkout.steps import advance, advance_paid
from services.booking.errors import NothingToRefund
from services.booking.peers import Closing, RefundRequest, close_order, open_order, refund_order, retake_order
from services.booking.runtime import BookingRuntime
from shared.database.session import table_of
from shared.database.statements import CompiledStatement
from shared.errors import AppError, Conflict, Unavailable
from shared.observability.logs import logger
from shared.records.clock import machine_now
from shared.records.ids import derived_id
from shared.work.jobs import Job, Jobs, each

CONCURRENCY = 8
MAX_BACKOFF = 60
CLOSINGS: dict[State, Closing] = {State.EXPIRING: "expired", State.CANCELLING: "cancelled"}
log = logger()


async def expire_holds(runtime: BookingRuntime) -> int:
    """Expires what was not paid in time."""
    return await expire_overdue(runtime.db)


async def settle_checkouts(runtime: BookingRuntime) -> int:
    """Asks payments what the waiting checkouts need; what gets no answer is tried again, ever more slowly, for ever."""
    settle = partial(_settle, runtime)
    answered = await asyncio.gather(*(each([booking_id], settle) for booking_id in await _claim(runtime)))
    return sum(answered)


async def _claim(runtime: BookingRuntime) -> Sequence[UUID]:
    async with runtime.db.read() as session:
        if not await session.run(ANY_DUE, {"now": machine_now()}):
            return []
    due = (Checkout.state.in_(COMMANDS), Checkout.attempt_at <= machine_now())
    statement = select(Checkout).where(*due).order_by(Checkout.attempt_at).limit(CONCURRENCY)
    async with runtime.db.transaction() as session:
        checkouts = (await session.execute(statement.with_for_update(skip_locked=True))).scalars().all()
        for checkout in checkouts:
            checkout.attempts += 1
            checkout.attempt_at = machine_now() + timedelta(seconds=min(2**checkout.attempts, MAX_BACKOFF))
        return [checkout.booking_id for checkout in checkouts]


async def _settle(runtime: BookingRuntime, booking_id: UUID) -> bool:
    async with runtime.db.read() as session:
        booking = await Bookings(session).find(booking_id)
    ask = COMMANDS.get(booking.checkout.state) if booking else None
    if booking is None or ask is None:
        return False
    try:
        await COMMAND_HANDLERS[ask](runtime, booking)
    except AppError as error:
        log.warning("checkout.unsettled", booking=str(booking_id), ask=ask.value, error=repr(error))
        return False
    return True


async def _order(runtime: BookingRuntime, booking: Booking) -> None:
    try:
        order = await open_order(runtime.peers, booking, booking.checkout.credits_asked, booking.expires_at)
    except Unavailable:
        raise
    except AppError:
        await give_back(runtime, booking.id)
        raise
    async with runtime.db.transaction() as session:
        await record_order(session, booking.id, order)


async def _close(runtime: BookingRuntime, booking: Booking) -> None:
    payment = await close_order(runtime.peers, booking.id, CLOSINGS[booking.checkout.state])
    async with runtime.db.transaction() as session:
        booking = await Bookings(session).get(booking.id, lock=True)
        if payment.is_paid:
            await advance_paid(session, booking, payment.paid_at)
        else:
            await advance(session, booking, Event.CLOSED)


async def _retake(runtime: BookingRuntime, booking: Booking) -> None:
    try:
        await retake_order(runtime.peers, booking.id)
    except Conflict:
        await _advance(runtime, booking, Event.INSUFFICIENT_CREDITS)
    else:
        await _advance(runtime, booking, Event.RETAKEN)


async def _refund(runtime: BookingRuntime, booking: Booking) -> None:
    """Everything that came in after the deadline goes back; "nothing left" means that an earlier try did it."""
    request = RefundRequest(derived_id(booking.id, "late"), None, "paid_after_deadline", "system", cancels=True)
    try:
        await refund_order(runtime.peers, booking.id, request)
    except Conflict as error:
        if error.code != NothingToRefund.code:
            raise
    await _advance(runtime, booking, Event.REFUNDED)


async def _advance(runtime: BookingRuntime, booking: Booking, event: Event) -> None:
    async with runtime.db.transaction() as session:
        await advance(session, await Bookings(session).get(booking.id, lock=True), event)


CHECKOUT = table_of(Checkout)
ANY_DUE = CompiledStatement(
    select(CHECKOUT.c.booking_id)
    .where(or_(*(CHECKOUT.c.state == state for state in COMMANDS)), CHECKOUT.c.attempt_at <= bindparam("now"))
    .limit(1)
)
COMMAND_HANDLERS: dict[Command, Callable[[BookingRuntime, Booking], Awaitable[None]]] = {
    Command.ORDER: _order,
    Command.CLOSE: _close,
    Command.RETAKE: _retake,
    Command.REFUND: _refund,
}
JOBS: Jobs = {
    "expire_holds": Job(expire_holds, every=0.5),
    "settle_checkouts": Job(settle_checkouts, every=0.5),
}
