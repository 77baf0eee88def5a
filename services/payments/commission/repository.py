"""SQL of commission."""

from uuid import UUID

from services.payments.commission.models import CommissionTerms
from shared.database.session import Session


class Terms:
    """What was agreed with practitioners."""

    def __init__(self, session: Session) -> None:
        self.session = session

    async def find(self, practitioner_id: UUID) -> CommissionTerms | None:
        """The practitioner's terms, or None."""
        return await self.session.get(CommissionTerms, practitioner_id)
