"""The tables of sign-in sessions and their refresh tokens. All times are machine time."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.identity.accounts.models import User
from services.identity.base import Base
from services.identity.sessions.domain import EndReason, SessionKind
from shared.database.session import TIMESTAMPTZ, enum_column
from shared.records.ids import new_id


class SignInSession(Base):
    """One sign-in and the family of refresh tokens that came of it.

    `authenticated_at` is when its person last proved who they are, which a refresh does not change; by which `methods`.
    Address, network and device are those of the sign-in, null where the gateway did not say. That of an app is of a
    client, and narrowed to `scopes`. That of staff in the person's place is theirs (`actor_id`), and narrowed too.
    """

    __tablename__ = "sign_in_sessions"
    __table_args__ = (
        CheckConstraint("(ended_at is null) = (end_reason is null)", "end"),
        CheckConstraint("(kind = 'impersonation') = (actor_id is not null)", "actor"),
        Index("ix_sign_in_sessions_actor_id", "actor_id", postgresql_where=text("actor_id IS NOT NULL")),
        CheckConstraint("kind <> 'app' or (client_id is not null and client_name is not null)", "client"),
        Index("ix_sign_in_sessions_ended_at", "ended_at", postgresql_where=text("ended_at IS NOT NULL")),
        Index("ix_sign_in_sessions_expires_at", "expires_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("identity.users.id"), index=True)
    kind: Mapped[SessionKind] = mapped_column(enum_column(SessionKind), default=SessionKind.SIGN_IN)
    started_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    expires_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    ended_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    authenticated_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    last_used_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    methods: Mapped[list[str]] = mapped_column(ARRAY(Text))
    address: Mapped[str | None] = mapped_column(String(64))
    network: Mapped[str | None] = mapped_column(String(64))
    device: Mapped[str | None] = mapped_column(String(100))
    client_id: Mapped[UUID | None] = mapped_column(index=True)
    client_name: Mapped[str | None] = mapped_column(String(100))
    actor_id: Mapped[UUID | None]
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    end_reason: Mapped[EndReason | None] = mapped_column(enum_column(EndReason))

    user: Mapped[User] = relationship(lazy="raise")


class RefreshToken(Base):
    """One refresh token, known by its hash only."""

    __tablename__ = "refresh_tokens"
    __table_args__ = (
        CheckConstraint("(used_at is null) = (replaced_by is null)", "use"),
        Index("uq_refresh_tokens_unused", "session_id", unique=True, postgresql_where=text("used_at IS NULL")),
    )

    hash: Mapped[bytes] = mapped_column(LargeBinary, CheckConstraint("length(hash) = 32", "hash"), primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("identity.sign_in_sessions.id", ondelete="CASCADE"), index=True)
    issued_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    expires_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    used_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    replaced_by: Mapped[bytes | None] = mapped_column(LargeBinary)
