"""HTTP of new passwords."""

from fastapi import APIRouter, Request

from services.identity.accounts.errors import PasswordTooCommon, WrongPassword
from services.identity.mail_tokens.errors import TokenInvalid
from services.identity.mail_tokens.schemas import Accepted
from services.identity.password_changes import service
from services.identity.password_changes.schemas import PasswordChange, ResetConfirmation, ResetRequest
from services.identity.runtime import Rt
from services.identity.sessions.clients import ClientDep
from services.identity.sessions.schemas import TokenPair
from shared.errors import Overloaded, StepUpRequired, TooManyAttempts, Unauthenticated
from shared.web.http import SessionDep, Signed, UnkeyedRoute, errors_of

router = APIRouter(prefix="/api/v1/auth/password", route_class=UnkeyedRoute, tags=["auth"])


@router.post("/reset/", status_code=202, responses=errors_of(TooManyAttempts))
async def request_password_reset(body: ResetRequest, session: SessionDep, runtime: Rt, client: ClientDep) -> Accepted:
    """Mails a link to a new password, if the address is that of an account; the answer does not say."""
    await service.request_reset(session, runtime, body.email, client)
    return Accepted()


@router.post("/reset/confirm/", status_code=204, responses=errors_of(TokenInvalid, PasswordTooCommon, Overloaded))
async def confirm_password_reset(body: ResetConfirmation, runtime: Rt, request: Request) -> None:
    """Sets a new password, once: all sessions end, and nobody is signed in."""
    await service.confirm_reset(runtime, body, request.is_disconnected)


@router.post(
    "/change/",
    responses=errors_of(Unauthenticated, StepUpRequired, WrongPassword, PasswordTooCommon, TooManyAttempts, Overloaded),
)
async def change_password(
    body: PasswordChange, caller: Signed, runtime: Rt, client: ClientDep, request: Request
) -> TokenPair:
    """A new pair for a new password; the former pair and all other sessions end."""
    issued = await service.change(runtime, caller, body, client, request.is_disconnected)
    return TokenPair.model_validate(issued)
