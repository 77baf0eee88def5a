"""Use cases of acting in a person's place."""

from datetime import timedelta
from uuid import UUID

from joserfc.jwk import ECKey

from services.identity.accounts.models import User
from services.identity.accounts.repository import Users
from services.identity.impersonations.domain import lent_scopes
from services.identity.impersonations.errors import StaffAccount
from services.identity.impersonations.schemas import ImpersonationToken, NewImpersonation
from services.identity.mail_tokens.domain import MailKind
from services.identity.mail_tokens.service import issue
from services.identity.runtime import IdentityRuntime
from services.identity.sessions.domain import SessionKind
from services.identity.sessions.models import SignInSession
from services.identity.sessions.tokens import token_of
from services.identity.superusers.service import demand_at_work
from shared.auth.permissions import Permission
from shared.auth.token_signing import Narrowing, Proof
from shared.auth.verification import Caller
from shared.database import audit
from shared.database.session import Session
from shared.records.clock import machine_now
from shared.records.ids import new_id
from shared.records.state import IllegalTransition


async def impersonate(
    runtime: IdentityRuntime, caller: Caller, user_id: UUID, given: NewImpersonation
) -> ImpersonationToken:
    """A session of the person that is the caller's to use; it ends with the caller's own access.

    Raises SuperuserRequired where others than superusers want to write, NotFound, StaffAccount, IllegalTransition for
    an account that nobody can be signed in to, and StaffRequired for a caller who lost the role since.
    """
    if given.write:
        caller.demand(Permission.IMPERSONATE_TO_WRITE)
    signer = await runtime.keyring.signer(runtime.db)
    async with runtime.db.transaction() as session:
        user = await _lock(session, caller, user_id)
        opened = _opened(user, caller, given)
        session.add(opened)
        await session.flush()
        await issue(session, MailKind.IMPERSONATED, user.id, user.email, session_id=opened.id)
        after = {"session_id": str(opened.id), "minutes": given.minutes, "write": given.write}
        await audit.record(session, caller.user_id, "user.impersonate", user.id, {}, after, reason=given.reason)
        return _token(user, opened, caller, signer)


async def _lock(session: Session, caller: Caller, user_id: UUID) -> User:
    """The account, locked, as is the caller's own: who takes their access waits, and then ends this session too."""
    demand_at_work(await Users(session).find(caller.user_id, lock=True))
    account = await Users(session).get(user_id, lock=True)
    if account.works_here:
        raise StaffAccount
    if account.status != "active":
        raise IllegalTransition(f"The account is {account.status}.")
    return account


def _opened(user: User, caller: Caller, given: NewImpersonation) -> SignInSession:
    """Without address and device: those of staff are no business of the person, and are not known as theirs."""
    now = machine_now()
    opened = SignInSession(id=new_id(), user_id=user.id, kind=SessionKind.IMPERSONATION, actor_id=caller.user_id)
    opened.started_at = opened.authenticated_at = opened.last_used_at = now
    opened.expires_at, opened.methods = now + timedelta(minutes=given.minutes), []
    opened.scopes = sorted(lent_scopes(user.roles, write=given.write))
    return opened


def _token(user: User, opened: SignInSession, caller: Caller, signer: ECKey) -> ImpersonationToken:
    life = opened.expires_at - opened.started_at
    proof = Proof(narrowing=Narrowing(opened.scopes, actor_id=caller.user_id))
    token = token_of(user, opened, signer, proof, opened.started_at, life)
    return ImpersonationToken(access_token=token, expires_in=int(life.total_seconds()), session_id=opened.id)
