"""Use cases of tokens: a code, a refresh token or a client's own secret for them.

Rows are read, Authlib's core says what follows, and that is stored, in one transaction.
"""

from collections.abc import Awaitable, Callable, Mapping

from services.identity.accounts.repository import Users
from services.identity.oauth.clients.domain import OFFLINE, GrantType
from services.identity.oauth.clients.repository import OAuthClients
from services.identity.oauth.protocol.cases import Answer, KnownRefresh
from services.identity.oauth.protocol.requests import CoreRequest
from services.identity.oauth.protocol.server import Core
from services.identity.oauth.tokens.codes import by_code
from services.identity.oauth.tokens.requests import TokenRequest, case_of
from services.identity.oauth.tokens.sessions import minting, new_session, proof_of
from services.identity.runtime import IdentityRuntime
from services.identity.sessions.domain import EndReason, RefreshResult, SessionKind, fingerprint, successor_of
from services.identity.sessions.errors import RefreshInvalid
from services.identity.sessions.models import SignInSession
from services.identity.sessions.repository import SignInSessions
from services.identity.sessions.rotation import judge_refresh_token, rotate
from services.identity.sessions.service import announce
from shared.database.session import Session
from shared.records.clock import machine_now


async def exchange(runtime: IdentityRuntime, request: CoreRequest) -> Answer:
    """Tokens, or a refusal in OAuth's form. A second use of a code, or of a refresh token that was replaced, ends what
    the first gave."""
    async with runtime.db.read() as reader:
        client = await OAuthClients(reader).find_named(request.named_client)
    if client is None:
        refused: Answer = Core(case_of(runtime, None)).create_token_response(request)
        return refused
    signer = await runtime.keyring.signer(runtime.db)
    id_key = await runtime.keyring.signer_by(runtime.db, client.id_token_alg)
    asked = TokenRequest(runtime, request, client, signer, case_of(runtime, client, id_key))
    async with runtime.db.transaction() as session:
        answer = await GRANTS.get(request.field("grant_type") or "", _unknown)(session, asked)
    await announce(runtime, asked.ended)
    return answer


async def _unknown(_: Session, asked: TokenRequest) -> Answer:
    return asked.answer()


async def _by_refresh(session: Session, asked: TokenRequest) -> Answer:
    """The next pair; it rotates as our own do."""
    token = asked.request.form.get("refresh_token", "")
    try:
        owner = await SignInSessions(session).owning(fingerprint(token))
        result = await judge_refresh_token(session, owner, token)
    except RefreshInvalid:
        return asked.answer()
    usable = owner.user.deactivated_at is None and owner.user.suspended_at is None
    if owner.kind is not SessionKind.APP or owner.client_id != asked.client.id or not usable:
        return asked.answer()
    if result in (RefreshResult.ROTATE, RefreshResult.SAME_SUCCESSOR):
        return await _refreshed(session, asked, owner, token, result)
    answer = asked.answer()
    if result is RefreshResult.REUSED and asked.is_authenticated:
        await asked.end(session, owner.id, EndReason.REFRESH_REUSED)
    return answer


async def _refreshed(
    session: Session, asked: TokenRequest, owner: SignInSession, token: str, result: RefreshResult
) -> Answer:
    """For the scopes that the client still has."""
    key, case = asked.runtime.refresh_key, asked.case
    scopes = [scope for scope in owner.scopes if scope in asked.client.scopes]
    if OFFLINE not in scopes:
        return asked.answer()
    case.subject, case.sid, case.proof = str(owner.user_id), str(owner.id), proof_of(owner)
    case.refresh = KnownRefresh(str(asked.client.id), scopes)
    case.mint = minting(asked.runtime, owner.user, owner, asked.signer, successor_of(token, key))
    answer = asked.answer()
    if answer.error is None and result is RefreshResult.ROTATE:
        await rotate(session, owner, token, key)
    return answer


async def _by_credentials(session: Session, asked: TokenRequest) -> Answer:
    """Tokens of the client's one session as its owner; none where the owner's account is not in use."""
    owner_id = asked.client.owner_id
    owner = None if owner_id is None else await Users(session).find_active(owner_id, lock=True)
    if owner is None or owner.suspended_at is not None:
        return asked.answer()
    client = await OAuthClients(session).get(asked.client.id)
    live = await SignInSessions(session).find_live(session_id=client.session_id, token_hash=None)
    mine = [one for one in live if one.user_id == owner.id and one.expires_at > machine_now()]
    opened = mine[0] if mine else new_session(asked.runtime, owner, client, client.scopes)
    asked.case.mint = minting(asked.runtime, owner, opened, asked.signer, None)
    answer = asked.answer()
    if answer.error is None:
        opened.last_used_at, opened.scopes = machine_now(), list(client.scopes)
        session.add(opened)
        await session.flush()
        client.session_id = opened.id
    return answer


GRANTS: Mapping[str, Callable[[Session, TokenRequest], Awaitable[Answer]]] = {
    GrantType.CODE.value: by_code,
    GrantType.REFRESH.value: _by_refresh,
    GrantType.CREDENTIALS.value: _by_credentials,
}
