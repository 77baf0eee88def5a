"""Use cases of logouts."""

from dataclasses import dataclass

from authlib.common.urls import add_params_to_uri

from services.identity.oauth.browsers.id_tokens import Hint, read_hint
from services.identity.oauth.browsers.repository import AppSessions
from services.identity.oauth.browsers.service import sign_out, signed_in
from services.identity.oauth.clients.models import OAuthClient
from services.identity.oauth.clients.repository import OAuthClients
from services.identity.runtime import IdentityRuntime
from services.identity.sessions.models import SignInSession
from services.identity.sessions.service import announce
from shared.database.session import Session

LONGEST_STATE = 1000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the app asks for, and by what the browser is signed in; `confirmed`: the person said yes."""

    cookie: str | None
    id_token_hint: str | None = None
    client_id: str | None = None
    redirect_uri: str | None = None
    state: str | None = None
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """The person is asked whether they want to sign out."""

    email: str


@dataclass(frozen=True, slots=True)
class SignedOut:
    """Nobody is signed in any more; where the browser goes on, if the app may say so."""

    url: str | None


async def log_out(runtime: IdentityRuntime, wanted: Wanted) -> Ask | SignedOut:
    """Ends the browser's sign-in and its sessions of apps, but for offline ones.

    Asks first where no ID token that was given in this browser, to who is signed in, shows that the app may.
    """
    async with runtime.db.transaction() as session:
        hint = await read_hint(session, runtime, wanted.id_token_hint)
        browser = await signed_in(session, wanted.cookie)
        if browser is None and hint is not None:
            browser = await _browser_of(session, hint)
        is_theirs = hint is not None and (browser is None or await _shows(session, hint, browser))
        if browser is not None and not is_theirs and not wanted.confirmed:
            return Ask(browser.user.email)
        client = await OAuthClients(session).find_named(wanted.client_id if hint is None else hint.client_id)
        ended = [] if browser is None else await sign_out(session, browser)
    await announce(runtime, ended)
    may_go_on = hint is not None or wanted.confirmed
    return SignedOut(_way_on(wanted, client) if may_go_on else None)


async def _shows(session: Session, hint: Hint, browser: SignInSession) -> bool:
    """Whether the ID token was given in that browser, to who is signed in there: of another one it is suspect."""
    is_same = str(browser.user_id) == hint.subject
    return is_same and (hint.session_id is None or await AppSessions(session).is_in(hint.session_id, browser.id))


async def _browser_of(session: Session, hint: Hint) -> SignInSession | None:
    """Where a form from another site brought no cookie along: the browser that the ID token was given in."""
    found = None if hint.session_id is None else await AppSessions(session).browser_of(hint.session_id)
    return found if found is not None and str(found.user_id) == hint.subject else None


def _way_on(wanted: Wanted, client: OAuthClient | None) -> str | None:
    """Exactly as the client was registered, with the state."""
    uri = wanted.redirect_uri
    named_other = client is not None and wanted.client_id not in (None, str(client.id))
    if uri is None or client is None or named_other or uri not in client.post_logout_redirect_uris:
        return None
    state = (wanted.state or "")[:LONGEST_STATE]
    url: str = add_params_to_uri(uri, {"state": state}) if state else uri
    return url
