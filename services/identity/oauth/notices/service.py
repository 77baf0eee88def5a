"""Use cases of notices. Clients are called between transactions."""

from collections.abc import Collection

from joserfc import jwt

from services.identity.oauth.clients.models import OAuthClient
from services.identity.oauth.clients.repository import OAuthClients
from services.identity.oauth.notices.domain import HEARD, TRIED_FOR, TYPE, logout_claims
from services.identity.oauth.notices.models import LogoutNotice
from services.identity.oauth.notices.repository import LogoutNotices
from services.identity.runtime import IdentityRuntime
from services.identity.sessions.models import SignInSession
from shared.database.session import Session
from shared.errors import Unavailable
from shared.observability.logs import logger
from shared.records.clock import machine_now
from shared.records.ids import new_id

log = logger(service="identity")


async def queue(session: Session, over: Collection[SignInSession]) -> None:
    """The clients of these sessions hear that they are over, where they want to."""
    if over and await LogoutNotices(session).queue(over):
        session.wake_jobs_after_commit("send_logouts")


async def send(runtime: IdentityRuntime, notice: LogoutNotice) -> bool:
    """Calls the client; raises Unavailable or AddressNotAllowed where it did not hear. After an hour: given up."""
    async with runtime.db.read() as reader:
        client = await OAuthClients(reader).find(notice.client_id)
    is_late = machine_now() - notice.created_at > TRIED_FOR
    address = None if client is None or is_late else client.backchannel_logout_uri
    if client is None or address is None:
        log.warning("logout.given_up", client_id=str(notice.client_id), reason=notice.last_error)
    else:
        await _call(runtime, client, address, notice)
    async with runtime.db.autocommit() as session:
        await LogoutNotices(session).remove(notice.id)
    return address is not None


async def _call(runtime: IdentityRuntime, client: OAuthClient, address: str, notice: LogoutNotice) -> None:
    key = await runtime.keyring.signer_by(runtime.db, client.id_token_alg)
    claims = logout_claims(
        runtime.settings.public_url,
        client_id=str(client.id),
        subject=str(notice.user_id),
        sid=str(notice.session_id),
        token_id=str(new_id()),
        now=int(machine_now().timestamp()),
    )
    header = {"alg": client.id_token_alg.value, "kid": key.kid, "typ": TYPE}
    token = jwt.encode(header, claims, key, algorithms=[client.id_token_alg.value])
    answered = await runtime.outside.post(address, {"logout_token": token})
    if answered.status not in HEARD:
        raise Unavailable(f"The client answers {answered.status}.")
