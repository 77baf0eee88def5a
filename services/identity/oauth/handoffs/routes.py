"""HTTP of hand-offs: an app asks for an address, a browser opens it."""

from authlib.oauth2.rfc6749 import OAuth2Error
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from services.identity.oauth.authorizations.html import Form, ask_page, refusal_page
from services.identity.oauth.browsers.forms import Cookies, Forms, keep_browser, keep_form
from services.identity.oauth.handoffs import service
from services.identity.oauth.handoffs.errors import NoSignInPage
from services.identity.oauth.handoffs.schemas import HandOffView, NewHandOff
from services.identity.oauth.handoffs.service import Ask
from services.identity.oauth.protocol.requests import pairs_of
from services.identity.runtime import IdentityRuntime, Rt
from services.identity.sessions.clients import Client, ClientDep
from shared.errors import NotFound, Unauthenticated
from shared.web.http import SessionDep, Signed, UnkeyedRoute, errors_of

router = APIRouter(prefix="/api/v1/auth/handoff", route_class=UnkeyedRoute, tags=["oauth"])
pages = APIRouter(prefix="/oauth/handoff", route_class=UnkeyedRoute, include_in_schema=False)
PAGE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


@router.post("/", responses=errors_of(Unauthenticated, NotFound, NoSignInPage))
async def create_handoff(body: NewHandOff, caller: Signed, session: SessionDep, runtime: Rt) -> HandOffView:
    """An address that signs a browser in as the caller and opens the client's page there."""
    return HandOffView(url=await service.create(session, runtime, caller, body.client_id))


@pages.get("/")
async def open_handoff(request: Request, runtime: Rt, client: ClientDep) -> Response:
    """Signs the browser in, or asks who is signed in."""
    return await _answered(request, runtime, client, confirmed=False)


@pages.post("/")
async def confirm_handoff(request: Request, runtime: Rt, client: ClientDep) -> Response:
    """Goes on as the other person."""
    try:
        fields = dict(pairs_of(await request.body()))
    except OAuth2Error:
        return refusal_page("The form cannot be read.")
    forms = Forms.of(runtime.form_key, request)
    is_ours = forms.began_at(fields.get("form", "")) is not None
    return await _answered(request, runtime, client, confirmed=is_ours)


async def _answered(request: Request, runtime: IdentityRuntime, client: Client, *, confirmed: bool) -> Response:
    cookies = Cookies.of(request)
    try:
        token = dict(pairs_of(request.url.query)).get("token", "")
    except OAuth2Error:
        return refusal_page("The address cannot be read.")
    result = await service.open_handoff(runtime, token, cookies.browser, client, confirmed=confirmed)
    if result is None:
        return refusal_page("This address was used before, or is too old.")
    if isinstance(result, Ask):
        forms = Forms.of(runtime.form_key, request)
        text = f"You are signed in as {result.present} in this browser. Go on as {result.other}?"
        return keep_form(ask_page(Form(forms.token(None)), "Somebody else is signed in", text, "Go on"), forms)
    response = RedirectResponse(result.url, 303, PAGE)
    if result.cookie is not None:
        keep_browser(response, result.cookie, runtime.settings.session_life)
    return response
