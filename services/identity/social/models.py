"""The tables of social sign-in. All times are machine time."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, ColumnElement, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import CITEXT
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.base import Base
from services.identity.social.domain import AttemptStep, Mode
from shared.database.sealing import SEALED
from shared.database.session import TIMESTAMPTZ, enum_column
from shared.records.ids import new_id
from shared.work.attempts import Retried


class ProviderToken(Retried, Base):
    """What a person granted at a provider, of those that want it taken back: Apple's refresh token.

    Once no attempt and no identity has it, a job revokes it there and deletes the row.
    """

    __tablename__ = "provider_tokens"
    __table_args__ = (Index("ix_provider_tokens_next_try_at", "next_try_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    provider: Mapped[str] = mapped_column(String(30))
    token: Mapped[bytes] = mapped_column(LargeBinary, info=SEALED)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)

    @classmethod
    def waiting(cls) -> ColumnElement[bool]:
        """Those that are to be revoked."""
        return cls.next_try_at.is_not(None)


class SocialAttempt(Base):
    """One sign-in by a provider, until it is done or `expires_at`. `hash` is that of what takes it on next.

    `user_id`: who links; after the password of an account, whose second step is awaited. From `issuer` on: what the
    provider said. `id_token_hash` is that of a native app's token, which is used once.
    """

    __tablename__ = "social_attempts"
    __table_args__ = (
        CheckConstraint("length(hash) = 32", "hash"),
        CheckConstraint("(mode = 'link' or step = 'second_step') <= (user_id is not null)", "user"),
        CheckConstraint("(step in ('code', 'ticket', 'second_step')) <= (issuer is not null)", "said"),
        CheckConstraint("(issuer is null) = (subject is null)", "subject"),
        Index("ix_social_attempts_expires_at", "expires_at"),
        Index("ix_social_attempts_email", "email"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    provider: Mapped[str] = mapped_column(String(30))
    mode: Mapped[Mode] = mapped_column(enum_column(Mode))
    step: Mapped[AttemptStep] = mapped_column(enum_column(AttemptStep))
    hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    id_token_hash: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("identity.users.id"), index=True)
    redirect_uri: Mapped[str | None] = mapped_column(String(2000))
    code_challenge: Mapped[str | None] = mapped_column(String(43))
    issuer: Mapped[str | None] = mapped_column(String(300))
    subject: Mapped[str | None] = mapped_column(String(255))
    email: Mapped[str | None] = mapped_column(CITEXT)
    is_email_good: Mapped[bool] = mapped_column(Boolean, default=False)
    first_name: Mapped[str] = mapped_column(String(100), default="")
    last_name: Mapped[str] = mapped_column(String(100), default="")
    token_id: Mapped[UUID | None] = mapped_column(ForeignKey("identity.provider_tokens.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    expires_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)


class SocialIdentity(Base):
    """An account at a provider that opens an account here."""

    __tablename__ = "social_identities"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("identity.users.id"), index=True)
    provider: Mapped[str] = mapped_column(String(30))
    issuer: Mapped[str] = mapped_column(String(300))
    subject: Mapped[str] = mapped_column(String(255))
    token_id: Mapped[UUID | None] = mapped_column(ForeignKey("identity.provider_tokens.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
