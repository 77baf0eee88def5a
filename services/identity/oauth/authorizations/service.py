"""Use cases of authorizations: what a browser is shown that an app sent, until it goes back with a code."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from authlib.oauth2.rfc6749 import InvalidRequestError, OAuth2Error
from authlib.oidc.core.errors import (
    ConsentRequiredError,
    LoginRequiredError,
    RequestNotSupportedError,
    RequestURINotSupportedError,
)

from services.identity.app_grants.repository import AppGrants
from services.identity.factors.domain import acr_of
from services.identity.oauth.authorizations.domain import (
    CODE_LIFE,
    Present,
    Step,
    Wishes,
    asked_of,
    is_allowed,
    next_step,
)
from services.identity.oauth.authorizations.models import OAuthCode
from services.identity.oauth.authorizations.repository import Codes
from services.identity.oauth.browsers.id_tokens import Hint, read_hint
from services.identity.oauth.browsers.service import signed_in
from services.identity.oauth.clients.models import OAuthClient
from services.identity.oauth.clients.repository import OAuthClients
from services.identity.oauth.protocol.cases import Answer, Case, NewCode
from services.identity.oauth.protocol.requests import CoreRequest, Pairs
from services.identity.oauth.protocol.server import Core
from services.identity.runtime import IdentityRuntime
from services.identity.sessions.domain import fingerprint
from services.identity.sessions.models import SignInSession
from shared.database.session import Session
from shared.records.clock import machine_now

REFUSALS = {
    Step.LOGIN_REQUIRED: (LoginRequiredError, "Nobody is signed in who would do."),
    Step.CONSENT_REQUIRED: (ConsentRequiredError, "The person has not allowed this."),
}


@dataclass(frozen=True, slots=True)
class SendBack:
    """The browser goes there."""

    url: str


@dataclass(frozen=True, slots=True)
class AskSignIn:
    """Somebody is to sign in, for that client."""

    client_name: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class AskConsent:
    """Who is signed in is asked whether the client may have these scopes."""

    client_name: str
    email: str
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refuse:
    """The request is not one that may be answered at its redirect address."""

    why: str


Next = SendBack | AskSignIn | AskConsent | Refuse


@dataclass(frozen=True, slots=True)
class Visit:
    """A request for a code, and what the browser has done about it.

    `cookie` is by what the browser is signed in, `began_at` when the first page was shown, `decision` what the person
    said to the question.
    """

    query: Pairs
    cookie: str | None
    began_at: datetime | None = None
    decision: bool | None = None

    def signed_in_by(self, cookie: str) -> "Visit":
        """The same after a sign-in."""
        return replace(self, cookie=cookie)


async def visit(runtime: IdentityRuntime, given: Visit) -> Next:
    """What the browser is shown, or where it goes. A code is stored with what it stands for, in one transaction."""
    async with runtime.db.transaction() as session:
        try:
            request = CoreRequest("GET", query=given.query)
        except OAuth2Error as error:
            return Refuse(_text(error))
        client = await OAuthClients(session).find_named(request.field("client_id"))
        browser = await signed_in(session, given.cookie)
        core = Core(Case(runtime.settings.public_url, client))
        try:
            return await _proceed(session, runtime, core, request, browser, given)
        except OAuth2Error as error:
            return _refused(core, error)
        except ValueError:  # Authlib puts what was given into its texts, and then refuses the text
            return Refuse("The request cannot be read.")


async def _proceed(
    session: Session,
    runtime: IdentityRuntime,
    core: Core,
    request: CoreRequest,
    browser: SignInSession | None,
    given: Visit,
) -> Next:
    user_id = None if browser is None else str(browser.user_id)
    grant = core.get_consent_grant(request, user_id)
    client: OAuthClient = request.client.row
    scopes = tuple(request.scope.split())
    hint = await read_hint(session, runtime, request.field("id_token_hint"))
    asked = _asked(request, grant.redirect_uri, hint)
    allowed = False
    if browser is not None:
        granted = await AppGrants(session).scopes(browser.user_id, client.id)
        said_yes = given.decision is True
        allowed = is_allowed(scopes, granted, asked, first_party=client.first_party, answered=said_yes)
    step = next_step(asked, _present(browser), is_allowed=allowed, began_at=given.began_at, now=machine_now())
    if step in REFUSALS:
        error, why = REFUSALS[step]
        raise error(why, redirect_uri=grant.redirect_uri, state=request.payload.state)
    if step is Step.SIGN_IN or browser is None:
        return AskSignIn(client.name, (request.field("login_hint") or "")[:254])
    if given.decision is False:
        return _sent(core.create_authorization_response(request, grant_user=None, grant=grant))
    if step is Step.CONSENT:
        return AskConsent(client.name, browser.user.email, scopes)
    if given.decision is True:
        await AppGrants(session).put(browser.user_id, client.id, scopes)
    answer = core.create_authorization_response(request, grant_user=user_id, grant=grant)
    if isinstance(request.outcome, NewCode):
        await _store(session, request.outcome, client, browser)
    return _sent(answer)


async def _store(session: Session, given: NewCode, client: OAuthClient, browser: SignInSession) -> None:
    code = OAuthCode(hash=fingerprint(given.code), client_id=client.id, user_id=browser.user_id, browser_id=browser.id)
    code.redirect_uri, code.scopes, code.nonce, code.challenge = (
        given.redirect_uri,
        given.scopes,
        given.nonce,
        given.challenge,
    )
    code.expires_at = machine_now() + CODE_LIFE
    browser.last_used_at = machine_now()
    await Codes(session).add(code)


def _asked(request: CoreRequest, redirect_uri: str, hint: Hint | None) -> Wishes:
    """What the client asks for; raises what cannot be done. A hint is an ID token that the client got from us."""
    unsupported: Mapping[str, type[OAuth2Error]] = {
        "request": RequestNotSupportedError,
        "request_uri": RequestURINotSupportedError,
    }
    state = request.payload.state
    for name, error in unsupported.items():
        if request.field(name) is not None:
            raise error(redirect_uri=redirect_uri, state=state)
    asked = asked_of(request.field("prompt"), request.field("max_age"), request.field("acr_values"))
    if asked is None or request.field("response_mode") not in (None, "query"):
        why = "prompt, max_age or response_mode has a value that is not supported."
        raise InvalidRequestError(why, redirect_uri=redirect_uri, state=state)
    if not request.field("id_token_hint"):
        return asked
    if hint is None or hint.client_id != request.field("client_id"):
        why = "id_token_hint is no ID token of this client."
        raise InvalidRequestError(why, redirect_uri=redirect_uri, state=state)
    return replace(asked, subject=hint.subject)


def _present(browser: SignInSession | None) -> Present | None:
    if browser is None:
        return None
    return Present(str(browser.user_id), browser.authenticated_at, acr_of(browser.methods), browser.user.mfa_enabled)


def _sent(answer: Answer) -> Next:
    return Refuse("The request cannot be answered.") if answer.location is None else SendBack(answer.location)


def _refused(core: Core, error: OAuth2Error) -> Next:
    """An error goes to the client only where the redirect address is its own; else the person sees it."""
    return Refuse(_text(error)) if error.redirect_uri is None else _sent(core.refusal(error))


def _text(error: OAuth2Error) -> str:
    return str(error.get_error_description() or error.error)
