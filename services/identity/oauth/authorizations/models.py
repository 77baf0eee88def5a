"""The table of codes. All times are machine time."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.base import Base
from shared.database.session import TIMESTAMPTZ


class OAuthCode(Base):
    """A code, known by its hash, with what it stands for; `session_id` is the session that its use gave."""

    __tablename__ = "oauth_codes"
    __table_args__ = (
        CheckConstraint("length(hash) = 32", "hash"),
        CheckConstraint("session_id is null or used_at is not null", "session"),
        Index("ix_oauth_codes_expires_at", "expires_at"),
    )

    hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    client_id: Mapped[UUID] = mapped_column(ForeignKey("identity.oauth_clients.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("identity.users.id"), index=True)
    browser_id: Mapped[UUID] = mapped_column(ForeignKey("identity.sign_in_sessions.id", ondelete="CASCADE"), index=True)
    redirect_uri: Mapped[str] = mapped_column(Text)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    nonce: Mapped[str | None] = mapped_column(Text)
    challenge: Mapped[str] = mapped_column(String(128))
    expires_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    used_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    session_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("identity.sign_in_sessions.id", ondelete="SET NULL"), index=True
    )
