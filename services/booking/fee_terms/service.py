"""How a fee is agreed, falls due, and is due no more. Whoever calls has the booking's lock."""

from uuid import UUID

from services.booking.fee_terms.domain import TRANSITIONS, WAIT, FeeCause, FeeStatus
from services.booking.fee_terms.models import Fee
from services.booking.fee_terms.repository import Fees
from services.booking.service_copies.models import BookableService
from shared.database.session import Session
from shared.records.state import transition


def agree(session: Session, booking_id: UUID, service: BookableService, payment_method_id: UUID) -> None:
    """What the service's present fees are is what the client of this booking may owe, to that saved card."""
    Fees(session).add(
        Fee(
            booking_id=booking_id,
            no_show_amount=service.no_show_fee_amount,
            late_cancel_amount=service.late_cancel_fee_amount,
            currency=service.currency,
            payment_method_id=payment_method_id,
        )
    )


async def fall_due(session: Session, booking_id: UUID, cause: FeeCause) -> None:
    """The booking's fee for that, if it has one, is charged a day from now unless it is waived. Again: no change."""
    fee = await Fees(session).find(booking_id)
    if fee is None or fee.status is not FeeStatus.AGREED or not fee.costs(cause):
        return
    transition(fee, FeeStatus.DUE, TRANSITIONS)
    fee.cause, fee.due_at = cause, session.now() + WAIT
    await session.flush()


async def withdraw(session: Session, booking_id: UUID) -> None:
    """The client came after all: a fee that is not charged yet is due no more."""
    fee = await Fees(session).find(booking_id)
    if fee is not None and fee.status is FeeStatus.DUE:
        transition(fee, FeeStatus.AGREED, TRANSITIONS)
        fee.cause = fee.due_at = None
        await session.flush()
