"""SQL of the audit log."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from services.identity.accounts.models import User
from services.identity.staff.models import AuditEntry
from shared.database.session import Session


class AuditLog:
    """Who did what to which account; append only."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def add(
        self,
        actor_id: UUID | None,
        action: str,
        user: User,
        before: dict[str, Any] | None,
        after: dict[str, Any] | None = None,
    ) -> None:
        """Notes how it was and is, the roles unless said otherwise; `actor_id` is None for the command line."""
        entry = AuditEntry(
            actor_id=actor_id,
            action=action,
            subject_id=user.id,
            before=before,
            after=after or {"roles": user.roles},
            created_at=self.session.now(),
        )
        self.session.add(entry)

    async def erase_reasons(self, subject_id: UUID) -> None:
        """Removes staff's reasons from the entries about an erased account; what was done stays on record."""
        await self.session.execute(select(func.identity.erase_reasons(subject_id)))
