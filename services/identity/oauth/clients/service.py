"""Use cases of clients."""

from typing import Any
from uuid import UUID

from services.identity.accounts.repository import Users
from services.identity.oauth.clients.domain import FORMER_SECRET_LIFE, allowed_scopes, faults_of, new_secret
from services.identity.oauth.clients.errors import ClientsAtOdds, PublicClient, ScopeNotAllowed
from services.identity.oauth.clients.models import OAuthClient
from services.identity.oauth.clients.repository import OAuthClients
from services.identity.oauth.clients.schemas import ClientChange, NewClient
from services.identity.runtime import IdentityRuntime
from services.identity.sessions.domain import EndReason, fingerprint
from services.identity.sessions.repository import SignInSessions
from services.identity.sessions.service import announce, end_sessions
from shared.auth.verification import Caller
from shared.database import audit
from shared.database.session import Session
from shared.errors import FieldError
from shared.records.clock import machine_now
from shared.records.ids import new_id

SHOWN = tuple(NewClient.model_fields)


async def create(
    session: Session, runtime: IdentityRuntime, caller: Caller, given: NewClient
) -> tuple[OAuthClient, str | None]:
    """A client and its secret, which is stored nowhere; None for a public one.

    Raises ClientsAtOdds, ScopeNotAllowed, AddressNotAllowed, NotFound for an owner that is none.
    """
    now = machine_now()
    client = OAuthClient(id=new_id(), created_at=now, updated_at=now, **_columns(given.model_dump()))
    await _check(session, runtime, client)
    secret = None if client.public else new_secret()
    client.secret_hash = None if secret is None else fingerprint(secret)
    await OAuthClients(session).add(client)
    await audit.record(session, caller.user_id, "oauth_client.create", client.id, {}, _shown(client))
    return client, secret


async def change(
    session: Session, runtime: IdentityRuntime, caller: Caller, client_id: UUID, given: ClientChange
) -> OAuthClient:
    """The client with what is different; raises NotFound, and what `create` raises. Sessions go on as they are."""
    client = await OAuthClients(session).get(client_id)
    before = _shown(client)
    for name, value in _columns(given.model_dump(exclude_unset=True)).items():
        setattr(client, name, value)
    await _check(session, runtime, client)
    if client.public:
        client.secret_hash = client.former_hash = client.former_until = None
    client.updated_at = machine_now()
    await audit.record(session, caller.user_id, "oauth_client.change", client.id, before, _shown(client))
    return client


async def remove(runtime: IdentityRuntime, caller: Caller, client_id: UUID) -> None:
    """Deletes the client and ends its sessions; raises NotFound."""
    async with runtime.db.transaction() as session:
        client = await OAuthClients(session).get(client_id)
        ended = await SignInSessions(session).find_live_of_client(client.id)
        end_sessions(session, ended, EndReason.CLIENT_REMOVED)
        await audit.record(session, caller.user_id, "oauth_client.delete", client.id, _shown(client), {})
        await OAuthClients(session).remove(client)
    await announce(runtime, [opened.id for opened in ended])


async def renew_secret(session: Session, caller: Caller, client_id: UUID) -> tuple[OAuthClient, str]:
    """A new secret; the former one is good for a day, one before that no more. Raises NotFound, PublicClient."""
    client = await OAuthClients(session).get(client_id)
    if client.public:
        raise PublicClient
    secret, former = new_secret(), client.secret_hash
    client.former_hash = former
    client.former_until = None if former is None else machine_now() + FORMER_SECRET_LIFE
    client.secret_hash, client.updated_at = fingerprint(secret), machine_now()
    await audit.record(session, caller.user_id, "oauth_client.renew_secret", client.id, {}, {})
    return client, secret


async def _check(session: Session, runtime: IdentityRuntime, client: OAuthClient) -> None:
    faults = faults_of(
        grant_types=client.grant_types,
        redirect_uris=client.redirect_uris,
        public=client.public,
        has_owner=client.owner_id is not None,
    )
    if faults:
        raise ClientsAtOdds(errors=[FieldError(field=field, message=said, code=code) for field, said, code in faults])
    allowed = allowed_scopes(first_party=client.first_party)
    refused = [at for at, scope in enumerate(client.scopes) if scope not in allowed]
    if refused:
        code, detail = ScopeNotAllowed.code, ScopeNotAllowed.detail
        errors = [FieldError(field=f"scopes.{at}", message=detail, code=code) for at in refused]
        raise ScopeNotAllowed(code="invalid", errors=errors)
    if client.backchannel_logout_uri is not None:
        runtime.outside.check(client.backchannel_logout_uri, field="backchannel_logout_uri")
    if client.owner_id is not None:
        await Users(session).get_active(client.owner_id)


def _columns(given: dict[str, Any]) -> dict[str, Any]:
    lists = ("redirect_uris", "post_logout_redirect_uris", "grant_types", "scopes")
    return {name: list(dict.fromkeys(map(str, value))) if name in lists else value for name, value in given.items()}


def _shown(client: OAuthClient) -> dict[str, Any]:
    """What an audit row says of a client: all that superusers set."""
    shown = {name: getattr(client, name) for name in SHOWN}
    return {name: str(value) if isinstance(value, UUID) else value for name, value in shown.items()}
