"""The tables of schema `identity`."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.dialects.postgresql import CITEXT, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from services.identity.domain import Ended, Role, roles_of
from shared.database.session import TIMESTAMPTZ, enum_column, schema_metadata
from shared.records.ids import new_id


class Base(DeclarativeBase):
    """Base of identity's tables."""

    metadata = schema_metadata("identity")


class User(Base):
    """An account. `created_at`, `updated_at` and `deactivated_at` are business time."""

    __tablename__ = "users"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(CITEXT, unique=True)
    password_hash: Mapped[str] = mapped_column(String(255))
    first_name: Mapped[str] = mapped_column(String(100))
    last_name: Mapped[str] = mapped_column(String(100))
    timezone: Mapped[str | None] = mapped_column(String(64))
    is_verified: Mapped[bool] = mapped_column(default=False)
    is_staff: Mapped[bool] = mapped_column(default=False)
    is_superuser: Mapped[bool] = mapped_column(default=False)
    practitioner_id: Mapped[UUID | None]
    practitioner_version: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    updated_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    deactivated_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)

    @property
    def roles(self) -> list[Role]:
        """The roles of now; a token carries those of its issue."""
        practitioner = self.practitioner_id is not None
        return roles_of(practitioner=practitioner, staff=self.is_staff, superuser=self.is_superuser)

    @property
    def is_staff_member(self) -> bool:
        """Staff or superuser."""
        return self.is_staff or self.is_superuser


class SignInSession(Base):
    """One sign-in and the family of refresh tokens that came of it. All times are machine time."""

    __tablename__ = "sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("identity.users.id"), index=True)
    started_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    expires_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    ended_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    ended_why: Mapped[Ended | None] = mapped_column(enum_column(Ended))

    user: Mapped[User] = relationship(lazy="raise")


class RefreshToken(Base):
    """One refresh token, known by its hash only. All times are machine time."""

    __tablename__ = "refresh_tokens"

    hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("identity.sessions.id", ondelete="CASCADE"), index=True)
    issued_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    expires_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    used_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    replaced_by: Mapped[bytes | None] = mapped_column(LargeBinary)


class SigningKey(Base):
    """An ES256 key pair. `private_key` is a PEM sealed with a key derived from IDENTITY_SECRET. Machine time."""

    __tablename__ = "signing_keys"

    kid: Mapped[str] = mapped_column(String(64), primary_key=True)
    public_jwk: Mapped[dict[str, Any]] = mapped_column(JSONB)
    private_key: Mapped[bytes] = mapped_column(LargeBinary)
    signs_from: Mapped[datetime] = mapped_column(TIMESTAMPTZ)


class AuditEntry(Base):
    """What staff or an operator did to an account; `actor_id` is null for the command line. Never changed."""

    __tablename__ = "audit_log"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    actor_id: Mapped[UUID | None]
    action: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[UUID] = mapped_column(index=True)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
