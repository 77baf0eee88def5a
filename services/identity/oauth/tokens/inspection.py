"""Use cases about tokens that were given: who signed in, what one is worth, and its end (RFC 7009, 7662)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from authlib.oauth2.rfc6749 import InvalidClientError

from services.identity.accounts.models import User
from services.identity.oauth.browsers.repository import AppSessions
from services.identity.oauth.clients.domain import EMAIL, OPENID, PROFILE
from services.identity.oauth.clients.models import OAuthClient
from services.identity.oauth.clients.repository import OAuthClients
from services.identity.oauth.protocol.client import OF_CONFIDENTIAL
from services.identity.oauth.protocol.requests import CoreRequest
from services.identity.oauth.protocol.server import Core
from services.identity.oauth.tokens.requests import case_of
from services.identity.runtime import IdentityRuntime
from services.identity.sessions.domain import EndReason, RefreshResult, SessionKind, fingerprint
from services.identity.sessions.errors import RefreshInvalid
from services.identity.sessions.models import SignInSession
from services.identity.sessions.repository import SignInSessions
from services.identity.sessions.rotation import judge_refresh_token
from services.identity.sessions.service import announce, end_sessions
from shared.auth.verification import Caller
from shared.database.session import Session
from shared.errors import Unauthenticated

Claims = Mapping[str, Any]
INACTIVE: Claims = {"active": False}
GOOD = (RefreshResult.ROTATE, RefreshResult.SAME_SUCCESSOR)


@dataclass(frozen=True, slots=True)
class Known:
    """A token of a client: its session, and what else is known of it."""

    opened: SignInSession
    claims: Claims


class ScopeMissing(Exception):
    """The token does not say who signed in."""


async def claims_of(session: Session, caller: Caller) -> Claims:
    """What the token's scopes say of who signed in; raises Unauthenticated, ScopeMissing."""
    opened = await AppSessions(session).find_live(caller.session_id)
    if opened is None:
        raise Unauthenticated("The session of this token has ended.")
    scopes = frozenset(opened.scopes) if caller.scopes is None else caller.scopes
    if OPENID not in scopes:
        raise ScopeMissing
    user = opened.user
    claims: dict[str, Any] = {"sub": str(user.id)}
    if PROFILE in scopes:
        claims |= _profile(user)
    if EMAIL in scopes:
        claims |= {"email": user.email, "email_verified": user.is_verified}
    return claims


async def introspect(runtime: IdentityRuntime, request: CoreRequest) -> Claims:
    """What a client's own token is worth now; of any other it learns nothing. Raises InvalidClientError."""
    caller = await _caller_of(runtime, request)
    async with runtime.db.transaction() as session:
        client = await _authenticated(session, runtime, request, OF_CONFIDENTIAL)
        known = await _find(session, client, caller, request)
        if known is None:
            return INACTIVE
        own = {"active": True, "client_id": str(client.id), "sub": str(known.opened.user_id)}
        return own | {"sid": str(known.opened.id), "iss": runtime.settings.public_url} | dict(known.claims)


async def revoke(runtime: IdentityRuntime, request: CoreRequest) -> None:
    """Ends the session of a client's own token; any other is as good as ended. Raises InvalidClientError."""
    caller = await _caller_of(runtime, request)
    async with runtime.db.transaction() as session:
        client = await _authenticated(session, runtime, request, (*OF_CONFIDENTIAL, "none"))
        known = await _find(session, client, caller, request)
        ended = [] if known is None else [known.opened]
        end_sessions(session, ended, EndReason.REVOKED)
    await announce(runtime, [opened.id for opened in ended])


async def _authenticated(
    session: Session, runtime: IdentityRuntime, request: CoreRequest, methods: tuple[str, ...]
) -> OAuthClient:
    client = await OAuthClients(session).find_named(request.named_client)
    Core(case_of(runtime, client)).authenticate_client(request, methods)
    if client is None:
        raise InvalidClientError(status_code=401)
    return client


async def _caller_of(runtime: IdentityRuntime, request: CoreRequest) -> Caller | None:
    """Whose access token is asked about; before the transaction, since its key may have to be fetched."""
    try:
        return await runtime.verifier.user(request.form.get("token", ""))
    except Unauthenticated:
        return None


async def _find(session: Session, client: OAuthClient, caller: Caller | None, request: CoreRequest) -> Known | None:
    """The token, if it is good now, and that client's; its session is locked."""
    if caller is not None:
        return await _find_access(session, client, caller)
    return await _find_refresh(session, client, request.form.get("token", ""))


async def _find_access(session: Session, client: OAuthClient, caller: Caller) -> Known | None:
    if caller.client_id != str(client.id):
        return None
    opened = await SignInSessions(session).find(caller.session_id, lock=True)
    if opened is None or opened.kind is not SessionKind.APP:
        return None
    scopes = opened.scopes if caller.scopes is None else caller.scopes
    claims = {"token_type": "Bearer", "scope": " ".join(sorted(scopes)), "exp": int(caller.expires_at)}
    return Known(opened, claims)


async def _find_refresh(session: Session, client: OAuthClient, token: str) -> Known | None:
    try:
        opened = await SignInSessions(session).owning(fingerprint(token))
        result = await judge_refresh_token(session, opened, token)
    except RefreshInvalid:
        return None
    if opened.client_id != client.id or opened.kind is not SessionKind.APP or result not in GOOD:
        return None
    return Known(opened, {"scope": " ".join(opened.scopes), "exp": int(opened.expires_at.timestamp())})


def _profile(user: User) -> Claims:
    """The standard's claims; what is not known is left out."""
    said: dict[str, Any] = {
        "name": f"{user.first_name} {user.last_name}".strip(),
        "given_name": user.first_name,
        "family_name": user.last_name,
        "locale": user.locale,
        "zoneinfo": user.timezone,
        "updated_at": int(user.updated_at.timestamp()),
    }
    return {name: value for name, value in said.items() if value not in (None, "")}
