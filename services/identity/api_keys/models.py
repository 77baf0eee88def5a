"""The table of API keys. All times are machine time."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.base import Base
from shared.database.session import TIMESTAMPTZ
from shared.records.ids import new_id


class ApiKey(Base):
    """One key, known by its hash only. `session_id` is the session of the tokens that it was exchanged for."""

    __tablename__ = "api_keys"
    __table_args__ = (
        CheckConstraint("length(hash) = 32", "hash"),
        CheckConstraint("cardinality(scopes) > 0", "scopes"),
        Index("ix_api_keys_user_id", "user_id", postgresql_where=text("ended_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("identity.users.id"))
    session_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("identity.sign_in_sessions.id", ondelete="SET NULL"), unique=True
    )
    name: Mapped[str] = mapped_column(String(100))
    hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    expires_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    last_used_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    ended_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)

    def is_good(self, now: datetime) -> bool:
        """Whether it can be used: neither ended nor expired."""
        return self.ended_at is None and (self.expires_at is None or now < self.expires_at)
