"""The table of reports."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from services.messaging.models import Base
from services.messaging.moderation.domain import ReportStatus
from shared.database.session import TIMESTAMPTZ, enum_column
from shared.records.ids import new_id


class Report(Base):
    """A participant's complaint; while it is open staff may read the conversation."""

    __tablename__ = "reports"
    __table_args__ = (
        CheckConstraint("(status = 'open') = (resolved_at is null)", "resolved_at"),
        Index(
            "uq_reports_open", "conversation_id", "reporter_id", unique=True, postgresql_where=text("status = 'open'")
        ),
        Index("ix_reports_created_at", "created_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("messaging.conversations.id"))
    reporter_id: Mapped[UUID]
    reason: Mapped[str] = mapped_column(Text)
    status: Mapped[ReportStatus] = mapped_column(enum_column(ReportStatus), default=ReportStatus.OPEN)
    note: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    resolved_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
