"""What the buttons of the pages do: sign in, prove a second factor, go to a provider and come back, consent."""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import Request
from pydantic import TypeAdapter, ValidationError
from starlette.responses import RedirectResponse, Response

from services.identity.factors.domain import PASSKEY, RECOVERY_CODE, TOTP
from services.identity.factors.errors import SecondStepRequired, SecondStepWrong, TicketInvalid
from services.identity.oauth.authorizations import html, service
from services.identity.oauth.authorizations.html import NOT_REFUSED, Form, Refusal
from services.identity.oauth.authorizations.rendering import PAGE, rendered
from services.identity.oauth.authorizations.service import AskSignIn, Visit
from services.identity.oauth.browsers.forms import Forms, keep_browser, keep_form
from services.identity.oauth.browsers.service import remember
from services.identity.passkeys.schemas import Credential
from services.identity.runtime import IdentityRuntime
from services.identity.second_steps.schemas import PasskeySignIn, SecondStep
from services.identity.second_steps.service import finish_sign_in, sign_in_by_passkey
from services.identity.sessions.clients import Client
from services.identity.sessions.errors import UNKNOWN_PASSKEY, InvalidCredentials
from services.identity.sessions.schemas import Credentials
from services.identity.sessions.service import Issued, login
from services.identity.social import resolving
from services.identity.social import service as social
from services.identity.social.admission import Admitted
from services.identity.social.domain import challenge_of
from services.identity.social.errors import EmailRequired, InvalidGrant, LinkRequired
from services.identity.social.schemas import Resolution, SocialCode, SocialStart
from shared.errors import AppError, Invalid

CREDENTIAL: TypeAdapter[Credential] = TypeAdapter(Credential)
NOT_SIGNED_IN_THERE = "You were not signed in there. Try again, or another way."
TOO_LONG = "The app asks in too many words for this way. Sign in another way."
LONGEST_METHODS = 100


@dataclass(frozen=True, slots=True)
class Posted:
    """A form of ours that came back, or what a provider sent back to one."""

    request: Request
    runtime: IdentityRuntime
    client: Client
    visit: Visit
    forms: Forms
    fields: Mapping[str, str]

    def field(self, name: str) -> str:
        """What came under that name."""
        return self.fields.get(name, "")

    @property
    def form(self) -> Form:
        """The next form."""
        return Form(self.forms.token(self.visit.began_at), self.forms.page)


async def again(given: Posted) -> Response:
    """The page that is next, whatever was pressed."""
    return rendered(given.runtime, await service.visit(given.runtime, given.visit), given.forms, given.visit)


async def _sign_in(given: Posted) -> Response:
    if given.field("provider"):
        return await _go_to_provider(given)
    try:
        credentials = Credentials(email=given.field("email"), password=given.field("password"))
    except ValidationError:
        return await _refused(given, InvalidCredentials())
    return await _settled(given, login(given.runtime, credentials, given.client, given.request.is_disconnected))


async def _by_passkey(given: Posted) -> Response:
    try:
        body = PasskeySignIn(ticket=given.field("ticket"), credential=_credential(given))
        issued = await sign_in_by_passkey(given.runtime, body, given.client)
    except (ValidationError, InvalidCredentials):
        return await _refused(given, InvalidCredentials(UNKNOWN_PASSKEY))
    return await _signed_in(given, issued)


async def _prove(given: Posted) -> Response:
    """A second factor's code."""
    method = RECOVERY_CODE if given.field("method") == RECOVERY_CODE else TOTP
    try:
        body = SecondStep(ticket=given.field("ticket"), method=method, code=given.field("code"))
    except ValidationError:
        return await _refused(given, TicketInvalid())
    return await _second(given, body)


async def _prove_by_passkey(given: Posted) -> Response:
    try:
        body = SecondStep(ticket=given.field("ticket"), method=PASSKEY, credential=_credential(given))
    except ValidationError:
        return await _refused(given, TicketInvalid())
    return await _second(given, body)


async def _second(given: Posted, body: SecondStep) -> Response:
    try:
        issued = await finish_sign_in(given.runtime, body, given.client)
    except SecondStepWrong as error:
        return _second_step(given, body.ticket, given.field("methods")[:LONGEST_METHODS].split(), _why(error))
    except AppError as error:
        return await _refused(given, error)
    return await _signed_in(given, issued)


async def _go_to_provider(given: Posted) -> Response:
    token = given.forms.token(given.visit.began_at)
    query = urlencode({"to": given.request.url.query, "form": token, "provider": given.field("provider")})
    back = f"{given.runtime.settings.public_url}/oauth/authorize/social?{query}"
    try:
        provider = given.runtime.providers.get(given.field("provider"))
        body = SocialStart(redirect_uri=back, code_challenge=challenge_of(given.forms.verifier(token)))
        started = await social.begin(given.runtime, provider, body)
    except ValidationError:
        return await _refused(given, Invalid(TOO_LONG))
    except AppError as error:
        return await _refused(given, error)
    return keep_form(RedirectResponse(started.authorization_url, 303, PAGE), given.forms)


async def come_back(given: Posted) -> Response:
    """Signs in whom the provider named, or asks for what is missing."""
    if not given.field("code"):
        return await _refused(given, Invalid(NOT_SIGNED_IN_THERE))
    try:
        body = SocialCode(code=given.field("code"), code_verifier=given.forms.verifier(given.field("form")))
    except ValidationError:
        return await _refused(given, InvalidGrant())
    return await _settled(given, social.finish(given.runtime, body, given.client))


async def _link(given: Posted) -> Response:
    """The account that has the address is the person's, or they claim the address."""
    ticket, is_claim = given.field("ticket"), given.field("claim") == "true"
    try:
        body = Resolution(ticket=ticket, claim=True) if is_claim else _with_password(given)
    except ValidationError:
        return await _refused(given, TicketInvalid())
    why = Refusal("The password is wrong.", InvalidCredentials.status)
    wrong = keep_form(html.link_page(given.form, ticket, given.field("provider"), why), given.forms)
    return await _settled(given, _resolved(given, body), wrong)


def _with_password(given: Posted) -> Resolution:
    return Resolution(ticket=given.field("ticket"), password=given.field("password"))


async def _name_address(given: Posted) -> Response:
    try:
        body = Resolution(ticket=given.field("ticket"), email=given.field("email"))
    except ValidationError:
        why = Refusal("This is no e-mail address.", Invalid.status)
        page = html.address_page(given.form, given.field("ticket"), given.field("provider"), why)
        return keep_form(page, given.forms)
    return await _settled(given, _resolved(given, body))


async def _resolved(given: Posted, body: Resolution) -> Admitted:
    return await resolving.resolve(given.runtime, body, given.client, given.request.is_disconnected)


async def _decide(given: Posted) -> Response:
    visit = Visit(given.visit.query, given.visit.cookie, given.visit.began_at, given.field("decision") == "allow")
    return rendered(given.runtime, await service.visit(given.runtime, visit), given.forms, visit)


async def _settled(
    given: Posted, outcome: Awaitable[Issued | Admitted], wrong_password: Response | None = None
) -> Response:
    """What follows from a first step."""
    try:
        result = await outcome
    except InvalidCredentials as error:
        return wrong_password or await _refused(given, error)
    except SecondStepRequired as error:
        return _second_step(given, str(error.mfa["ticket"]), error.mfa["methods"])
    except LinkRequired as error:
        return keep_form(html.link_page(given.form, error.ticket, _title(given)), given.forms)
    except EmailRequired as error:
        return keep_form(html.address_page(given.form, error.ticket, _title(given)), given.forms)
    except AppError as error:
        return await _refused(given, error)
    return await _signed_in(given, result.issued if isinstance(result, Admitted) else result)


async def _signed_in(given: Posted, issued: Issued) -> Response:
    """The browser remembers who signed in; then it goes on."""
    cookie = await remember(given.runtime, issued.session_id, given.visit.cookie)
    visit = given.visit.signed_in_by(cookie)
    response = rendered(given.runtime, await service.visit(given.runtime, visit), given.forms, visit)
    return keep_browser(response, cookie, given.runtime.settings.session_life)


async def _refused(given: Posted, error: AppError) -> Response:
    """The sign-in page once more, and why."""
    shown = await service.visit(given.runtime, given.visit)
    email = given.field("email")[:254] if isinstance(shown, AskSignIn) else ""
    return rendered(given.runtime, shown, given.forms, given.visit, _why(error), email)


def _second_step(given: Posted, ticket: str, methods: list[str], refused: Refusal = NOT_REFUSED) -> Response:
    return keep_form(html.second_step_page(given.form, ticket, methods, refused), given.forms)


def _title(given: Posted) -> str:
    """How the provider is called."""
    name = given.field("provider")
    return given.runtime.providers.titles().get(name, name)[:100]


def _credential(given: Posted) -> Credential:
    """What the browser made; raises ValidationError for what is no object of JSON."""
    return CREDENTIAL.validate_json(given.field("credential"))


def _why(error: AppError) -> Refusal:
    return Refusal(error.detail, error.status)


STEPS = {
    "sign_in": _sign_in,
    "passkey": _by_passkey,
    "second_step": _prove,
    "second_passkey": _prove_by_passkey,
    "link": _link,
    "address": _name_address,
    "consent": _decide,
}
