"""What booking's events mean for earnings."""

from datetime import timedelta
from uuid import UUID

from services.payments.earnings import service
from services.payments.earnings.accrual import earn
from services.payments.orders.domain import OrderStatus
from services.payments.orders.repository import Orders
from services.payments.orders.service import retake
from shared.database.session import Session
from shared.events.base import Consumers
from shared.events.booking import BookingCancelled, BookingCompleted, BookingConfirmed, BookingNoShow
from shared.events.passes import PassChanged


async def booking_confirmed(session: Session, event: BookingConfirmed) -> None:
    """The money of all lines of the order is earned from now on, pending.

    Where it came late and booking did not know, the credits that had gone back are spent again first (rule 5).
    """
    if event.booking.order_id is not None:
        await _earn(session, event.booking.order_id)


async def _earn(session: Session, order_id: UUID) -> None:
    order = await Orders(session).get(order_id, lock=True)
    if order.status is OrderStatus.PAID_LATE and not order.refunded:
        order = await retake(session, order.id)
    await earn(session, order)


def consumers(hold: timedelta) -> Consumers:
    """The reactions to booking's events; what is earned can be paid out `hold` after a booking is over."""

    async def booking_completed(session: Session, event: BookingCompleted) -> None:
        """The hold period begins."""
        await service.complete(session, event.booking.id, event.line_id, event.completed_at, hold)

    async def booking_no_show(session: Session, event: BookingNoShow) -> None:
        """The client stayed away; the practitioner earned all the same."""
        await service.complete(session, event.booking.id, event.line_id, event.completed_at, hold)

    async def booking_cancelled(session: Session, event: BookingCancelled) -> None:
        """What is kept is earned; what goes back is taken off by the refund itself."""
        if event.kept:
            await service.complete(session, event.booking.id, event.line_id, event.cancelled_at, hold)

    async def pass_changed(session: Session, event: PassChanged) -> None:
        """A paid pass earns pending, each session by its own line; what lapses or is cancelled late is over then."""
        if event.what == "activated":
            await _earn(session, event.sold.order_id)
        for each in event.sessions:
            if each.ended_at is not None:
                await service.complete(session, each.id, each.line_id, each.ended_at, hold)

    return {
        PassChanged: pass_changed,
        BookingConfirmed: booking_confirmed,
        BookingCompleted: booking_completed,
        BookingNoShow: booking_no_show,
        BookingCancelled: booking_cancelled,
    }
