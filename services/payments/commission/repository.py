"""SQL of commission."""

from uuid import UUID

from sqlalchemy import bindparam, select

from services.payments.commission.models import CommissionTerms
from shared.database.repository import Repository
from shared.database.session import table_of
from shared.database.statements import CompiledStatement


class Terms(Repository):
    """What was agreed with practitioners."""

    async def find(self, practitioner_id: UUID) -> CommissionTerms | None:
        """The practitioner's terms, or None."""
        return await self.session.one_of(CommissionTerms, AGREED, {"practitioner_id": practitioner_id})


TERMS = table_of(CommissionTerms)
# Runs in every checkout: compiled for benchmarks/checkouts.py.
AGREED = CompiledStatement(select(TERMS).where(TERMS.c.practitioner_id == bindparam("practitioner_id")))
