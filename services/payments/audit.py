"""The audit trail of staff's mutations in payments: one row each, never changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.base import Base
from shared.auth.verification import Who
from shared.database.session import TIMESTAMPTZ, Session
from shared.records.ids import new_id


class AuditRow(Base):
    """Who did what to which object, and how it stood before and after."""

    __tablename__ = "audit"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    actor_id: Mapped[UUID]
    action: Mapped[str] = mapped_column(String(64))
    subject_id: Mapped[UUID]
    before: Mapped[dict[str, Any]] = mapped_column(JSONB)
    after: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)


def record(
    session: Session, who: Who, action: str, subject_id: UUID, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    """Writes the row with the change that it tells of, in the same transaction."""
    session.add(
        AuditRow(
            actor_id=who.user_id,
            action=action,
            subject_id=subject_id,
            before=dict(before),
            after=dict(after),
            created_at=session.now(),
        )
    )
