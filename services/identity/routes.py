"""HTTP of identity: accounts and sessions for everyone, keys and users for the other services."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Request, Response

from services.identity import service, staff
from services.identity.domain import ACCESS_TTL, CLOCK_LEEWAY, LATEST_COMMIT
from services.identity.errors import (
    EmailTaken,
    InvalidCredentials,
    LastSuperuser,
    OwnAccount,
    RefreshInvalid,
    RefreshReused,
    ReservedAddress,
    SuperuserRequired,
)
from services.identity.keys import published
from services.identity.repository import Sessions, Users
from services.identity.runtime import Rt
from services.identity.schemas import (
    Credentials,
    DeactivatedUser,
    Deactivation,
    InternalUser,
    KeySet,
    Logout,
    Refresh,
    Registration,
    RevokedSessions,
    StaffView,
    TokenPair,
    UserChange,
    UserView,
)
from shared.errors import ConfirmationRequired, Forbidden, NotFound, Overloaded, Unauthenticated
from shared.records.clock import machine_now
from shared.web.http import (
    Confirmed,
    MaybeSigned,
    Route,
    ServiceOnly,
    SessionDep,
    Signed,
    Staff,
    UnkeyedRoute,
    UtcTime,
    errors_of,
)

auth = APIRouter(prefix="/api/v1/auth", route_class=UnkeyedRoute, tags=["auth"])
root = APIRouter(route_class=UnkeyedRoute, tags=["keys"])
admin = APIRouter(prefix="/api/v1/admin/users", route_class=Route, tags=["accounts"])
internal = APIRouter(prefix="/internal", route_class=UnkeyedRoute, dependencies=[ServiceOnly])


@auth.post("/register/", status_code=201, responses=errors_of(EmailTaken, ReservedAddress, Overloaded))
async def register(body: Registration, runtime: Rt, request: Request) -> TokenPair:
    """Creates an account and signs it in. A verified e-mail address is needed for nothing yet."""
    return TokenPair.model_validate(await service.register(runtime, body, request.is_disconnected))


@auth.post("/login/", responses=errors_of(InvalidCredentials, Overloaded))
async def login(body: Credentials, runtime: Rt, request: Request) -> TokenPair:
    """Opens a new session."""
    return TokenPair.model_validate(await service.login(runtime, body, request.is_disconnected))


@auth.post("/token/refresh/", responses=errors_of(RefreshInvalid, RefreshReused))
async def refresh(body: Refresh, runtime: Rt) -> TokenPair:
    """A new pair; the old refresh token may be repeated for 10 seconds, while its successor is unused."""
    return TokenPair.model_validate(await service.refresh(runtime, body.refresh_token))


@auth.post("/logout/", status_code=204, response_class=Response, responses=errors_of(Unauthenticated))
async def logout(who: MaybeSigned, runtime: Rt, body: Annotated[Logout | None, Body()] = None) -> None:
    """Ends the session of the access token and that of the refresh token, whichever are given."""
    await service.logout(runtime, who, None if body is None else body.refresh_token)


@auth.get("/user/", responses=errors_of(Unauthenticated))
async def get_user(who: Signed, session: SessionDep) -> UserView:
    """The signed-in account."""
    return UserView.model_validate(await service.get_user(session, who))


@auth.put("/user/", responses=errors_of(Unauthenticated))
async def update_user(body: UserChange, who: Signed, session: SessionDep) -> UserView:
    """Changes names and time zone; what is left out stays."""
    return UserView.model_validate(await service.update_user(session, who, body))


@root.get("/.well-known/jwks.json")
@root.get("/.well-known/jwks.json/", include_in_schema=False)
async def jwks(session: SessionDep) -> KeySet:
    """The public keys of access tokens."""
    return KeySet(keys=await published(session, machine_now()))


@admin.post(
    "/{user_id}/deactivate/",
    dependencies=[Confirmed],
    responses=errors_of(Forbidden, SuperuserRequired, ConfirmationRequired, NotFound, OwnAccount, LastSuperuser),
)
async def deactivate(
    user_id: UUID, who: Staff, runtime: Rt, body: Annotated[Deactivation | None, Body()] = None
) -> DeactivatedUser:
    """Ends an account for good; its sessions end at once. Accounts of staff are ended by superusers."""
    return DeactivatedUser.model_validate(await staff.deactivate(runtime, who, user_id, body or Deactivation()))


@internal.get("/users/{user_id}/", responses=errors_of(NotFound))
async def internal_user(user_id: UUID, session: SessionDep) -> InternalUser:
    """An account that is in use, for another service."""
    return InternalUser.model_validate(await Users(session).get_active(user_id))


@internal.get("/staff/")
async def internal_staff(session: SessionDep) -> StaffView:
    """The accounts of staff that are in use, for another service."""
    return StaffView(user_ids=[user.id for user in await Users(session).staff()])


@internal.get("/revoked-sessions/")
async def revoked_sessions(session: SessionDep, since: UtcTime | None = None) -> RevokedSessions:
    """The sessions that ended so lately that one of their access tokens may still run.

    `since` is the `until` of the answer before: then only those that the caller may not know.
    """
    now = machine_now()
    oldest = now - ACCESS_TTL - CLOCK_LEEWAY
    wanted = oldest if since is None else max(oldest, since - LATEST_COMMIT)
    return RevokedSessions(session_ids=list(await Sessions(session).ended_since(wanted)), until=now)
