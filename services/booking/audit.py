"""The audit trail of staff's mutations in booking: one row each, changed at most once, when its outcome is known."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, String, literal, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models import Base
from shared.auth.verification import Who
from shared.database.session import TIMESTAMPTZ, Session
from shared.records.ids import new_id


class AuditRow(Base):
    """Who did what to which booking, and how it stood before and after."""

    __tablename__ = "audit"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    actor_id: Mapped[UUID]
    action: Mapped[str] = mapped_column(String(64))
    subject_id: Mapped[UUID]
    before: Mapped[dict[str, Any]] = mapped_column(JSONB)
    after: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)


def record(
    session: Session, who: Who, action: str, booking_id: UUID, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    """Writes the row with the change that it tells of, in the same transaction."""
    row = AuditRow(actor_id=who.user_id, action=action, subject_id=booking_id, created_at=session.now())
    row.before, row.after = dict(before), dict(after)
    session.add(row)


async def begin(
    session: Session,
    row_id: UUID,
    who: Who,
    action: str,
    booking_id: UUID,
    before: Mapping[str, Any],
    asked: Mapping[str, Any],
) -> None:
    """Writes the row before a remote call, with `outcome: "unknown"` until `complete`; the same id again: one row."""
    row = {
        "id": row_id,
        "actor_id": who.user_id,
        "action": action,
        "subject_id": booking_id,
        "before": dict(before),
        "after": {**asked, "outcome": "unknown"},
        "created_at": session.now(),
    }
    await session.execute(insert(AuditRow).values(row).on_conflict_do_nothing())


async def complete(session: Session, row_id: UUID, after: Mapping[str, Any]) -> None:
    """Adds the outcome to a row that `begin` wrote; nothing where there is none, or where it is complete."""
    known = AuditRow.after.op("-")("outcome").op("||")(literal(dict(after), JSONB))
    open_row = (AuditRow.id == row_id, AuditRow.after["outcome"].astext == "unknown")
    await session.execute(update(AuditRow).where(*open_row).values(after=known))


async def erase_reasons(session: Session, actor_id: UUID, subjects: Select[UUID]) -> None:
    """Removes the reasons that the actor wrote, and those of all rows about these subjects; the rest of them stays."""
    theirs = (AuditRow.actor_id == actor_id) | AuditRow.subject_id.in_(subjects)
    erased = update(AuditRow).where(theirs, AuditRow.after.has_key("reason"))
    await session.execute(erased.values(after=AuditRow.after.op("-")("reason")))
