"""HTTP of roles."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from services.identity.accounts.errors import LastSuperuser
from services.identity.directory.schemas import AccountView
from services.identity.roles import service
from services.identity.roles.errors import RoleNotSettable
from services.identity.roles.schemas import GrantedRoles, RoleView
from services.identity.runtime import Rt
from services.identity.superusers.errors import OwnAccount
from shared.auth.permissions import Permission, Role, StaffRequired, SuperuserRequired, scopes_of
from shared.auth.verification import Caller
from shared.errors import ConfirmationRequired, NotFound
from shared.records.state import IllegalTransition
from shared.web.http import Route, confirmed, errors_of, needs
from shared.web.pagination import Listing

router = APIRouter(prefix="/api/v1/admin/roles", route_class=Route, tags=["accounts"])
admin = APIRouter(prefix="/api/v1/admin/users", route_class=Route, tags=["accounts"])
Granting = Annotated[Caller, needs(Permission.GRANT_ROLES)]


@router.get("/", dependencies=[needs(Permission.READ_ROLES)], responses=errors_of(StaffRequired))
async def list_roles() -> Listing[RoleView]:
    """What each role may at most; all in one page."""
    found = [RoleView(role=role, scopes=sorted(scopes_of(frozenset({role})))) for role in Role]
    return Listing[RoleView].whole(found)


@admin.put(
    "/{user_id}/roles/",
    dependencies=[confirmed(Permission.GRANT_ROLES)],
    responses=errors_of(
        StaffRequired,
        SuperuserRequired,
        ConfirmationRequired,
        RoleNotSettable,
        NotFound,
        OwnAccount,
        LastSuperuser,
        IllegalTransition,
    ),
)
async def set_roles(user_id: UUID, body: GrantedRoles, caller: Granting, runtime: Rt) -> AccountView:
    """Grants and takes roles: staff those of partners, superusers all; taking one ends the account's sessions."""
    return AccountView.model_validate(await service.set_roles(runtime, caller, user_id, body.roles, body.reason))
