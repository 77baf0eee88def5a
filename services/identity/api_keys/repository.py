"""SQL of API keys."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select

from services.identity.api_keys.models import ApiKey
from shared.database.listing import Found, ListOf, Page
from shared.database.repository import Repository, found
from shared.records.clock import machine_now

NEWEST_FIRST = ListOf(ApiKey, {"created_at": ApiKey.created_at, "name": ApiKey.name}, last=ApiKey.id.desc())


class ApiKeys(Repository):
    """Keys."""

    async def page_of(self, user_id: UUID, page: Page) -> Found[ApiKey]:
        """One page of the account's keys that can be used, newest first unless ordered otherwise."""
        return await NEWEST_FIRST.page(self.session, _good_ones_of(user_id), page)

    async def count_of(self, user_id: UUID) -> int:
        """How many can be used."""
        return await NEWEST_FIRST.total(self.session, _good_ones_of(user_id))

    async def lock_all_of(self, user_id: UUID) -> Sequence[ApiKey]:
        """All that can be used, locked in the order of their ids."""
        return (await self.session.scalars(_good_ones_of(user_id).order_by(ApiKey.id).with_for_update())).all()

    async def get_of(self, key_id: UUID, user_id: UUID) -> ApiKey:
        """That account's key, locked; NotFound for another's, or one that has ended."""
        own = (ApiKey.id == key_id, ApiKey.user_id == user_id, ApiKey.ended_at.is_(None))
        return found(await self.session.scalar(select(ApiKey).where(*own).with_for_update()), "API key")

    async def find(self, key_hash: bytes) -> ApiKey | None:
        """The key with that hash, if it can be used."""
        return await self.session.scalar(select(ApiKey).where(ApiKey.hash == key_hash, _good()))

    async def lock(self, key_id: UUID) -> ApiKey:
        """The key as it is now, locked."""
        query = select(ApiKey).where(ApiKey.id == key_id).execution_options(populate_existing=True)
        return found(await self.session.scalar(query.with_for_update()), "API key")


def _good_ones_of(user_id: UUID) -> Select[ApiKey]:
    return select(ApiKey).where(ApiKey.user_id == user_id, _good())


def _good() -> ColumnElement[bool]:
    unexpired = or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > machine_now())
    return and_(ApiKey.ended_at.is_(None), unexpired)
