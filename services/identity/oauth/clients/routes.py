"""HTTP of clients, for superusers. A secret is shown once, and stored nowhere."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from services.identity.oauth.clients import service
from services.identity.oauth.clients.errors import ClientsAtOdds, PublicClient, ScopeNotAllowed
from services.identity.oauth.clients.repository import OAuthClients
from services.identity.oauth.clients.schemas import ClientChange, ClientView, CreatedClient, NewClient, NewSecret
from services.identity.runtime import Rt
from shared.auth.permissions import Permission, SuperuserRequired
from shared.auth.verification import Caller
from shared.errors import ConfirmationRequired, NotFound
from shared.outside import AddressNotAllowed
from shared.web.http import SessionDep, UnkeyedRoute, confirmed, errors_of, needs
from shared.web.pagination import Listing, Paging

router = APIRouter(prefix="/api/v1/admin/oauth-clients", route_class=UnkeyedRoute, tags=["oauth"])
Superuser = Annotated[Caller, needs(Permission.WRITE_CLIENTS)]
CONFIRMED = [confirmed(Permission.WRITE_CLIENTS)]
REFUSED = (SuperuserRequired, ConfirmationRequired, NotFound)
UNFIT = (ClientsAtOdds, ScopeNotAllowed, AddressNotAllowed)


@router.get("/", responses=errors_of(SuperuserRequired))
async def list_oauth_clients(_: Superuser, page: Paging, session: SessionDep) -> Listing[ClientView]:
    """All clients, newest first."""
    return Listing[ClientView].of(*await OAuthClients(session).page(page), page)


@router.post("/", status_code=201, dependencies=CONFIRMED, responses=errors_of(*REFUSED, *UNFIT))
async def create_oauth_client(body: NewClient, caller: Superuser, session: SessionDep, runtime: Rt) -> CreatedClient:
    """A new client; its secret is in this answer alone."""
    made, secret = await service.create(session, runtime, caller, body)
    view = ClientView.model_validate(made).model_dump()
    return CreatedClient.model_validate({**view, "id": made.id, "former_until": None, "client_secret": secret})


@router.put("/{client_id}/", dependencies=CONFIRMED, responses=errors_of(*REFUSED, *UNFIT))
async def change_oauth_client(
    client_id: UUID, body: ClientChange, caller: Superuser, session: SessionDep, runtime: Rt
) -> ClientView:
    """Changes what is given. A client that becomes public loses its secret."""
    return ClientView.model_validate(await service.change(session, runtime, caller, client_id, body))


@router.delete("/{client_id}/", status_code=204, dependencies=CONFIRMED, responses=errors_of(*REFUSED))
async def delete_oauth_client(client_id: UUID, caller: Superuser, runtime: Rt) -> None:
    """Deletes it; its sessions end within two seconds, and what people allowed it is forgotten."""
    await service.remove(runtime, caller, client_id)


@router.post("/{client_id}/secret/", dependencies=CONFIRMED, responses=errors_of(*REFUSED, PublicClient))
async def renew_oauth_client_secret(client_id: UUID, caller: Superuser, session: SessionDep) -> NewSecret:
    """A new secret; the former one is good for 24 hours more."""
    client, secret = await service.renew_secret(session, caller, client_id)
    return NewSecret(client_secret=secret, former_secret_until=client.former_until)
