"""HTTP of sign-in sessions: signing up, in and out for everyone, ended sessions for the other services."""

from typing import Annotated

from fastapi import APIRouter, Body, Request, Response

from services.identity.accounts.errors import EmailTaken, ReservedAddress
from services.identity.accounts.schemas import Registration
from services.identity.keys.domain import ACCESS_TTL, CLOCK_LEEWAY
from services.identity.runtime import Rt
from services.identity.sessions import service
from services.identity.sessions.domain import LATEST_COMMIT
from services.identity.sessions.errors import InvalidCredentials, RefreshInvalid, RefreshReused
from services.identity.sessions.repository import SignInSessions
from services.identity.sessions.schemas import Credentials, Logout, Refresh, TokenPair
from shared.errors import Overloaded, Unauthenticated
from shared.internal.identity import REVOKED_SESSIONS, RevokedSessions
from shared.records.clock import machine_now
from shared.web.http import MaybeSigned, ServiceOnly, SessionDep, UnkeyedRoute, UtcTime, errors_of

router = APIRouter(prefix="/api/v1/auth", route_class=UnkeyedRoute, tags=["auth"])
internal = APIRouter(route_class=UnkeyedRoute, dependencies=[ServiceOnly])


@router.post("/register/", status_code=201, responses=errors_of(EmailTaken, ReservedAddress, Overloaded))
async def register(body: Registration, runtime: Rt, request: Request) -> TokenPair:
    """Creates an account and signs it in. A verified e-mail address is needed for nothing yet."""
    return TokenPair.model_validate(await service.register(runtime, body, request.is_disconnected))


@router.post("/login/", responses=errors_of(InvalidCredentials, Overloaded))
async def login(body: Credentials, runtime: Rt, request: Request) -> TokenPair:
    """Opens a new session."""
    return TokenPair.model_validate(await service.login(runtime, body, request.is_disconnected))


@router.post("/token/refresh/", responses=errors_of(RefreshInvalid, RefreshReused))
async def refresh(body: Refresh, runtime: Rt) -> TokenPair:
    """A new pair; the old refresh token may be repeated for 10 seconds, while its successor is unused."""
    return TokenPair.model_validate(await service.refresh(runtime, body.refresh_token))


@router.post("/logout/", status_code=204, response_class=Response, responses=errors_of(Unauthenticated))
async def logout(caller: MaybeSigned, runtime: Rt, body: Annotated[Logout | None, Body()] = None) -> None:
    """Ends the session of the access token and that of the refresh token, whichever are given."""
    await service.logout(runtime, caller, None if body is None else body.refresh_token)


@internal.get(REVOKED_SESSIONS.path)
async def revoked_sessions(session: SessionDep, since: UtcTime | None = None) -> RevokedSessions:
    """The sessions that ended so lately that one of their access tokens may still be good.

    `since` is the `until` of the answer before: then only those that the caller may not know.
    """
    now = machine_now()
    oldest = now - ACCESS_TTL - CLOCK_LEEWAY
    wanted = oldest if since is None else max(oldest, since - LATEST_COMMIT)
    return RevokedSessions(session_ids=list(await SignInSessions(session).ended_since(wanted)), until=now)
