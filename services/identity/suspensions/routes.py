"""HTTP of suspending and restoring accounts."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from services.identity.accounts.errors import LastSuperuser
from services.identity.directory.schemas import AccountView, Reasoned
from services.identity.runtime import Rt
from services.identity.superusers.errors import OwnAccount
from services.identity.suspensions import service
from shared.auth.permissions import Permission, StaffRequired, SuperuserRequired
from shared.auth.verification import Caller
from shared.errors import ConfirmationRequired, NotFound
from shared.records.state import IllegalTransition
from shared.web.http import Route, confirmed, errors_of, needs

router = APIRouter(
    prefix="/api/v1/admin/users",
    route_class=Route,
    tags=["accounts"],
    dependencies=[confirmed(Permission.SUSPEND_USERS)],
    responses=errors_of(
        StaffRequired, SuperuserRequired, ConfirmationRequired, NotFound, OwnAccount, LastSuperuser, IllegalTransition
    ),
)
Suspending = Annotated[Caller, needs(Permission.SUSPEND_USERS)]


@router.post("/{user_id}/suspend/")
async def suspend_account(user_id: UUID, body: Reasoned, caller: Suspending, runtime: Rt) -> AccountView:
    """Ends the sessions; nothing is sold and no payout made until it is restored. What is booked stays."""
    return AccountView.model_validate(await service.suspend(runtime, caller, user_id, body.reason))


@router.post("/{user_id}/restore/")
async def restore_account(user_id: UUID, body: Reasoned, caller: Suspending, runtime: Rt) -> AccountView:
    """Undoes a suspension; a closed account stays closed."""
    return AccountView.model_validate(await service.restore(runtime, caller, user_id, body.reason))
