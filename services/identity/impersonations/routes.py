"""HTTP of acting in a person's place. The answer shows a token and is stored nowhere."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from services.identity.impersonations import service
from services.identity.impersonations.errors import StaffAccount
from services.identity.impersonations.schemas import ImpersonationToken, NewImpersonation
from services.identity.runtime import Rt
from shared.auth.permissions import Permission, StaffRequired, SuperuserRequired
from shared.auth.verification import Caller
from shared.errors import ConfirmationRequired, NotFound
from shared.records.state import IllegalTransition
from shared.web.http import UnkeyedRoute, confirmed, errors_of, needs

router = APIRouter(prefix="/api/v1/admin/users", route_class=UnkeyedRoute, tags=["accounts"])


@router.post(
    "/{user_id}/impersonate/",
    status_code=201,
    dependencies=[confirmed(Permission.IMPERSONATE)],
    responses=errors_of(
        StaffRequired, SuperuserRequired, ConfirmationRequired, NotFound, StaffAccount, IllegalTransition
    ),
)
async def impersonate_user(
    user_id: UUID, body: NewImpersonation, caller: Annotated[Caller, needs(Permission.IMPERSONATE)], runtime: Rt
) -> ImpersonationToken:
    """A token to see what a person sees, without messages, client files and money; they are told by mail at once."""
    return await service.impersonate(runtime, caller, user_id, body)
