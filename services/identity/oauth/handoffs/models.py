"""The table of hand-offs. All times are machine time."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.base import Base
from shared.database.session import TIMESTAMPTZ


class HandOff(Base):
    """An address that signs one browser in once, known by the hash of its token, from the session `session_id`."""

    __tablename__ = "oauth_handoffs"
    __table_args__ = (
        CheckConstraint("length(hash) = 32", "hash"),
        Index("ix_oauth_handoffs_expires_at", "expires_at"),
    )

    hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("identity.users.id"), index=True)
    client_id: Mapped[UUID] = mapped_column(ForeignKey("identity.oauth_clients.id", ondelete="CASCADE"), index=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("identity.sign_in_sessions.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    used_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
