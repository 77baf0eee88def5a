"""One request for tokens, as the grants below see it."""

from dataclasses import dataclass, field
from uuid import UUID

from joserfc.jwk import ECKey, RSAKey

from services.identity.oauth.clients.models import OAuthClient
from services.identity.oauth.protocol.cases import Answer, Case
from services.identity.oauth.protocol.requests import CoreRequest
from services.identity.oauth.protocol.server import Core
from services.identity.runtime import IdentityRuntime
from services.identity.sessions.domain import EndReason
from services.identity.sessions.repository import SignInSessions
from services.identity.sessions.service import end_sessions
from shared.database.session import Session
from shared.records.clock import machine_now


@dataclass(slots=True)
class TokenRequest:
    """Who asks, who signs, what is known, and which sessions end by it, which are to be announced."""

    runtime: IdentityRuntime
    request: CoreRequest
    client: OAuthClient
    signer: ECKey
    case: Case
    ended: list[UUID] = field(default_factory=list)

    def answer(self) -> Answer:
        """What the core says, which changes nothing."""
        said: Answer = Core(self.case).create_token_response(self.request)
        return said

    @property
    def is_authenticated(self) -> bool:
        """Whether the core found the client to be who it says."""
        return self.request.auth_method is not None

    async def end(self, session: Session, session_id: UUID, reason: EndReason) -> None:
        """Ends a session that somebody stole from."""
        ended = await SignInSessions(session).find_live(session_id=session_id, token_hash=None)
        end_sessions(session, ended, reason)
        self.ended += [opened.id for opened in ended]


def case_of(runtime: IdentityRuntime, client: OAuthClient | None, id_key: ECKey | RSAKey | None = None) -> Case:
    """What the core needs to know of a client."""
    until = None if client is None else client.former_until
    former_is_good = until is not None and until > machine_now()
    return Case(runtime.settings.public_url, client, former_secret_is_good=former_is_good, id_key=id_key)
