"""HTTP of staff: what they do to accounts, and who they are for the other services."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body

from services.identity.accounts.errors import LastSuperuser
from services.identity.accounts.repository import Users
from services.identity.erasures.errors import OpenObligations
from services.identity.erasures.schemas import ErasureByStaff, ErasureView
from services.identity.runtime import Rt
from services.identity.staff import service
from services.identity.staff.schemas import DeactivatedUser, Deactivation
from services.identity.superusers.errors import OwnAccount
from shared.auth.permissions import Permission, StaffRequired, SuperuserRequired
from shared.auth.verification import Caller
from shared.errors import ConfirmationRequired, NotFound
from shared.internal.identity import STAFF, StaffView
from shared.web.http import Route, SessionDep, UnkeyedRoute, called_by, confirmed, errors_of, needs

router = APIRouter(prefix="/api/v1/admin/users", route_class=Route, tags=["accounts"])
internal = APIRouter(route_class=UnkeyedRoute, dependencies=[called_by("notifications")])
Deactivating = Annotated[Caller, needs(Permission.DEACTIVATE_USERS)]


@router.post(
    "/{user_id}/deactivate/",
    dependencies=[confirmed(Permission.DEACTIVATE_USERS)],
    responses=errors_of(StaffRequired, SuperuserRequired, ConfirmationRequired, NotFound, OwnAccount, LastSuperuser),
)
async def deactivate_account(
    user_id: UUID, caller: Deactivating, runtime: Rt, body: Annotated[Deactivation | None, Body()] = None
) -> DeactivatedUser:
    """Ends an account for good; its sessions end at once. Accounts of staff are ended by superusers."""
    return DeactivatedUser.model_validate(await service.deactivate(runtime, caller, user_id, body or Deactivation()))


@router.post(
    "/{user_id}/erasure/",
    status_code=202,
    dependencies=[confirmed(Permission.DEACTIVATE_USERS)],
    responses=errors_of(
        StaffRequired, SuperuserRequired, ConfirmationRequired, NotFound, OwnAccount, LastSuperuser, OpenObligations
    ),
)
async def erase_account(user_id: UUID, body: ErasureByStaff, caller: Deactivating, runtime: Rt) -> ErasureView:
    """Has a person erased: at once, where nothing is open, or after the time that they have to change their mind."""
    return ErasureView.model_validate(await service.erase(runtime, caller, user_id, body))


@internal.get(STAFF.path)
async def internal_staff(session: SessionDep) -> StaffView:
    """The accounts of staff that are in use, for another service."""
    return StaffView(user_ids=[user.id for user in await Users(session).staff()])
