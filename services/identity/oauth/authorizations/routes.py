"""HTTP of authorizations: the pages that an app sends people to."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from authlib.oauth2.rfc6749 import OAuth2Error
from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import RedirectResponse, Response

from services.identity.factors.domain import RECOVERY_CODE, TOTP
from services.identity.factors.errors import SecondStepRequired, SecondStepWrong, TicketInvalid
from services.identity.oauth.authorizations import html, service
from services.identity.oauth.authorizations.service import AskConsent, AskSignIn, Next, Refuse, SendBack, Visit
from services.identity.oauth.browsers.forms import Cookies, Forms, keep_browser, keep_form
from services.identity.oauth.browsers.service import remember
from services.identity.oauth.protocol.requests import pairs_of
from services.identity.runtime import IdentityRuntime, Rt
from services.identity.second_steps.schemas import SecondStep
from services.identity.second_steps.service import finish_sign_in
from services.identity.sessions.clients import Client, ClientDep
from services.identity.sessions.errors import InvalidCredentials
from services.identity.sessions.schemas import Credentials
from services.identity.sessions.service import Issued, login
from shared.errors import AppError
from shared.web.http import UnkeyedRoute

router = APIRouter(prefix="/oauth/authorize", route_class=UnkeyedRoute, include_in_schema=False)
PAGE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
STALE = "This form is not good any more. Try again."


@dataclass(frozen=True, slots=True)
class Posted:
    """A form of ours that came back."""

    request: Request
    runtime: IdentityRuntime
    client: Client
    visit: Visit
    forms: Forms
    fields: Mapping[str, str]

    def field(self, name: str) -> str:
        """What came under that name."""
        return self.fields.get(name, "")


@router.get("/")
async def show(request: Request, runtime: Rt) -> Response:
    """The page that is next, or the way back to the app."""
    cookies = Cookies.of(request)
    visit = _visit(request, cookies)
    if isinstance(visit, Response):
        return visit
    return _rendered(await service.visit(runtime, visit), Forms.of(runtime.form_key, request), visit)


@router.post("/")
async def act(request: Request, runtime: Rt, client: ClientDep) -> Response:
    """What a page's button does; an app's own form goes on as a link would."""
    cookies, body = Cookies.of(request), await request.body()
    visit = _visit(request, cookies)
    try:
        fields = dict(pairs_of(body))
    except OAuth2Error:
        return html.refusal_page("The form cannot be read.")
    if "step" not in fields:
        return RedirectResponse(f"/oauth/authorize?{urlencode(fields)}", 303, PAGE)
    if isinstance(visit, Response):
        return visit
    forms = Forms.of(runtime.form_key, request)
    began_at = forms.began_at(fields.get("form", ""))
    if began_at is None:
        return _rendered(await service.visit(runtime, visit), forms, visit, STALE)
    given = Posted(request, runtime, client, Visit(visit.query, visit.cookie, began_at), forms, fields)
    return await STEPS.get(fields["step"], _again)(given)


async def _again(given: Posted) -> Response:
    return _rendered(await service.visit(given.runtime, given.visit), given.forms, given.visit)


async def _sign_in(given: Posted) -> Response:
    try:
        credentials = Credentials(email=given.field("email"), password=given.field("password"))
        issued = await login(given.runtime, credentials, given.client, given.request.is_disconnected)
    except ValidationError:
        return await _refused(given, InvalidCredentials())
    except SecondStepRequired as error:
        return _second_step(given, str(error.mfa["ticket"]), error.mfa["methods"])
    except AppError as error:
        return await _refused(given, error)
    return await _signed_in(given, issued)


async def _prove(given: Posted) -> Response:
    """The second factor."""
    method = RECOVERY_CODE if given.field("method") == RECOVERY_CODE else TOTP
    ticket = given.field("ticket")
    try:
        body = SecondStep(ticket=ticket, method=method, code=given.field("code"))
        issued = await finish_sign_in(given.runtime, body, given.client)
    except ValidationError:
        return await _refused(given, TicketInvalid())
    except SecondStepWrong as error:
        return _second_step(given, ticket, [TOTP, RECOVERY_CODE], error)
    except AppError as error:
        return await _refused(given, error)
    return await _signed_in(given, issued)


async def _decide(given: Posted) -> Response:
    visit = Visit(given.visit.query, given.visit.cookie, given.visit.began_at, given.field("decision") == "allow")
    return _rendered(await service.visit(given.runtime, visit), given.forms, visit)


async def _signed_in(given: Posted, issued: Issued) -> Response:
    """The browser remembers who signed in; then it goes on."""
    cookie = await remember(given.runtime, issued.session_id, given.visit.cookie)
    visit = given.visit.signed_in_by(cookie)
    response = _rendered(await service.visit(given.runtime, visit), given.forms, visit)
    return keep_browser(response, cookie, given.runtime.settings.session_life)


async def _refused(given: Posted, error: AppError) -> Response:
    """The sign-in page once more, and why."""
    shown = await service.visit(given.runtime, given.visit)
    if not isinstance(shown, AskSignIn):
        return _rendered(shown, given.forms, given.visit)
    token, email = given.forms.token(given.visit.began_at), given.field("email")[:254]
    response = html.sign_in_page(token, shown.client_name, email, error.detail, error.status)
    return keep_form(response, given.forms)


def _second_step(given: Posted, ticket: str, methods: list[str], error: AppError | None = None) -> Response:
    token = given.forms.token(given.visit.began_at)
    why, status = ("", 200) if error is None else (error.detail, error.status)
    return keep_form(html.second_step_page(token, ticket, methods, why, status), given.forms)


def _rendered(shown: Next, forms: Forms, visit: Visit, refused: str = "") -> Response:
    match shown:
        case SendBack(url):
            return RedirectResponse(url, 303, PAGE)
        case Refuse(why):
            return html.refusal_page(why)
        case AskSignIn(client_name, email):
            page = html.sign_in_page(forms.token(visit.began_at), client_name, email, refused)
        case AskConsent(client_name, email, scopes):
            page = html.consent_page(forms.token(visit.began_at), client_name, email, scopes)
    return keep_form(page, forms)


def _visit(request: Request, cookies: Cookies) -> Visit | Response:
    try:
        return Visit(pairs_of(request.url.query), cookies.browser)
    except OAuth2Error:
        return html.refusal_page("The address cannot be read.")


STEPS = {"sign_in": _sign_in, "second_step": _prove, "consent": _decide}
