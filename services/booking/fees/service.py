"""Waiving a fee, and charging it once: its order is a purchase of its own, whose id follows from the booking's."""

from datetime import timedelta
from uuid import UUID

from services.booking.bookings.models import Booking
from services.booking.bookings.repository import Bookings
from services.booking.fee_terms.domain import TRANSITIONS, FeeCause, FeeStatus
from services.booking.fee_terms.models import Fee
from services.booking.fee_terms.repository import Fees
from services.booking.peers import close_order, line_id_of, open_order
from services.booking.runtime import BookingRuntime
from shared.auth.verification import Caller
from shared.database.repository import found
from shared.database.session import Session
from shared.errors import AppError, Unavailable
from shared.internal.payments import NewLine, OpenedOrder, OpenOrder
from shared.records.ids import derived_id
from shared.records.state import IllegalTransition, transition

OPEN_FOR = timedelta(days=1)
TITLES = {FeeCause.NO_SHOW: "Missed", FeeCause.LATE_CANCEL: "Cancelled late"}


async def waive_fee(session: Session, caller: Caller, booking_id: UUID) -> Booking:
    """The practitioner does without the fee; again changes nothing.

    Raises IllegalTransition where none is due, or it is charged already.
    """
    booking = await Bookings(session).get_of_practitioner(booking_id, caller, lock=True)
    fee = await Fees(session).find(booking_id)
    if fee is None:
        raise IllegalTransition("This booking has no fee.")
    if fee.status is not FeeStatus.WAIVED:
        transition(fee, FeeStatus.WAIVED, TRANSITIONS)
    return booking


async def charge_fee(runtime: BookingRuntime, fee: Fee) -> bool:
    """Charges a claimed fee to its card, the client being away; safe to repeat.

    One try: whatever the bank wants to see the client for is a failure. Raises Unavailable where it is not known yet.
    """
    async with runtime.db.read() as session:
        booking = await Bookings(session).get(fee.booking_id)
    try:
        order = await open_order(runtime.peers, fee_id_of(booking.id), _order(runtime, booking, fee))
    except Unavailable:
        raise
    except AppError as refused:
        return await _settle(runtime, fee, FeeStatus.FAILED, refused.detail)
    if not order.is_paid and order.payment is not None and order.payment.status == "processing":
        raise Unavailable("The card's payment is under way.")
    return await _conclude(runtime, fee, order)


def fee_id_of(booking_id: UUID) -> UUID:
    """The purchase that a booking's fee is."""
    return derived_id(booking_id, "fee")


async def _conclude(runtime: BookingRuntime, fee: Fee, order: OpenedOrder) -> bool:
    """What is not paid is closed for good, so that nobody pays it later."""
    if order.is_paid or (await close_order(runtime.peers, fee_id_of(fee.booking_id), "cancelled")).is_paid:
        return await _settle(runtime, fee, FeeStatus.PAID, None)
    error = order.payment.error if order.payment else None
    return await _settle(runtime, fee, FeeStatus.FAILED, error.message if error else "The card was not charged.")


async def _settle(runtime: BookingRuntime, fee: Fee, to: FeeStatus, why: str | None) -> bool:
    async with runtime.db.transaction() as session:
        kept = found(await Fees(session).find(fee.booking_id))
        if kept.status is not FeeStatus.CHARGING:
            return False
        transition(kept, to, TRANSITIONS)
        if why is None:
            kept.succeeded()
        else:
            kept.give_up(why)
    return True


def _order(runtime: BookingRuntime, booking: Booking, fee: Fee) -> OpenOrder:
    title = f"{TITLES[found(fee.cause)]}: {booking.service_title}"
    line = NewLine(
        id=line_id_of(fee_id_of(booking.id)),
        practitioner_id=booking.practitioner_id,
        subject_id=booking.id,
        description=title,
        gross_amount=fee.amount,
    )
    return OpenOrder(
        kind="fee",
        client_id=booking.client_id,
        title=title,
        lines=[line],
        payment_method_id=fee.payment_method_id,
        expires_at=runtime.clock.now() + OPEN_FOR,
    )
