"""SQL of what people allowed apps."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from services.identity.app_grants.models import AppGrant
from shared.database.repository import Repository
from shared.records.clock import machine_now

PLAIN = {"synchronize_session": False}


class AppGrants(Repository):
    """Grants, by account and client."""

    async def scopes(self, user_id: UUID, client_id: UUID) -> frozenset[str]:
        """What the person allowed that client; nothing where they were not asked."""
        own = (AppGrant.user_id == user_id, AppGrant.client_id == client_id)
        return frozenset(await self.session.scalar(select(AppGrant.scopes).where(*own)) or ())

    async def put(self, user_id: UUID, client_id: UUID, scopes: Collection[str]) -> None:
        """Adds these scopes to what the person allowed that client; again changes nothing."""
        wanted = sorted(set(scopes) | await self.scopes(user_id, client_id))
        fields = {"scopes": wanted, "created_at": machine_now()}
        adding = insert(AppGrant).values(user_id=user_id, client_id=client_id, **fields)
        replacing = adding.on_conflict_do_update(index_elements=[AppGrant.user_id, AppGrant.client_id], set_=fields)
        await self.session.execute(replacing)

    async def remove(self, user_id: UUID, client_id: UUID) -> bool:
        """That client is asked for anew; whether there was anything that the person had allowed it."""
        own = (AppGrant.user_id == user_id, AppGrant.client_id == client_id)
        gone = delete(AppGrant).where(*own).returning(AppGrant.client_id)
        return await self.session.scalar(gone, execution_options=PLAIN) is not None

    async def remove_all(self, user_id: UUID) -> None:
        """Every client is asked for anew."""
        await self.session.execute(delete(AppGrant).where(AppGrant.user_id == user_id), execution_options=PLAIN)
