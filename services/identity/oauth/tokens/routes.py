"""HTTP of tokens, in OAuth's own form, errors too. What is answered here is stored nowhere."""

from authlib.oauth2.rfc6749 import InvalidClientError, InvalidRequestError, OAuth2Error
from authlib.oauth2.rfc6749.util import extract_basic_authorization
from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from services.identity.oauth.protocol.cases import Answer
from services.identity.oauth.protocol.requests import CoreRequest, pairs_of
from services.identity.oauth.tokens import inspection, service
from services.identity.runtime import Rt
from shared.auth.token_extraction import token_of
from shared.errors import Unauthenticated
from shared.web.http import SessionDep, UnkeyedRoute

router = APIRouter(prefix="/oauth", route_class=UnkeyedRoute, include_in_schema=False)
FORM = "application/x-www-form-urlencoded"
NOT_KEPT = {"Cache-Control": "no-store", "Pragma": "no-cache"}


@router.post("/token/")
async def token(request: Request, runtime: Rt) -> Response:
    """Tokens for a code, a refresh token, or a client's own secret."""
    try:
        return answered(await service.exchange(runtime, await form_of(request)))
    except OAuth2Error as error:
        return refused(error)


@router.post("/introspect/")
async def introspect(request: Request, runtime: Rt) -> Response:
    """What a client's own token is worth now (RFC 7662)."""
    try:
        return JSONResponse(dict(await inspection.introspect(runtime, await form_of(request))), 200, NOT_KEPT)
    except OAuth2Error as error:
        return refused(error)


@router.post("/revoke/")
async def revoke(request: Request, runtime: Rt) -> Response:
    """Ends the session of a client's own token (RFC 7009)."""
    try:
        await inspection.revoke(runtime, await form_of(request))
    except OAuth2Error as error:
        return refused(error)
    return Response(None, 200, NOT_KEPT)


@router.get("/userinfo/")
@router.post("/userinfo/")
async def userinfo(request: Request, runtime: Rt, session: SessionDep) -> Response:
    """Who signed in, as far as the scopes of the access token say so."""
    try:
        caller = await runtime.verifier.user(token_of(request.scope) or "")
        return JSONResponse(dict(await inspection.claims_of(session, caller)), 200, NOT_KEPT)
    except Unauthenticated:
        return _challenge(401, "invalid_token")
    except inspection.ScopeMissing:
        return _challenge(403, "insufficient_scope")


def _challenge(status: int, error: str) -> Response:
    """RFC 6750."""
    headers = NOT_KEPT | {"WWW-Authenticate": f'Bearer error="{error}"'}
    return JSONResponse({"error": error}, status, headers)


async def form_of(request: Request) -> CoreRequest:
    """The form that a client sent; raises InvalidRequestError for anything else, InvalidClientError for credentials
    that cannot be read."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise InvalidRequestError("Send the parameters as a form: application/x-www-form-urlencoded.")
    authorization = request.headers.get("authorization")
    headers = {} if authorization is None else {"Authorization": authorization}
    try:
        extract_basic_authorization(headers)
    except ValueError as error:
        raise InvalidClientError("The credentials cannot be read.", status_code=401) from error
    return CoreRequest("POST", form=pairs_of(await request.body()), headers=headers)


def answered(answer: Answer) -> Response:
    """The answer of the core."""
    return JSONResponse(answer.body or {}, answer.status, NOT_KEPT | _own(answer.headers))


def refused(error: OAuth2Error) -> Response:
    """A refusal before the core was asked."""
    status, body, headers = error(None)
    return JSONResponse(body, status, NOT_KEPT | _own(dict(headers)))


def _own(headers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() == "www-authenticate"}
