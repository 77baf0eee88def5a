"""Which accounts at providers open an account here: linked, unlinked, gone with the account."""

from collections.abc import Sequence
from datetime import datetime

from services.identity.accounts.models import User
from services.identity.accounts.service import get_user
from services.identity.factors.service import available
from services.identity.mail_tokens.domain import MailKind
from services.identity.mail_tokens.service import issue
from services.identity.social.errors import LastSignInMethod
from services.identity.social.models import SocialAttempt, SocialIdentity
from services.identity.social.repository import SocialAttempts, SocialIdentities
from shared.auth.verification import Caller
from shared.database import audit
from shared.database.session import Session
from shared.errors import NotFound


async def identity_of(session: Session, attempt: SocialAttempt) -> SocialIdentity | None:
    """The link of whom the attempt named, if there is one; until the commit no other request decides about it."""
    assert attempt.issuer is not None, "said (ck_social_attempts_said)"
    assert attempt.subject is not None, "with the issuer (ck_social_attempts_subject)"
    return await SocialIdentities(session).lock(attempt.issuer, attempt.subject)


async def add_identity(session: Session, attempt: SocialAttempt, user: User, *, is_new: bool = False) -> None:
    """Links a locked account to whom the attempt named, and reports it by mail, but for an account that is new."""
    identity = SocialIdentity(user_id=user.id, provider=attempt.provider, token_id=attempt.token_id)
    identity.issuer, identity.subject = attempt.issuer or "", attempt.subject or ""
    attempt.token_id = None
    before = list(user.providers)
    await SocialIdentities(session).add(identity)
    await _show(session, user)
    if not is_new:
        await issue(session, MailKind.PROVIDER_LINKED, user.id, user.email)
    await _record(session, user, before, "user.link_provider")


async def unlink(session: Session, caller: Caller, provider: str) -> None:
    """Takes that provider from the account. Raises NotFound, or LastSignInMethod where nothing else opens it."""
    user = await get_user(session, caller, lock=True)
    identities = await SocialIdentities(session).list_of(user.id)
    gone = [one for one in identities if one.provider == provider]
    if not gone:
        raise NotFound("This provider is not linked to your account.")
    others = len(identities) > len(gone) or (await available(session, user)).passkeys > 0
    if not (user.has_password or others):
        raise LastSignInMethod
    before = list(user.providers)
    await _remove(session, user, gone)
    await _record(session, user, before, "user.unlink_provider")


async def drop_links(session: Session, user: User, since: datetime | None = None) -> None:
    """Takes all links of a locked account, or only those that were made since then, and mails that."""
    await SocialAttempts(session).forget(user.id, user.email)
    identities = await SocialIdentities(session).list_of(user.id)
    await _remove(session, user, [one for one in identities if since is None or one.created_at >= since])


async def erase_links(session: Session, user: User) -> None:
    """Takes everything of a locked account that is going to be erased, without a mail; call it while the account still
    has its address. A job revokes at the provider what is to be revoked there."""
    await SocialAttempts(session).forget(user.id, user.email)
    await SocialIdentities(session).remove(await SocialIdentities(session).list_of(user.id))
    user.providers = []
    session.wake_jobs_after_commit("revoke_provider_tokens")


async def _remove(session: Session, user: User, gone: Sequence[SocialIdentity]) -> None:
    if not gone:
        return
    await SocialIdentities(session).remove(gone)
    await _show(session, user)
    await issue(session, MailKind.PROVIDER_UNLINKED, user.id, user.email)
    session.wake_jobs_after_commit("revoke_provider_tokens")


async def _show(session: Session, user: User) -> None:
    identities = await SocialIdentities(session).list_of(user.id)
    user.providers = sorted({one.provider for one in identities})
    user.updated_at = session.now()


async def _record(session: Session, user: User, before: Sequence[str], action: str) -> None:
    now = {"providers": list(user.providers)}
    await audit.record(session, user.id, action, user.id, {"providers": list(before)}, now)
