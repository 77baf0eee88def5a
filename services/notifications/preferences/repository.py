"""SQL of preferences."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import any_, select
from sqlalchemy.dialects.postgresql import insert

from services.notifications.people.repository import IDS, ids_of
from services.notifications.preferences.domain import Topic
from services.notifications.preferences.models import MarketingConsent, Preference
from shared.database.repository import Repository
from shared.database.session import table_of
from shared.database.statements import CompiledStatement


class Preferences(Repository):
    """Who wants which topic by which channel."""

    async def of(self, user_id: UUID) -> dict[Topic, Preference]:
        """What that person chose; topics without a choice are absent."""
        rows = await self.session.scalars(select(Preference).where(Preference.user_id == user_id))
        return {row.topic: row for row in rows}

    async def among(self, user_ids: Iterable[UUID]) -> dict[tuple[UUID, Topic], Any]:
        """Rows with `email` and `in_app`."""
        rows = await self.session.run(CHOICES, ids_of(user_ids))
        return {(row.user_id, row.topic): row for row in rows}

    async def put(self, user_id: UUID, topic: Topic, *, email: bool, in_app: bool) -> None:
        """Replaces the choice for that topic."""
        channels = {"email": email, "in_app": in_app}
        row = insert(Preference).values(user_id=user_id, topic=topic, **channels)
        await self.session.execute(row.on_conflict_do_update(index_elements=["user_id", "topic"], set_=channels))


class MarketingConsents(Repository):
    """Who consents to news and offers."""

    async def put(self, user_id: UUID, purpose: str, consent_id: UUID, *, is_given: bool) -> bool:
        """Stores a record of identity's, and returns whether it did: not where a later one is there."""
        row = insert(MarketingConsent).values(
            user_id=user_id, purpose=purpose, consent_id=consent_id, is_given=is_given
        )
        newer = row.on_conflict_do_update(
            index_elements=["user_id", "purpose"],
            set_={"consent_id": row.excluded.consent_id, "is_given": row.excluded.is_given},
            where=MarketingConsent.consent_id <= row.excluded.consent_id,
        )
        return await self.session.scalar(newer.returning(MarketingConsent.is_given)) is not None

    async def given(self, user_ids: Iterable[UUID], purpose: str) -> set[UUID]:
        """Those of them who consent to that purpose."""
        found = select(MarketingConsent.user_id).where(
            MarketingConsent.user_id.in_(set(user_ids)), MarketingConsent.purpose == purpose, MarketingConsent.is_given
        )
        return set(await self.session.scalars(found))


PREFERENCE = table_of(Preference)
# Compiled for benchmarks/checkouts.py: read for every notification.
CHOICES = CompiledStatement(select(PREFERENCE).where(PREFERENCE.c.user_id == any_(IDS)))
