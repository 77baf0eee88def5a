"""HTTP of authorizations: the pages that an app sends people to."""

from urllib.parse import urlencode

from authlib.oauth2.rfc6749 import OAuth2Error
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from services.identity.oauth.authorizations import html, service
from services.identity.oauth.authorizations.rendering import PAGE, rendered
from services.identity.oauth.authorizations.service import Visit
from services.identity.oauth.authorizations.steps import STEPS, Posted, again, come_back
from services.identity.oauth.browsers.forms import Cookies, Forms
from services.identity.oauth.protocol.requests import pairs_of
from services.identity.runtime import Rt
from services.identity.sessions.clients import ClientDep
from shared.web.http import UnkeyedRoute

router = APIRouter(prefix="/oauth/authorize", route_class=UnkeyedRoute, include_in_schema=False)
STALE = html.Refusal("This form is not good any more. Try again.")


@router.get("/")
async def show(request: Request, runtime: Rt) -> Response:
    """The page that is next, or the way back to the app."""
    cookies = Cookies.of(request)
    visit = _visit(request.url.query, cookies)
    if isinstance(visit, Response):
        return visit
    return rendered(runtime, await service.visit(runtime, visit), Forms.of(runtime.form_key, request), visit)


@router.post("/")
async def act(request: Request, runtime: Rt, client: ClientDep) -> Response:
    """What a page's button does; an app's own form goes on as a link would."""
    cookies, body = Cookies.of(request), await request.body()
    visit = _visit(request.url.query, cookies)
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
        return rendered(runtime, await service.visit(runtime, visit), forms, visit, STALE)
    given = Posted(request, runtime, client, Visit(visit.query, visit.cookie, began_at), forms, fields)
    return await STEPS.get(fields["step"], again)(given)


@router.get("/social/")
async def come_back_from_provider(request: Request, runtime: Rt, client: ClientDep) -> Response:
    """Goes on where a sign-in at a provider began, in the same browser; `to` is the query of its page."""
    cookies = Cookies.of(request)
    try:
        fields = dict(pairs_of(request.url.query))
    except OAuth2Error:
        return html.refusal_page("The address cannot be read.")
    visit = _visit(fields.get("to", ""), cookies)
    if isinstance(visit, Response):
        return visit
    forms = Forms.on_page(runtime.form_key, cookies, f"/oauth/authorize?{fields.get('to', '')}")
    began_at = forms.began_at(fields.get("form", ""))
    if began_at is None:
        return rendered(runtime, await service.visit(runtime, visit), forms, visit, STALE)
    begun = Visit(visit.query, visit.cookie, began_at)
    return await come_back(Posted(request, runtime, client, begun, forms, fields))


def _visit(query: str, cookies: Cookies) -> Visit | Response:
    try:
        return Visit(pairs_of(query), cookies.browser)
    except OAuth2Error:
        return html.refusal_page("The address cannot be read.")
