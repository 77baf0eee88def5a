"""HTTP of addresses."""

from fastapi import APIRouter

from services.identity.accounts.errors import EmailTaken
from services.identity.addresses import service
from services.identity.addresses.errors import SameAddress
from services.identity.addresses.schemas import NewAddress, PresentAddress, ProvenAddress
from services.identity.mail_tokens.errors import TokenInvalid
from services.identity.mail_tokens.schemas import Accepted, Token
from services.identity.runtime import Rt
from services.identity.sessions.clients import ClientDep
from services.identity.sessions.freshness import Fresh
from shared.errors import StepUpRequired, TooManyAttempts, Unauthenticated
from shared.web.http import MaybeSigned, SessionDep, Signed, UnkeyedRoute, errors_of

router = APIRouter(prefix="/api/v1/auth", route_class=UnkeyedRoute, tags=["auth"])


@router.post("/verify-email/", responses=errors_of(Unauthenticated, TokenInvalid))
async def verify_email(body: Token, caller: MaybeSigned, runtime: Rt, client: ClientDep) -> ProvenAddress:
    """Proves the address by the token that was mailed to it; again is fine while the token is good.

    The first time the account's sessions end, but those from the caller's network and that of the access token that
    comes along.
    """
    return ProvenAddress.model_validate(await service.verify(runtime, body.token, client, caller))


@router.post("/verify-email/resend/", status_code=202, responses=errors_of(Unauthenticated, TooManyAttempts))
async def resend_verification(caller: Signed, session: SessionDep, runtime: Rt, client: ClientDep) -> Accepted:
    """Mails the link again, and voids the former; nothing is sent where the address is proven."""
    await service.resend_verification(session, runtime, caller, client)
    return Accepted()


@router.post("/email/change/", status_code=202, responses=errors_of(Unauthenticated, StepUpRequired, SameAddress))
async def request_email_change(body: NewAddress, caller: Fresh, session: SessionDep, runtime: Rt) -> Accepted:
    """Mails a link to the new address; the answer does not say whether another account has it."""
    await service.request_change(session, runtime, caller, body.email)
    return Accepted()


@router.post("/email/change/confirm/", responses=errors_of(TokenInvalid, EmailTaken))
async def confirm_email_change(body: Token, runtime: Rt) -> PresentAddress:
    """The address that the token was mailed to becomes the account's; all sessions end but the one that asked."""
    return PresentAddress.model_validate(await service.confirm_change(runtime, body.token))


@router.post("/email/undo/", responses=errors_of(TokenInvalid, EmailTaken))
async def undo_email_change(body: Token, runtime: Rt) -> PresentAddress:
    """Takes the former address back, for 72 hours after it was changed: all sessions end and the password is void."""
    return PresentAddress.model_validate(await service.undo_change(runtime, body.token))
