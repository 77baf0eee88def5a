"""HTTP of plans."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from services.payments.plans import service
from services.payments.plans.domain import PlanKind
from services.payments.plans.errors import CodeTaken, KindFixed, PriceBelowMinimum, StalePlan
from services.payments.plans.repository import Plans
from services.payments.plans.schemas import NewPlan, PlanChange, PlanView
from services.payments.runtime import Rt
from shared.auth.permissions import Permission
from shared.auth.verification import Caller
from shared.errors import NotFound
from shared.records.money import AMOUNT_CODES
from shared.web.http import Route, SessionDep, errors_of, maybe_signed, needs
from shared.web.pagination import Listing, Paging

# A bad token is refused everywhere, also where none is needed.
router = APIRouter(prefix="/api/v1", route_class=Route, tags=["plans"], dependencies=[Depends(maybe_signed)])
PlanWriter = Annotated[Caller, needs(Permission.WRITE_PLANS)]
REFUSED = errors_of(CodeTaken, PriceBelowMinimum, *AMOUNT_CODES)


@router.get("/plans/")
async def list_plans(
    session: SessionDep, page: Paging, kind: PlanKind | None = None, stream_id: UUID | None = None
) -> Listing[PlanView]:
    """What can be subscribed to now; `ordering` by level, name or created_at."""
    rows, total = await Plans(session).list(page, kind, stream_id)
    return Listing[PlanView].of([PlanView.of(plan) for plan in rows], total, page)


@router.post("/admin/plans/", status_code=201, responses=REFUSED)
async def create_plan(body: NewPlan, caller: PlanWriter, session: SessionDep, runtime: Rt) -> PlanView:
    """Makes a plan."""
    return PlanView.of(await service.make(session, caller, body, runtime.settings.currency))


@router.put("/admin/plans/{plan_id}/", responses=REFUSED | errors_of(NotFound, StalePlan, KindFixed))
async def change_plan(
    plan_id: UUID, body: PlanChange, caller: PlanWriter, session: SessionDep, runtime: Rt
) -> PlanView:
    """Changes a plan for those who subscribe from now on; with `is_active: false` it is not offered any more."""
    return PlanView.of(await service.change(session, caller, plan_id, body, runtime.settings.currency))
