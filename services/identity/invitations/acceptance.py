"""Use cases of accepting an invitation. Hashing and signing come before the transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from services.identity.accounts.common_passwords import demand_uncommon
from services.identity.accounts.errors import EmailTaken
from services.identity.accounts.models import User
from services.identity.accounts.passwords import HasLeft
from services.identity.accounts.repository import Users
from services.identity.accounts.service import add_account, get_user
from services.identity.factors.domain import PASSWORD
from services.identity.invitations.domain import InvitationStatus
from services.identity.invitations.models import Invitation
from services.identity.invitations.repository import Invitations
from services.identity.invitations.schemas import Acceptance
from services.identity.mail_tokens.domain import MailKind
from services.identity.mail_tokens.errors import TokenInvalid
from services.identity.mail_tokens.repository import MailTokens
from services.identity.mail_tokens.service import read_token
from services.identity.password_changes.service import prove
from services.identity.roles.service import change_roles, held_by
from services.identity.runtime import IdentityRuntime
from services.identity.sessions.clients import Client
from services.identity.sessions.domain import EndReason
from services.identity.sessions.models import SignInSession
from services.identity.sessions.repository import SignInSessions
from services.identity.sessions.service import Issued, announce, end_sessions, open_session
from shared.auth.permissions import Role
from shared.auth.verification import Caller
from shared.database.session import Session
from shared.errors import FieldError, Invalid
from shared.records.clock import machine_now

ACCEPTED = "user.accept_invitation"
OF_NEW_ACCOUNTS = ("first_name", "last_name", "password")


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Who has no account yet."""

    first_name: str
    last_name: str
    password: str


async def accept(
    runtime: IdentityRuntime, caller: Caller | None, given: Acceptance, client: Client, has_left: HasLeft
) -> Issued:
    """A pair of whoever accepts: of many uses at once one succeeds.

    Raises TokenInvalid, also where somebody else than the invited is signed in; Invalid for fields that are missing, or
    that do not belong to an account that is there; EmailTaken, PasswordTooCommon, Overloaded.
    """
    signer = await runtime.keyring.signer(runtime.db)
    if caller is not None:
        _demand_fields(given, wanted=False)
        return await _accept_signed_in(runtime, caller, given.token, client)
    person, password_hash = await _checked(runtime, given, has_left)
    async with runtime.db.transaction() as session:
        user = await _add_account(session, runtime, given.token, person, password_hash)
        return await open_session(session, runtime.settings, user, signer, client, [PASSWORD])


async def make_account(runtime: IdentityRuntime, given: Acceptance, has_left: HasLeft) -> None:
    """The account of somebody who has none, without signing it in; raises as `accept` does."""
    person, password_hash = await _checked(runtime, given, has_left)
    async with runtime.db.transaction() as session:
        await _add_account(session, runtime, given.token, person, password_hash)


async def _checked(runtime: IdentityRuntime, given: Acceptance, has_left: HasLeft) -> tuple[NewPerson, str]:
    """Who they are, and the hash of their password: nothing is hashed for a token that is not good."""
    async with runtime.db.read() as reader:
        invitation = await _find(reader, runtime, given.token)
        if await Users(reader).find_by_email(invitation.email) is not None:
            raise EmailTaken("There is an account with this e-mail address. Sign in to it and accept then.")
    _demand_fields(given, wanted=True)
    person = NewPerson(given.first_name or "", given.last_name or "", given.password or "")
    demand_uncommon(person.password, invitation.email, person.first_name, person.last_name)
    return person, await runtime.passwords.hash(person.password, has_left)


def _demand_fields(given: Acceptance, *, wanted: bool) -> None:
    """Raises Invalid for fields that are missing, or are there and not wanted."""
    if wrong := [name for name in OF_NEW_ACCOUNTS if (getattr(given, name) is not None) is not wanted]:
        code, message = ("missing", "Field required") if wanted else ("extra_forbidden", "You have an account")
        raise Invalid(errors=[FieldError(field=name, message=message, code=code) for name in wrong])


async def _find(session: Session, runtime: IdentityRuntime, token: str, *, lock: bool = False) -> Invitation:
    """The invitation of that token, while it can be accepted and who made it may still invite."""
    mail_id = read_token(runtime.mail_token_key, MailKind.ACCEPT_INVITATION, token)
    invitation = await Invitations(session).find_by_mail(mail_id, lock=lock)
    if invitation is None or invitation.status is not InvitationStatus.PENDING:
        raise TokenInvalid
    inviter = await Users(session).find(invitation.invited_by)
    if inviter is None or not inviter.is_superuser or inviter.status != "active":
        raise TokenInvalid
    return invitation


async def _add_account(
    session: Session, runtime: IdentityRuntime, token: str, person: NewPerson, password_hash: str
) -> User:
    invitation = await _find(session, runtime, token, lock=True)
    names = {"first_name": person.first_name, "last_name": person.last_name}
    user = await add_account(
        session, runtime.settings, email=invitation.email, password_hash=password_hash, is_verified=True, **names
    )
    await _use(session, invitation, user)
    return user


async def _use(session: Session, invitation: Invitation, user: User) -> None:
    """Grants what a locked invitation says to a locked account."""
    if not await MailTokens(session).use(invitation.mail_id):
        raise TokenInvalid
    invitation.accepted_at, invitation.accepted_by = machine_now(), user.id
    roles = held_by(user) | frozenset(map(Role, invitation.roles))
    await change_roles(session, user.id, user, roles, None, action=ACCEPTED, invitation_id=str(invitation.id))


async def _accept_signed_in(runtime: IdentityRuntime, caller: Caller, token: str, client: Client) -> Issued:
    signer = await runtime.keyring.signer(runtime.db)
    async with runtime.db.transaction() as session:
        user = await get_user(session, caller, lock=True)
        invitation = await _find(session, runtime, token, lock=True)
        if user.email.lower() != invitation.email.lower():
            raise TokenInvalid
        present = await SignInSessions(session).find(caller.session_id)
        ended = await _prove(session, user, caller.session_id)
        await _use(session, invitation, user)
        methods, proven_at = _proof(caller, present)
        issued = await open_session(
            session, runtime.settings, user, signer, client, methods, authenticated_at=proven_at
        )
    await announce(runtime, ended)
    return issued


async def _prove(session: Session, user: User, but: UUID) -> list[UUID]:
    """The mail proves the address; the first time nothing made before opens the account but the session that asks."""
    if user.is_verified:
        return []
    dropped = await prove(session, user)
    others = [one for one in await SignInSessions(session).find_live_of(user.id) if one.id != but]
    end_sessions(session, others, EndReason.EMAIL_CHANGED)
    return [*dropped, *(one.id for one in others)]


def _proof(caller: Caller, present: SignInSession | None) -> tuple[Sequence[str], datetime]:
    """How and when the new session was proven: as the one that asks."""
    if present is not None:
        return present.methods, present.authenticated_at
    return [PASSWORD], datetime.fromtimestamp(caller.auth_time, UTC)
