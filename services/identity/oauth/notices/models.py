"""The table of notices that are under way. All times are machine time."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, true
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.base import Base
from shared.database.session import TIMESTAMPTZ
from shared.records.ids import new_id
from shared.work.attempts import Retried


class LogoutNotice(Retried, Base):
    """A client is to hear that the session `session_id` of a person is over; the row goes then, or after an hour."""

    __tablename__ = "oauth_logout_notices"
    __table_args__ = (Index("ix_oauth_logout_notices_next_try_at", "next_try_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    session_id: Mapped[UUID] = mapped_column(unique=True)
    client_id: Mapped[UUID] = mapped_column(ForeignKey("identity.oauth_clients.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("identity.users.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)

    @classmethod
    def waiting(cls) -> ColumnElement[bool]:
        """All that are there."""
        return true()
