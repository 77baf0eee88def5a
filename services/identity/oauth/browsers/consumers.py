"""What the end of a session means for apps, however it came about."""

from services.identity.oauth.browsers.repository import AppSessions
from services.identity.oauth.notices.service import queue
from services.identity.sessions.domain import EndReason
from services.identity.sessions.models import SignInSession
from services.identity.sessions.service import end_sessions
from shared.database.session import Session
from shared.events.base import Consumers
from shared.events.identity import SessionRevoked

SAID_ALREADY = (EndReason.LOGOUT, EndReason.REVOKED, EndReason.CLIENT_REMOVED)
"""Ends that the client brought about, or that were queued with it."""


async def session_revoked(session: Session, event: SessionRevoked) -> None:
    """The sessions of apps in a browser end with its sign-in, but for offline ones, and their clients hear of it."""
    if event.reason in SAID_ALREADY:
        return
    apps = await AppSessions(session).of_browser(event.session_id)
    end_sessions(session, [opened for opened, is_offline in apps if not is_offline], EndReason.ENDED)
    over: list[SignInSession] = [opened for opened, _ in apps]
    own = await AppSessions(session).find_in_browser(event.session_id)
    await queue(session, [*over, *([own] if own is not None else [])])


CONSUMERS: Consumers = {SessionRevoked: session_revoked}
