"""Cancelling and refunding over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header

from services.booking.bookings.errors import AlreadyStarted
from services.booking.cancellations import refunds, service
from services.booking.cancellations.errors import CancelCourse, MoreThanPaid, PaymentDisputed
from services.booking.cancellations.schemas import CancelBody, CancelledView, RefundBody, RefundView
from services.booking.checkout.errors import NothingToRefund
from services.booking.runtime import Rt
from shared.auth.permissions import Permission, StaffRequired
from shared.auth.verification import Caller
from shared.database.idempotency import KeyRequired
from shared.errors import ConfirmationRequired, ConflictOfInterest, NotFound, StepUpRequired
from shared.records.money import AMOUNT_CODES
from shared.records.state import IllegalTransition
from shared.web.http import (
    Idempotency,
    InPerson,
    Keyed,
    Route,
    Signed,
    confirmed,
    demand_confirmation,
    errors_of,
    needs,
)

router = APIRouter(prefix="/api/v1", route_class=Route, tags=["cancellations"])
Staff = Annotated[Caller, needs(Permission.REFUND_BOOKINGS)]
REFUSALS = errors_of(NotFound, AlreadyStarted, IllegalTransition, CancelCourse)


async def confirmed_by_staff(
    booking_id: UUID, caller: Signed, runtime: Rt, x_confirm_action: Annotated[str | None, Header()] = None
) -> None:
    """Staff cancel for others, so they confirm it; the booking's own people need not, staff among them."""
    if caller.may(Permission.CANCEL_FOR_OTHERS) and not await service.is_own(runtime, caller, booking_id):
        demand_confirmation(x_confirm_action)
        caller.demand_fresh_factor()


@router.get("/bookings/{booking_id}/cancel/preview/", responses=REFUSALS)
async def preview_cancellation(booking_id: UUID, caller: Signed, runtime: Rt) -> RefundView:
    """What cancelling now would give back."""
    return RefundView.of(await service.preview(runtime, caller, booking_id))


@router.post(
    "/bookings/{booking_id}/cancel/",
    dependencies=[InPerson, Depends(confirmed_by_staff)],
    responses=REFUSALS | errors_of(ConfirmationRequired, StepUpRequired, StaffRequired),
)
async def cancel_booking(
    booking_id: UUID, caller: Signed, runtime: Rt, once: Idempotency, body: CancelBody | None = None
) -> CancelledView:
    """Cancels, and gives back what the policy says."""
    return await service.cancel(runtime, caller, booking_id, body.reason if body else None, once)


@router.post(
    "/admin/bookings/{booking_id}/refund/",
    dependencies=[confirmed(Permission.REFUND_BOOKINGS), Keyed],
    responses=errors_of(
        NotFound,
        NothingToRefund,
        MoreThanPaid,
        PaymentDisputed,
        ConfirmationRequired,
        KeyRequired,
        ConflictOfInterest,
        *AMOUNT_CODES,
    ),
)
async def refund_booking(
    booking_id: UUID, body: RefundBody, caller: Staff, runtime: Rt, once: Idempotency
) -> RefundView:
    """Gives money back whatever the policy says."""
    return await refunds.refund_by_staff(runtime, caller, booking_id, body, once)
