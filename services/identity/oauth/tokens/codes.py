"""A code for tokens. The core says what follows from it, and then it is used up, in one statement."""

from services.identity.accounts.repository import Users
from services.identity.app_grants.repository import AppGrants
from services.identity.oauth.authorizations.models import OAuthCode
from services.identity.oauth.authorizations.repository import Codes
from services.identity.oauth.browsers.repository import AppSessions
from services.identity.oauth.clients.domain import OFFLINE
from services.identity.oauth.protocol.cases import Answer, KnownCode
from services.identity.oauth.tokens.requests import TokenRequest
from services.identity.oauth.tokens.sessions import minting, proof_of, session_in
from services.identity.sessions.domain import EndReason, fingerprint, new_refresh_token
from services.identity.sessions.models import SignInSession
from services.identity.sessions.repository import SignInSessions
from services.identity.sessions.rotation import token_row
from shared.database.session import Session
from shared.records.clock import machine_now


async def by_code(session: Session, asked: TokenRequest) -> Answer:
    """Tokens of a new session, or of one that goes on; the code is burnt by a wrong verifier too.

    A second use ends what the first gave.
    """
    code = await Codes(session).find(asked.request.form.get("code", ""), asked.client.id)
    if code is None or code.used_at is not None or code.expires_at <= machine_now():
        return await _refuse(session, asked)
    # The account before its code, as everywhere: what ends the account's sessions waits, or is waited for.
    user = await Users(session).find_active(code.user_id, lock=True)
    browser = await SignInSessions(session).find(code.browser_id, lock=True)
    if user is None or user.suspended_at is not None or browser is None or not await _is_allowed(session, asked, code):
        return await _refuse(session, asked)
    same = await _same_session(session, asked, code)
    opened = same or session_in(asked.runtime, browser, user, asked.client, code.scopes)
    case, proof = asked.case, proof_of(browser)
    case.subject, case.sid, case.proof = str(user.id), str(opened.id), proof
    case.code = KnownCode(code.redirect_uri, code.scopes, code.nonce, code.challenge, proof)
    refresh_token = new_refresh_token() if OFFLINE in code.scopes else None
    case.mint = minting(asked.runtime, user, opened, asked.signer, refresh_token)
    answer = asked.answer()
    if answer.error not in (None, "invalid_grant"):
        return answer
    if not await Codes(session).take(code):
        return await _refuse(session, asked)
    if answer.error is None:
        if same is None:
            await _store(session, opened, browser, answer.body.get("refresh_token"))
        else:
            same.authenticated_at, same.methods, same.last_used_at = (
                browser.authenticated_at,
                list(browser.methods),
                machine_now(),
            )
        await Codes(session).give(code, opened.id)
    return answer


async def _is_allowed(session: Session, asked: TokenRequest, code: OAuthCode) -> bool:
    """Whether the person still allows what the code stands for: the consent may have been withdrawn since."""
    granted = await AppGrants(session).scopes(code.user_id, asked.client.id)
    return asked.client.first_party or granted.issuperset(code.scopes)


async def _same_session(session: Session, asked: TokenRequest, code: OAuthCode) -> SignInSession | None:
    """The session that goes on: a client that signs in silently, again and again, has one in each browser."""
    if OFFLINE in code.scopes:
        return None
    return await AppSessions(session).find_same(code.browser_id, asked.client.id, code.scopes)


async def _store(session: Session, opened: SignInSession, browser: SignInSession, refresh_token: str | None) -> None:
    session.add(opened)
    await session.flush()
    await AppSessions(session).add(opened.id, browser.id, is_offline=OFFLINE in opened.scopes)
    if refresh_token is not None:
        session.add(token_row(opened, fingerprint(refresh_token), machine_now()))


async def _refuse(session: Session, asked: TokenRequest) -> Answer:
    """The core refuses what it does not know. Who shows a code again has one that was stolen."""
    asked.case.code = asked.case.mint = None
    answer = asked.answer()
    if asked.is_authenticated and answer.error == "invalid_grant":
        used = await Codes(session).find(asked.request.form.get("code", ""), asked.client.id)
        if used is not None and used.session_id is not None:
            await asked.end(session, used.session_id, EndReason.CODE_REUSED)
    return answer
