"""HTTP of sign-in sessions: signing up, in and out."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Request

from services.identity.accounts.errors import EmailTaken, PasswordTooCommon, ReservedAddress
from services.identity.accounts.schemas import Registration
from services.identity.consents.errors import UnknownPurpose, VersionOutdated
from services.identity.factors.errors import SecondStepRequired
from services.identity.runtime import Rt
from services.identity.sessions import service
from services.identity.sessions.clients import ClientDep
from services.identity.sessions.errors import AccountSuspended, InvalidCredentials, RefreshInvalid, RefreshReused
from services.identity.sessions.schemas import (
    Credentials,
    EndedSessions,
    Logout,
    Refresh,
    SessionView,
    TokenPair,
)
from shared.errors import NotFound, Overloaded, TooManyAttempts, Unauthenticated
from shared.web.http import MaybeSigned, SessionDep, Signed, UnkeyedRoute, errors_of
from shared.web.pagination import Listing, Paging

router = APIRouter(prefix="/api/v1/auth", route_class=UnkeyedRoute, tags=["auth"])


@router.post(
    "/register/",
    status_code=201,
    responses=errors_of(
        EmailTaken,
        ReservedAddress,
        PasswordTooCommon,
        UnknownPurpose,
        VersionOutdated,
        TooManyAttempts,
        Overloaded,
    ),
)
async def register_account(body: Registration, runtime: Rt, request: Request, client: ClientDep) -> TokenPair:
    """Creates an account and signs it in. A verified e-mail address is needed for nothing yet."""
    return TokenPair.model_validate(await service.register(runtime, body, client, request.is_disconnected))


@router.post(
    "/login/",
    responses=errors_of(InvalidCredentials, AccountSuspended, SecondStepRequired, TooManyAttempts, Overloaded),
)
async def sign_in(body: Credentials, runtime: Rt, request: Request, client: ClientDep) -> TokenPair:
    """Opens a new session; where a second factor is on, 403 with the ticket for it in `mfa`."""
    return TokenPair.model_validate(await service.login(runtime, body, client, request.is_disconnected))


@router.post("/token/refresh/", responses=errors_of(RefreshInvalid, RefreshReused))
async def refresh_tokens(body: Refresh, runtime: Rt) -> TokenPair:
    """A new pair; the old refresh token may be repeated for 10 seconds, while its successor is unused."""
    return TokenPair.model_validate(await service.refresh(runtime, body.refresh_token))


@router.post("/logout/", status_code=204, responses=errors_of(Unauthenticated))
async def sign_out(caller: MaybeSigned, runtime: Rt, body: Annotated[Logout | None, Body()] = None) -> None:
    """Ends the session of the access token and that of the refresh token, whichever are given."""
    await service.logout(runtime, caller, None if body is None else body.refresh_token)


@router.get("/sessions/", responses=errors_of(Unauthenticated))
async def list_sessions(caller: Signed, page: Paging, session: SessionDep) -> Listing[SessionView]:
    """Where the account is signed in, the session that was used last first."""
    sessions, total = await service.list_sessions(session, caller, page)
    views = [SessionView.model_validate(one) for one in sessions]
    shown = [one.model_copy(update={"current": one.id == caller.session_id}) for one in views]
    return Listing[SessionView].of(shown, total, page)


@router.delete("/sessions/{session_id}/", status_code=204, responses=errors_of(Unauthenticated, NotFound))
async def end_session(session_id: UUID, caller: Signed, runtime: Rt) -> None:
    """Signs that device out; its tokens are refused everywhere within two seconds."""
    await service.end_one(runtime, caller, session_id)


@router.post("/sessions/end-others/", responses=errors_of(Unauthenticated))
async def end_other_sessions(caller: Signed, runtime: Rt) -> EndedSessions:
    """Signs every other device out."""
    return EndedSessions(ended=await service.end_others(runtime, caller))
