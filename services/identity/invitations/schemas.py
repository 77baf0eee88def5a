"""Bodies about invitations."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.identity.accounts.schemas import NewPassword
from services.identity.invitations.domain import InvitationStatus
from services.identity.mail_tokens.schemas import MailedToken
from services.identity.roles.schemas import RoleName
from shared.auth.permissions import Role
from shared.records.text import Name
from shared.web.emails import Email
from shared.web.http import Body, UtcTime, View


class NewInvitation(Body):
    """Who is invited, and which roles they get once they accept."""

    email: Email
    roles: Annotated[list[RoleName], Field(min_length=1, max_length=20)]


class InvitationView(View):
    """An invitation; those that ended are shown for 30 days."""

    id: UUID
    email: str
    roles: list[Role]
    invited_by: UUID
    status: InvitationStatus
    created_at: UtcTime
    expires_at: UtcTime


class Acceptance(Body):
    """The token that was mailed, and for who has no account yet the other fields, all of them."""

    token: MailedToken
    first_name: Name | None = None
    last_name: Name | None = None
    password: NewPassword | None = None
