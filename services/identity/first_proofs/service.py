"""What the first proof of an address takes from the account."""

from uuid import UUID

from services.identity.accounts.models import User
from services.identity.api_keys.service import end_all as end_keys
from services.identity.app_grants.repository import AppGrants
from services.identity.factors.service import remove_factors
from services.identity.mail_tokens.domain import TOKENS
from services.identity.mail_tokens.repository import MailTokens
from services.identity.sessions.domain import EndReason, SessionKind
from services.identity.sessions.repository import SignInSessions
from services.identity.sessions.service import end_sessions
from services.identity.social.links import drop_links
from shared.database.session import Session


async def drop_older(session: Session, user: User, *, links: bool = True) -> list[UUID]:
    """Takes what was made before from a locked account: factors, passkeys, links to providers, API keys, apps, mails.

    Sign-in sessions are left to the caller. Returns the sessions that ended, which are to be announced.
    """
    await remove_factors(session, user)
    if links:
        await drop_links(session, user)
    await MailTokens(session).supersede(user.id, TOKENS)
    await AppGrants(session).remove_all(user.id)
    live = await SignInSessions(session).find_live_of(user.id)
    apps = [opened for opened in live if opened.kind is SessionKind.APP]
    end_sessions(session, apps, EndReason.EMAIL_CHANGED)
    return [*await end_keys(session, user.id), *(opened.id for opened in apps)]
