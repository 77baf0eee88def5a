"""SQL of calls to Stripe that move money."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from services.payments.stripe.domain import CallOutcome, Purpose
from services.payments.stripe.models import ProviderCall
from shared.database.repository import Repository


class ProviderCalls(Repository):
    """Attempts by purpose and row; at most one of them has an unknown outcome."""

    async def latest(self, purpose: Purpose, subject_id: UUID, *, lock: bool = False) -> ProviderCall | None:
        """The newest attempt, or None where nothing was ever asked."""
        chosen = (
            select(ProviderCall)
            .where(ProviderCall.purpose == purpose, ProviderCall.subject_id == subject_id)
            .order_by(ProviderCall.attempt.desc())
            .limit(1)
            .execution_options(populate_existing=True)
        )
        return await self.session.scalar(chosen.with_for_update() if lock else chosen)

    async def get(self, purpose: Purpose, subject_id: UUID, attempt: int) -> ProviderCall:
        """That attempt, locked."""
        chosen = select(ProviderCall).where(
            ProviderCall.purpose == purpose, ProviderCall.subject_id == subject_id, ProviderCall.attempt == attempt
        )
        return (await self.session.scalars(chosen.with_for_update().execution_options(populate_existing=True))).one()

    async def add(self, purpose: Purpose, subject_id: UUID, attempt: int, key: str, now: datetime) -> None:
        """Adds an attempt that is about to be sent at `now`, unless another process has just done so."""
        values = {
            "purpose": purpose,
            "subject_id": subject_id,
            "attempt": attempt,
            "key": key,
            "first_sent_at": now,
            "last_sent_at": now,
            "in_flight": 0,
            "key_spent": False,
            "outcome": CallOutcome.UNKNOWN,
            "superseded": False,
        }
        await self.session.execute(insert(ProviderCall).values(values).on_conflict_do_nothing())
