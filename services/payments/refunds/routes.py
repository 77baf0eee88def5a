"""Internal calls: booking decides what goes back, payments returns it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.payments.chargebacks.errors import PaymentDisputed
from services.payments.refunds import later, service
from services.payments.refunds.errors import MoreThanPaid, NothingToRefund
from services.payments.refunds.schemas import RefundAnswer, RefundRequest
from services.payments.runtime import Rt
from shared.errors import NotFound
from shared.records.money import LARGEST
from shared.web.http import Route, ServiceOnly, SessionDep, errors_of

router = APIRouter(
    prefix="/internal/orders", tags=["internal"], route_class=Route, dependencies=[ServiceOnly], include_in_schema=False
)


@router.post("/{order_id}/refunds/", responses=errors_of(NotFound, NothingToRefund, MoreThanPaid, PaymentDisputed))
async def refund(order_id: UUID, body: RefundRequest, runtime: Rt) -> RefundAnswer:
    """Refunds an order, split over what it had been paid with."""
    await later.import_made_at_stripe(runtime, order_id)
    return await service.refund(runtime, order_id, body)


@router.get("/{order_id}/refund-preview/", responses=errors_of(NotFound))
async def refund_preview(
    order_id: UUID, session: SessionDep, amount: Annotated[int | None, Query(ge=0, le=LARGEST)] = None
) -> RefundAnswer:
    """What a refund would return."""
    return await service.preview(session, order_id, amount)
