"""What a cancellation gives back of which seat, and what it costs."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple, NoReturn

from services.booking.bookings.domain import HUNDRED_PERCENT, RUNNING, BookingKind, BookingStatus, Party, Terms
from services.booking.bookings.errors import AlreadyStarted
from services.booking.bookings.models import Booking
from services.booking.bookings.repository import Bookings
from services.booking.cancellations.domain import refund_due
from services.booking.cancellations.errors import CancelCourse
from services.booking.cancellations.pass_sessions import pays_money
from services.booking.cancellations.repository import Refunds
from services.booking.fee_terms.domain import FeeCause
from services.booking.fee_terms.service import fall_due
from shared.database.session import Session
from shared.records.money import Money
from shared.records.state import IllegalTransition

UNPAID = (BookingStatus.PENDING_PAYMENT, BookingStatus.REQUESTED)
"""Nothing was paid yet."""


class Share(NamedTuple):
    """A seat that is given up, and what goes back of its price."""

    booking: Booking
    due: Money


async def owe_fee(session: Session, booking: Booking, by: Party) -> None:
    """A free seat that its client gives up after the free hours costs the fee that was agreed for that."""
    if by is Party.CLIENT and booking.terms.percent_back(by, session.now()) < HUNDRED_PERCENT:
        await fall_due(session, booking.id, FeeCause.LATE_CANCEL)


async def shares(session: Session, booking: Booking, by: Party) -> Sequence[Share]:
    """The seats that cancelling the booking gives up: its own, or those of its parts that are still to come.

    Raises AlreadyStarted; CancelCourse for a client's cancellation of one session of a course; IllegalTransition.
    """
    if booking.is_child:
        return [await _share_of_part(session, booking, by)]
    if not booking.is_parent or booking.status in UNPAID:
        return [Share(booking, await _due(session, booking, booking.terms, by))]
    parts = (await Bookings(session).parts_of([booking.id]))[booking.id]
    coming = [part for part in parts if part.status is BookingStatus.CONFIRMED and part.start_time > session.now()]
    if not coming:
        _refuse(booking, session.now())
    return [Share(part, await _due(session, part, _terms(part, booking), by)) for part in coming]


async def _share_of_part(session: Session, part: Booking, by: Party) -> Share:
    if part.kind is BookingKind.COURSE and by is Party.CLIENT:
        raise CancelCourse
    if part.status is BookingStatus.PENDING_PAYMENT and part.purchase_id != part.id:
        raise IllegalTransition("This is bought together with others. Cancel the whole booking, or pay it.")
    return Share(part, await _due(session, part, part.terms, by))


def _terms(part: Booking, parent: Booking) -> Terms:
    """A course is given up as a whole, by its first session; a date that was moved and not accepted by its own."""
    terms = part.terms
    if part.kind is BookingKind.COURSE and not terms.move_open:
        return replace(terms, agreed_start=parent.start_time)
    return terms


async def _due(session: Session, booking: Booking, terms: Terms, by: Party) -> Money:
    """What the policy gives back now; nothing was paid yet for a pending booking, or a request.

    A session of a membership goes back whole, or is used.
    """
    now = session.now()
    if booking.status in UNPAID:
        return Money.zero(booking.currency)
    if booking.status is not BookingStatus.CONFIRMED or booking.start_time <= now:
        _refuse(booking, now)
    if not await pays_money(session, booking):
        return Money.zero(booking.currency)
    percent = terms.percent_back(by, now)
    if booking.by_membership and percent < HUNDRED_PERCENT:
        return Money.zero(booking.currency)
    return refund_due(booking.value, await Refunds(session).total_of(booking), percent)


def _refuse(booking: Booking, now: datetime) -> NoReturn:
    if booking.status in RUNNING and booking.start_time <= now:
        raise AlreadyStarted
    raise IllegalTransition(f"This cannot go from {booking.status.value} to cancelled.")
