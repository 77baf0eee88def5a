"""HTTP of invitations. Accepting one shows tokens, so that the answer is stored nowhere."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request

from services.identity.accounts.errors import EmailTaken, PasswordTooCommon, ReservedAddress
from services.identity.invitations import acceptance, service
from services.identity.invitations.repository import Invitations
from services.identity.invitations.schemas import Acceptance, InvitationView, NewInvitation
from services.identity.mail_tokens.errors import TokenInvalid
from services.identity.roles.errors import RoleNotSettable
from services.identity.runtime import Rt
from services.identity.sessions.clients import ClientDep
from services.identity.sessions.schemas import TokenPair
from shared.auth.permissions import Permission, SuperuserRequired
from shared.auth.verification import Caller
from shared.errors import ConfirmationRequired, Invalid, NotFound, Overloaded
from shared.records.state import IllegalTransition
from shared.web.http import MaybeSigned, Route, SessionDep, UnkeyedRoute, confirmed, errors_of, needs
from shared.web.pagination import Listing, Paging

router = APIRouter(prefix="/api/v1/auth/invitations", route_class=UnkeyedRoute, tags=["auth"])
admin = APIRouter(prefix="/api/v1/admin/staff/invitations", route_class=Route, tags=["accounts"])
Inviting = Annotated[Caller, needs(Permission.GRANT_STAFF_ROLES)]
CONFIRMED = [confirmed(Permission.GRANT_STAFF_ROLES)]


@admin.get("/", responses=errors_of(SuperuserRequired))
async def list_invitations(_: Inviting, session: SessionDep, page: Paging) -> Listing[InvitationView]:
    """All invitations, newest first."""
    return Listing[InvitationView].of(*await Invitations(session).page(page), page)


@admin.post(
    "/",
    status_code=201,
    dependencies=CONFIRMED,
    responses=errors_of(SuperuserRequired, ConfirmationRequired, RoleNotSettable, ReservedAddress),
)
async def invite_staff(body: NewInvitation, caller: Inviting, session: SessionDep, runtime: Rt) -> InvitationView:
    """Mails a link that is good for 72 hours, and voids an earlier one to that address."""
    made = await service.invite(session, runtime.settings, caller, body.email, body.roles)
    return InvitationView.model_validate(made)


@admin.delete(
    "/{invitation_id}/",
    status_code=204,
    dependencies=CONFIRMED,
    responses=errors_of(SuperuserRequired, ConfirmationRequired, NotFound, IllegalTransition),
)
async def withdraw_invitation(invitation_id: UUID, caller: Inviting, session: SessionDep) -> None:
    """Voids the link."""
    await service.withdraw(session, caller, invitation_id)


@router.post("/accept/", responses=errors_of(TokenInvalid, Invalid, EmailTaken, PasswordTooCommon, Overloaded))
async def accept_invitation(
    body: Acceptance, caller: MaybeSigned, runtime: Rt, request: Request, client: ClientDep
) -> TokenPair:
    """Makes an account with the invited address and signs it in; who has one is signed in to it and sends the token."""
    return TokenPair.model_validate(await acceptance.accept(runtime, caller, body, client, request.is_disconnected))
