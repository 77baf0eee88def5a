"""Use cases of hand-offs."""

from dataclasses import dataclass
from uuid import UUID

from authlib.common.urls import add_params_to_uri

from services.identity.accounts.models import User
from services.identity.accounts.repository import Users
from services.identity.oauth.browsers.service import signed_in, take_over
from services.identity.oauth.clients.models import OAuthClient
from services.identity.oauth.clients.repository import OAuthClients
from services.identity.oauth.handoffs.domain import LIFE
from services.identity.oauth.handoffs.errors import NoSignInPage
from services.identity.oauth.handoffs.models import HandOff
from services.identity.oauth.handoffs.repository import HandOffs
from services.identity.runtime import IdentityRuntime
from services.identity.sessions.clients import Client
from services.identity.sessions.domain import SessionKind, fingerprint, new_refresh_token
from services.identity.sessions.models import SignInSession
from services.identity.sessions.repository import SignInSessions
from services.identity.sessions.service import announce
from shared.auth.verification import Caller
from shared.database.session import Session
from shared.errors import NotFound, Unauthenticated
from shared.records.clock import machine_now
from shared.records.ids import new_id


@dataclass(frozen=True, slots=True)
class Ask:
    """Somebody else is signed in there, and is asked whether to go on as the other."""

    present: str
    other: str


@dataclass(frozen=True, slots=True)
class Opened:
    """Where the browser goes on; its cookie is new where it was signed in by this."""

    url: str
    cookie: str | None


async def create(session: Session, runtime: IdentityRuntime, caller: Caller, client_id: UUID) -> str:
    """An address for a minute, which is stored nowhere. Raises NotFound, NoSignInPage, Unauthenticated."""
    client = await OAuthClients(session).find(client_id)
    if client is None:
        raise NotFound("There is no such client.")
    if client.initiate_login_uri is None:
        raise NoSignInPage
    if await SignInSessions(session).find(caller.session_id) is None:
        raise Unauthenticated("The session of this token has ended.", code="token_expired")
    token = new_refresh_token()
    made = HandOff(hash=fingerprint(token), user_id=caller.user_id, client_id=client.id, session_id=caller.session_id)
    made.expires_at = machine_now() + LIFE
    await HandOffs(session).add(made)
    return f"{runtime.settings.public_url}/oauth/handoff?token={token}"


async def open_handoff(
    runtime: IdentityRuntime, token: str, cookie: str | None, client: Client, *, confirmed: bool
) -> Ask | Opened | None:
    """Signs the browser in, and says where it goes; None for an address that was used or is too old.

    Where somebody else is signed in they are asked, and the address is not used up by that.
    """
    async with runtime.db.transaction() as session:
        known = await _find(session, token)
        if known is None:
            return None
        made, user, source, app = known
        browser = await signed_in(session, cookie)
        if browser is not None and browser.user_id != user.id and not confirmed:
            return Ask(browser.user.email, user.email)
        if not await HandOffs(session).use(made):
            return None
        url = str(add_params_to_uri(app.initiate_login_uri, {"iss": runtime.settings.public_url}))
        if browser is not None and browser.user_id == user.id:
            return Opened(url, None)
        opened = _session_like(runtime, source, client)
        session.add(opened)
        await session.flush()
        new_cookie, ended = await take_over(session, opened.id, cookie)
    await announce(runtime, ended)
    return Opened(url, new_cookie)


async def _find(session: Session, token: str) -> tuple[HandOff, User, SignInSession, OAuthClient] | None:
    """The hand-off with its account, locked first as everywhere, the session that made it, and its client."""
    made = await HandOffs(session).find(token)
    user = None if made is None else await Users(session).find_active(made.user_id, lock=True)
    if made is None or user is None or user.suspended_at is not None:
        return None
    source = await SignInSessions(session).find(made.session_id, lock=True)
    client = await OAuthClients(session).find(made.client_id)
    if source is None or client is None or client.initiate_login_uri is None:
        return None
    return made, user, source, client


def _session_like(runtime: IdentityRuntime, source: SignInSession, client: Client) -> SignInSession:
    """A sign-in that proves what the other one did, when it did."""
    now = machine_now()
    opened = SignInSession(id=new_id(), user_id=source.user_id, kind=SessionKind.SIGN_IN, started_at=now)
    opened.expires_at, opened.last_used_at = now + runtime.settings.session_life, now
    opened.authenticated_at, opened.methods = source.authenticated_at, list(source.methods)
    opened.address, opened.network, opened.device = client.address, client.network, client.device
    return opened
