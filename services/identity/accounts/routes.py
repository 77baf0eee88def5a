"""HTTP of accounts: one's own, and any for the other services."""

from uuid import UUID

from fastapi import APIRouter

from services.identity.accounts import service
from services.identity.accounts.errors import PreferencesTooLarge
from services.identity.accounts.repository import Users
from services.identity.accounts.schemas import UserChange, UserView, internal_user
from shared.errors import NotFound, Unauthenticated
from shared.internal.identity import USER, InternalUser
from shared.web.http import ServiceOnly, SessionDep, Signed, UnkeyedRoute, errors_of

router = APIRouter(prefix="/api/v1/auth", route_class=UnkeyedRoute, tags=["auth"])
internal = APIRouter(route_class=UnkeyedRoute, dependencies=[ServiceOnly])


@router.get("/user/", responses=errors_of(Unauthenticated))
async def get_user(caller: Signed, session: SessionDep) -> UserView:
    """The signed-in account."""
    return await service.view_of(session, await service.get_user(session, caller))


@router.put("/user/", responses=errors_of(Unauthenticated, PreferencesTooLarge))
async def change_user(body: UserChange, caller: Signed, session: SessionDep) -> UserView:
    """Changes the profile; what is left out stays, null empties."""
    return await service.view_of(session, await service.update_user(session, caller, body))


@internal.get(USER.path, responses=errors_of(NotFound))
async def user_for_services(user_id: UUID, session: SessionDep) -> InternalUser:
    """An account that is in use, for another service."""
    return internal_user(await Users(session).get_active(user_id))
