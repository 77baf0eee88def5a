"""Passes over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query

from services.booking.cancellations.schemas import CancelledView, RefundView
from services.booking.checkout.errors import ORDER_REFUSALS, HoldExpired
from services.booking.holds.errors import OwnService, TooManyHolds
from services.booking.pass_sales import returns, service
from services.booking.pass_sales.schemas import PassBody, PassView, ValidityBody
from services.booking.passes.errors import NotLater, NotRefundable, PassNotActive
from services.booking.passes.repository import Passes, Side
from services.booking.runtime import Rt
from shared.auth.permissions import Permission, StaffRequired
from shared.errors import ConfirmationRequired, NotFound, StepUpRequired
from shared.records.money import AMOUNT_CODES
from shared.records.prices import PriceChanged
from shared.web.http import Idempotency, InPerson, Route, SessionDep, Signed, demand_confirmation, errors_of
from shared.web.pagination import Listing, Paging

router = APIRouter(prefix="/api/v1", route_class=Route, tags=["passes"])
REFUSALS = errors_of(NotFound, PriceChanged, TooManyHolds, OwnService, HoldExpired, *ORDER_REFUSALS, *AMOUNT_CODES)
OF_RETURNS = errors_of(NotFound, PassNotActive, NotRefundable)


async def confirmed_by_staff(
    pass_id: UUID, caller: Signed, runtime: Rt, x_confirm_action: Annotated[str | None, Header()] = None
) -> None:
    """Staff return passes for others, so they confirm it; the pass's own people need not, staff among them."""
    if caller.may(Permission.CANCEL_FOR_OTHERS) and not await returns.is_own(runtime, caller, pass_id):
        demand_confirmation(x_confirm_action)
        caller.demand_fresh_factor()


@router.post("/passes/", status_code=201, dependencies=[InPerson], responses=REFUSALS)
async def buy_pass(body: PassBody, caller: Signed, runtime: Rt, once: Idempotency) -> PassView:
    """Buys a package or a bundle: pending until it is paid, active at once where nothing is due."""
    return await service.buy(runtime, caller, body, once)


@router.get("/passes/")
async def list_passes(
    page: Paging, caller: Signed, session: SessionDep, side: Annotated[Side | None, Query(alias="as")] = None
) -> Listing[PassView]:
    """What one has bought, or as practitioner sold; `ordering` by created_at or expires_at."""
    rows, total = await Passes(session).list(caller, page, side)
    return Listing[PassView].of([PassView.seen_by(caller, row) for row in rows], total, page)


@router.get("/passes/{pass_id}/", responses=errors_of(NotFound))
async def get_pass(pass_id: UUID, caller: Signed, session: SessionDep) -> PassView:
    """A pass of one's own, with its sessions."""
    return PassView.seen_by(caller, await Passes(session).get_visible(pass_id, caller))


@router.put("/passes/{pass_id}/", responses=errors_of(NotFound, PassNotActive, NotLater))
async def change_pass(pass_id: UUID, body: ValidityBody, caller: Signed, session: SessionDep) -> PassView:
    """Its practitioner makes it valid for longer."""
    return PassView.seen_by(caller, await service.extend(session, caller, pass_id, body.expires_at))


@router.get("/passes/{pass_id}/cancel/preview/", responses=OF_RETURNS)
async def preview_pass_cancellation(pass_id: UUID, caller: Signed, runtime: Rt) -> RefundView:
    """What returning it now would give back."""
    return RefundView.of(await returns.preview(runtime, caller, pass_id))


@router.post(
    "/passes/{pass_id}/cancel/",
    dependencies=[InPerson, Depends(confirmed_by_staff)],
    responses=OF_RETURNS | errors_of(ConfirmationRequired, StepUpRequired, StaffRequired),
)
async def cancel_pass(pass_id: UUID, caller: Signed, runtime: Rt, once: Idempotency) -> CancelledView:
    """Returns a pass: what is open goes back, what is booked goes on."""
    return await returns.cancel(runtime, caller, pass_id, once)
