"""The tables of exports."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.base import Base
from services.identity.exports.domain import ExportStatus
from shared.database.sealing import SEALED
from shared.database.session import TIMESTAMPTZ, enum_column
from shared.records.ids import new_id
from shared.work.attempts import Retried


class Export(Retried, Base):
    """What a person asked to have; deleted with its parts at `expires_at` (business time)."""

    __tablename__ = "exports"
    __table_args__ = (
        CheckConstraint("(status = 'ready') = (ready_at is not null)", "ready_at"),
        Index("ix_exports_user_id", "user_id", "id"),
        Index("ix_exports_expires_at", "expires_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("identity.users.id"))
    status: Mapped[ExportStatus] = mapped_column(enum_column(ExportStatus))
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    ready_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    expires_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)

    @classmethod
    def waiting(cls) -> ColumnElement[bool]:
        """Those that are not complete."""
        return cls.status.in_([ExportStatus.QUEUED, ExportStatus.RUNNING])


class ExportPart(Base):
    """What one service holds of the person, as JSON, sealed. `sha256` (hex digits) is that of the JSON."""

    __tablename__ = "export_parts"
    __table_args__ = (UniqueConstraint("export_id", "service"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    export_id: Mapped[UUID] = mapped_column(ForeignKey("identity.exports.id", ondelete="CASCADE"))
    service: Mapped[str] = mapped_column(String(40))
    rows: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    contents: Mapped[bytes] = mapped_column(LargeBinary, info=SEALED)
