"""Booking decides what goes back, and payments returns it; clients see it with the order."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.payments.orders.repository import OrderLines, Orders
from services.payments.refunds import service, sync
from services.payments.refunds.errors import MoreThanPaid, NothingToRefund, PaymentDisputed
from services.payments.refunds.repository import Refunds
from services.payments.refunds.schemas import OrderDetail
from services.payments.runtime import Rt
from shared.errors import NotFound
from shared.internal.payments import PREVIEW_REFUND, REFUND_ORDER, RefundAnswer, RefundRequest
from shared.records.money import LARGEST
from shared.web.http import Route, SessionDep, Signed, called_by, errors_of

public = APIRouter(prefix="/api/v1", route_class=Route, tags=["payments"])
router = APIRouter(route_class=Route, dependencies=[called_by("booking")], include_in_schema=False)


@public.get("/payments/orders/{order_id}/", responses=errors_of(NotFound))
async def get_order(order_id: UUID, caller: Signed, session: SessionDep) -> OrderDetail:
    """One order with its lines and its refunds."""
    order = await Orders(session).visible_to(caller, order_id)
    lines, refunds = await OrderLines(session).of_order(order_id), await Refunds(session).of_order(order_id)
    return OrderDetail.with_parts(order, lines, refunds)


@router.post(REFUND_ORDER.path, responses=errors_of(NotFound, NothingToRefund, MoreThanPaid, PaymentDisputed))
async def refund(order_id: UUID, body: RefundRequest, runtime: Rt) -> RefundAnswer:
    """Refunds an order, split over what it had been paid with."""
    await sync.import_made_at_stripe(runtime, order_id)
    return await service.refund(runtime, order_id, body)


@router.get(PREVIEW_REFUND.path, responses=errors_of(NotFound))
async def refund_preview(
    order_id: UUID, session: SessionDep, amount: Annotated[int | None, Query(ge=0, le=LARGEST)] = None
) -> RefundAnswer:
    """What a refund would return."""
    return await service.preview(session, order_id, amount)
