"""HTTP of logouts: the page that an app sends people to."""

from urllib.parse import urlencode

from authlib.oauth2.rfc6749 import OAuth2Error
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from services.identity.oauth.authorizations.html import Form, ask_page, refusal_page, text_page
from services.identity.oauth.browsers.forms import Cookies, Forms, keep_browser, keep_form
from services.identity.oauth.logouts import service
from services.identity.oauth.logouts.service import Ask, Wanted
from services.identity.oauth.protocol.requests import pairs_of
from services.identity.runtime import IdentityRuntime, Rt
from shared.web.http import UnkeyedRoute

router = APIRouter(prefix="/oauth/logout", route_class=UnkeyedRoute, include_in_schema=False)
PAGE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


@router.get("/")
async def show(request: Request, runtime: Rt) -> Response:
    """Signs out, or asks whether to."""
    return await _answered(request, runtime, confirmed=False)


@router.post("/")
async def confirm(request: Request, runtime: Rt) -> Response:
    """Signs out; an app's own form goes on as a link would."""
    try:
        fields = dict(pairs_of(await request.body()))
    except OAuth2Error:
        return refusal_page("The form cannot be read.")
    if "step" not in fields:
        return RedirectResponse(f"/oauth/logout?{urlencode(fields)}", 303, PAGE)
    forms = Forms.of(runtime.form_key, request)
    return await _answered(request, runtime, confirmed=forms.began_at(fields.get("form", "")) is not None)


async def _answered(request: Request, runtime: IdentityRuntime, *, confirmed: bool) -> Response:
    cookies = Cookies.of(request)
    try:
        given = dict(pairs_of(request.url.query))
    except OAuth2Error:
        return refusal_page("The address cannot be read.")
    names = {"id_token_hint": "id_token_hint", "client_id": "client_id", "state": "state"}
    said = {name: given.get(field) for name, field in names.items()}
    redirect = given.get("post_logout_redirect_uri")
    wanted = Wanted(cookies.browser, **said, redirect_uri=redirect, confirmed=confirmed)
    result = await service.log_out(runtime, wanted)
    if isinstance(result, Ask):
        forms = Forms.of(runtime.form_key, request)
        text = f"You are signed in as {result.email}. The apps that you opened in this browser are signed out too."
        return keep_form(ask_page(Form(forms.token(None)), "Sign out?", text, "Sign out"), forms)
    way_on = result.url
    response = text_page("You are signed out") if way_on is None else RedirectResponse(way_on, 303, PAGE)
    return keep_browser(response, None, runtime.settings.session_life)
