"""Use cases of browsers."""

from uuid import UUID

from services.identity.oauth.browsers.repository import AppSessions, Browsers
from services.identity.oauth.notices.service import queue
from services.identity.runtime import IdentityRuntime
from services.identity.sessions.domain import EndReason, new_refresh_token
from services.identity.sessions.models import SignInSession
from services.identity.sessions.repository import SignInSessions
from services.identity.sessions.service import announce, end_sessions
from shared.database.session import Session


async def signed_in(session: Session, cookie: str | None) -> SignInSession | None:
    """Who is signed in in the browser with that cookie: a session with its account."""
    return None if not cookie else await Browsers(session).find(cookie)


async def remember(runtime: IdentityRuntime, session_id: UUID, former_cookie: str | None) -> str:
    """The browser has just got that session: the cookie by which it is known. Its former sign-in ends."""
    async with runtime.db.transaction() as session:
        cookie, ended = await take_over(session, session_id, former_cookie)
    await announce(runtime, ended)
    return cookie


async def take_over(session: Session, session_id: UUID, former_cookie: str | None) -> tuple[str, list[UUID]]:
    """The same in a transaction; the ids of the sessions that ended are to be announced."""
    former = await signed_in(session, former_cookie)
    own = await SignInSessions(session).find(session_id, lock=True)
    cookie, ended = new_refresh_token(), []
    await Browsers(session).add(session_id, cookie)
    if former is not None and own is not None:
        if former.user_id == own.user_id:
            await AppSessions(session).move(former.id, own.id)
        ended = await sign_out(session, former)
    return cookie, ended


async def sign_out(session: Session, browser: SignInSession) -> list[UUID]:
    """Ends the sign-in of a browser and its sessions of apps, but for offline ones; the ids of those that ended.

    Clients hear of it, those of offline sessions too: nobody is signed in there any more.
    """
    apps = await AppSessions(session).of_browser(browser.id)
    await queue(session, [opened for opened, _ in apps])
    gone = [browser, *(opened for opened, is_offline in apps if not is_offline)]
    end_sessions(session, gone, EndReason.LOGOUT)
    await Browsers(session).remove(browser.id)
    return [opened.id for opened in gone]
