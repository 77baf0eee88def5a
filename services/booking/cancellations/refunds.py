"""Every refund that a booking saw, and those that staff make whatever the policy says."""

from uuid import UUID

from services.booking.bookings.domain import EVERY_PARTY, Party
from services.booking.bookings.repository import Bookings
from services.booking.cancellations.repository import Refunds
from services.booking.cancellations.schemas import RefundBody, RefundView
from services.booking.peers import refund_order
from services.booking.runtime import BookingRuntime
from shared.auth.verification import Caller
from shared.database import audit
from shared.database.idempotency import IdempotentOperation
from shared.database.session import Session
from shared.errors import Conflict, ConflictOfInterest, Invalid, NotFound
from shared.internal.payments import RefundRequest, RefundSplit
from shared.records.money import check_amount


async def refund_by_staff(
    runtime: BookingRuntime, caller: Caller, booking_id: UUID, wanted: RefundBody, once: IdempotentOperation
) -> RefundView:
    """Gives back whatever the policy says; the booking stays as it is.

    Raises NothingToRefund, and ConflictOfInterest where the caller has a part in the booking.
    """
    if wanted.amount is not None:
        check_amount(wanted.amount, runtime.settings.currency, "amount")
    async with runtime.db.transaction() as session:
        await once.start(session)
        booking, party = await Bookings(session).get_as(booking_id, caller, EVERY_PARTY)
        if party is not Party.STAFF:
            raise ConflictOfInterest
        before = {"refunded": (await Refunds(session).total_of(booking)).amount}
        await audit.begin(
            session, once.id, caller.user_id, "booking.refund", booking.id, before, {}, reason=wanted.reason
        )
    request = RefundRequest(refund_id=once.id, amount=wanted.amount, reason="staff", by=Party.STAFF.value)
    split = await _refund(runtime, request, booking.id)
    view = RefundView.of(split)
    async with runtime.db.transaction() as session:
        await note_refund(session, request.refund_id, booking.id, split)
        await once.done(session, 200, view)
    return view


async def note_refund(session: Session, refund_id: UUID, booking_id: UUID, split: RefundSplit) -> None:
    """Stores what went back, once, and completes the audit row of staff who asked for it."""
    booking = await Bookings(session).get(booking_id, lock=True)
    await Refunds(session).note(refund_id, booking_id, split)
    refunded = (await Refunds(session).total_of(booking)).amount
    await audit.complete(session, refund_id, {"refunded": refunded})


async def note_refund_failed(session: Session, refund_id: UUID, booking_id: UUID) -> None:
    """Counts the card's part of a refund no longer, though payments' answer to it may come later.

    What settles it is a refund of its own.
    """
    booking = await Bookings(session).get(booking_id, lock=True)
    await Refunds(session).card_came_back(refund_id, booking_id, booking.currency)


async def _refund(runtime: BookingRuntime, request: RefundRequest, booking_id: UUID) -> RefundSplit:
    """As payments answers; a refusal is kept in the audit row, an unknown outcome leaves it open."""
    try:
        return await refund_order(runtime.peers, booking_id, request)
    except (Conflict, Invalid, NotFound) as error:
        async with runtime.db.transaction() as session:
            await audit.complete(session, request.refund_id, {"refused": error.code})
        raise
