"""Use cases of inviting."""

from collections.abc import Sequence
from uuid import UUID

from services.identity.accounts.demo import demand_not_reserved
from services.identity.accounts.repository import Users
from services.identity.invitations.domain import LIFE, InvitationStatus
from services.identity.invitations.models import Invitation
from services.identity.invitations.repository import Invitations
from services.identity.mail_tokens.domain import MailKind
from services.identity.mail_tokens.repository import MailTokens
from services.identity.mail_tokens.service import issue_to_address
from services.identity.roles.domain import SETTABLE
from services.identity.roles.service import demand_settable
from services.identity.settings import IdentitySettings
from services.identity.superusers.service import demand_superuser
from shared.auth.permissions import Role
from shared.auth.verification import Caller
from shared.database import audit
from shared.database.session import Session
from shared.records.clock import machine_now
from shared.records.state import IllegalTransition


async def invite(
    session: Session, settings: IdentitySettings, caller: Caller, email: str, roles: Sequence[str]
) -> Invitation:
    """Mails a link to that address; an open invitation of the same address becomes this one.

    Raises RoleNotSettable, ReservedAddress, SuperuserRequired.
    """
    wanted = demand_settable(roles, SETTABLE)
    demand_not_reserved(settings, email)
    demand_superuser(await Users(session).lock_superusers(), caller)
    mail = await issue_to_address(session, MailKind.ACCEPT_INVITATION, email, LIFE)
    made = await _put(
        session,
        email,
        roles=[role.value for role in Role if role in wanted],
        invited_by=caller.user_id,
        mail_id=mail.id,
        created_at=mail.created_at,
        expires_at=mail.expires_at,
    )
    # Without the address: an audit row about an invitation is not emptied with the person.
    await audit.record(session, caller.user_id, "invitation.make", made.id, {}, {"roles": made.roles})
    return made


async def _put(session: Session, email: str, **columns: object) -> Invitation:
    """The open invitation of that address with these columns; the superusers are locked, so that nobody else adds."""
    present = await Invitations(session).lock_open(email)
    if present is None:
        added = await Invitations(session).add(email, **columns)
        assert added is not None, "one invites at a time: the superusers are locked"
        return added
    await MailTokens(session).void(present.mail_id)
    for name, value in columns.items():
        setattr(present, name, value)
    return present


async def withdraw(session: Session, caller: Caller, invitation_id: UUID) -> None:
    """Voids an invitation; raises NotFound, and IllegalTransition where it has ended already."""
    invitation = await Invitations(session).lock(invitation_id)
    if (status := invitation.status) is not InvitationStatus.PENDING:
        raise IllegalTransition(f"This cannot go from {status} to {InvitationStatus.WITHDRAWN}.")
    invitation.withdrawn_at = machine_now()
    await MailTokens(session).void(invitation.mail_id)
    before, after = {"status": status}, {"status": InvitationStatus.WITHDRAWN}
    await audit.record(session, caller.user_id, "invitation.withdraw", invitation.id, before, after)
