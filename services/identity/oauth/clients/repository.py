"""SQL of clients."""

from uuid import UUID

from sqlalchemy import select

from services.identity.oauth.clients.models import OAuthClient
from shared.database.listing import Found, ListOf, Page
from shared.database.repository import Repository, found

CLIENTS = ListOf(OAuthClient, {"created_at": OAuthClient.created_at, "name": OAuthClient.name}, last=OAuthClient.id)


class OAuthClients(Repository):
    """Clients."""

    async def add(self, client: OAuthClient) -> None:
        """Stores a new one at once."""
        self.session.add(client)
        await self.session.flush()

    async def find(self, client_id: UUID) -> OAuthClient | None:
        """The client, if there is one."""
        return await self.session.scalar(select(OAuthClient).where(OAuthClient.id == client_id))

    async def find_named(self, client_id: str | None) -> OAuthClient | None:
        """The client that a request names, if there is one; an id has one way to be written."""
        try:
            named = UUID(client_id or "")
        except ValueError:
            return None
        return await self.find(named) if str(named) == client_id else None

    async def get(self, client_id: UUID) -> OAuthClient:
        """The client, locked; raises NotFound."""
        query = select(OAuthClient).where(OAuthClient.id == client_id)
        return found(await self.session.scalar(query.with_for_update()), "client")

    async def page(self, page: Page) -> Found[OAuthClient]:
        """One page of all."""
        return await CLIENTS.page(self.session, select(OAuthClient), page)

    async def remove(self, client: OAuthClient) -> None:
        """Deletes a locked one, with what people allowed it and the codes that it has not used."""
        await self.session.delete(client)
        await self.session.flush()
