"""Every refund that a booking saw, and those that staff make whatever the policy says."""

from uuid import UUID

from services.booking.bookings.domain import EVERY_PARTY, Party
from services.booking.bookings.models import Booking
from services.booking.bookings.repository import Bookings
from services.booking.cancellations.repository import Refunds, Taken
from services.booking.cancellations.schemas import RefundBody, RefundView
from services.booking.checkout.errors import NothingToRefund
from services.booking.peers import refund_order
from services.booking.runtime import BookingRuntime
from shared.auth.verification import Caller
from shared.database import audit
from shared.database.idempotency import IdempotentOperation
from shared.database.session import Session
from shared.errors import Conflict, ConflictOfInterest, Invalid, NotFound
from shared.internal.payments import LineRefund, RefundRequest, RefundSplit
from shared.records.currencies import step
from shared.records.money import Money, check_amount, split


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
        request = await _request(session, booking, wanted.amount, once.id)
    given = await _refund(runtime, request, booking)
    view = RefundView.of(given)
    async with runtime.db.transaction() as session:
        if booking.is_parent:  # of which lines it was taken comes with the event
            await audit.complete(session, once.id, {"refunded": before["refunded"] + given.total.amount})
        else:
            await note_refund(session, once.id, booking.id, given)
        await once.done(session, 200, view)
    return view


async def note_refund(session: Session, refund_id: UUID, booking_id: UUID, given: RefundSplit) -> None:
    """Stores what went back, once, and completes the audit row of staff who asked for it."""
    booking = await Bookings(session).get(booking_id, lock=True)
    await Refunds(session).note(refund_id, booking_id, given)
    refunded = (await Refunds(session).total_of(booking)).amount
    await audit.complete(session, refund_id, {"refunded": refunded})


async def note_refund_of_several(
    session: Session, refund_id: UUID, purchase_id: UUID, given: RefundSplit, lines: Taken
) -> None:
    """Stores what went back of several seats, or of those that a pass paid, once."""
    await Bookings(session).lock_parts(purchase_id)
    await Refunds(session).note_lines(refund_id, purchase_id, given, lines)


async def note_refund_failed(session: Session, refund_id: UUID, booking_id: UUID | None, currency: str) -> None:
    """Counts the card's part of a refund no longer, though payments' answer to it may come later.

    What settles it is a refund of its own.
    """
    if booking_id is not None:
        await Bookings(session).get(booking_id, lock=True)
    await Refunds(session).card_came_back(refund_id, booking_id, currency)


async def _request(session: Session, booking: Booking, amount: Money | None, refund_id: UUID) -> RefundRequest:
    """Of one of several seats its own line is refunded; of all of them the order.

    Of seats that a pass paid their own lines, as long as its sessions are theirs; else nothing.
    """
    request = RefundRequest(refund_id=refund_id, amount=amount, reason="staff", by=Party.STAFF.value)
    if not (booking.is_child or booking.pass_id):
        return request
    left = await Refunds(session).left_of(booking)
    if not any(left.values()):
        return request.model_copy(update={"amount": Money.zero(booking.currency)})
    wanted = sum(left.values()) if amount is None else amount.amount
    parts = zip(left, split(wanted, list(left.values()), step(booking.currency)), strict=True)
    lines = [LineRefund(line_id=line_id, amount=Money(part, booking.currency)) for line_id, part in parts if part]
    return request.model_copy(update={"amount": None, "lines": lines})


async def _refund(runtime: BookingRuntime, request: RefundRequest, booking: Booking) -> RefundSplit:
    """As payments answers; a refusal is kept in the audit row, an unknown outcome leaves it open."""
    try:
        given = await refund_order(runtime.peers, booking.charged_as, request)
        if not given.total:
            raise NothingToRefund
        return given
    except (Conflict, Invalid, NotFound) as error:
        async with runtime.db.transaction() as session:
            await audit.complete(session, request.refund_id, {"refused": error.code})
        raise
