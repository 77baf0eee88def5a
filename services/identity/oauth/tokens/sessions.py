"""The sessions of apps, and the tokens of one, made before it is stored."""

from collections.abc import Callable, Sequence

from joserfc.jwk import ECKey

from services.identity.accounts.models import User
from services.identity.factors.domain import acr_of, amr_of
from services.identity.oauth.clients.domain import OFFLINE
from services.identity.oauth.clients.models import OAuthClient
from services.identity.oauth.protocol.cases import Minted, Proof
from services.identity.runtime import IdentityRuntime
from services.identity.sessions.domain import SessionKind
from services.identity.sessions.models import SignInSession
from services.identity.sessions.tokens import EXPIRES_IN, access_token
from shared.records.clock import machine_now
from shared.records.ids import new_id


def new_session(runtime: IdentityRuntime, user: User, client: OAuthClient, scopes: Sequence[str]) -> SignInSession:
    """A session of that client, not stored yet, in which nobody has proven anything."""
    now = machine_now()
    opened = SignInSession(id=new_id(), user_id=user.id, kind=SessionKind.APP, started_at=now)
    opened.expires_at, opened.last_used_at, opened.authenticated_at = now + runtime.settings.session_life, now, now
    opened.methods, opened.scopes = [], list(scopes)
    opened.client_id, opened.client_name = client.id, client.name
    return opened


def session_in(
    runtime: IdentityRuntime, browser: SignInSession, user: User, client: OAuthClient, scopes: Sequence[str]
) -> SignInSession:
    """A session of that client for who is signed in in that browser, not stored yet; without `offline_access` it is
    over when the sign-in is."""
    opened = new_session(runtime, user, client, scopes)
    opened.authenticated_at, opened.methods = browser.authenticated_at, list(browser.methods)
    opened.address, opened.network, opened.device = browser.address, browser.network, browser.device
    if OFFLINE not in scopes:
        opened.expires_at = browser.expires_at
    return opened


def minting(
    runtime: IdentityRuntime, user: User, opened: SignInSession, signer: ECKey, refresh_token: str | None
) -> Callable[[str], Minted]:
    """What makes the answer with the tokens of that session for some of its scopes."""

    def mint(scope: str) -> Minted:
        token = access_token(runtime.settings, user, opened, signer, scopes=scope.split())
        minted: Minted = {"access_token": token, "token_type": "Bearer", "expires_in": EXPIRES_IN, "scope": scope}
        return minted if refresh_token is None else minted | {"refresh_token": refresh_token}

    return mint


def proof_of(opened: SignInSession) -> Proof:
    """When and how who has that session signed in."""
    at = int(opened.authenticated_at.timestamp())
    return Proof(at, acr_of(opened.methods), amr_of(opened.methods))
