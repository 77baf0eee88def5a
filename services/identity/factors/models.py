"""The tables of factors and of tickets. All times are machine time."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.base import Base
from services.identity.factors.domain import WRONG_PER_TICKET, Purpose
from shared.database.sealing import SEALED
from shared.database.session import TIMESTAMPTZ, enum_column
from shared.records.ids import new_id


class TotpFactor(Base):
    """An account's authenticator app; before `confirmed_at` it counts for nothing.

    `last_step` is the newest step of 30 seconds of which a code was used.
    """

    __tablename__ = "totp_factors"
    __table_args__ = (CheckConstraint("(confirmed_at is null) = (last_step is null)", "confirmed"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("identity.users.id"), primary_key=True)
    secret: Mapped[bytes] = mapped_column(LargeBinary, info=SEALED)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    confirmed_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    last_step: Mapped[int | None] = mapped_column(BigInteger)


class RecoveryCode(Base):
    """A recovery code that was not used, known by its hash only."""

    __tablename__ = "recovery_codes"
    __table_args__ = (CheckConstraint("length(hash) = 32", "hash"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("identity.users.id"), primary_key=True)
    hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)


class Passkey(Base):
    """A WebAuthn credential: its id and its public key. `sign_count` is the authenticator's, 0 where it has none."""

    __tablename__ = "passkeys"
    __table_args__ = (CheckConstraint("sign_count >= 0", "sign_count"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("identity.users.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(100))
    backed_up: Mapped[bool]
    transports: Mapped[list[str]] = mapped_column(ARRAY(Text))
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    last_used_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)


class Ticket(Base):
    """A proof that is under way, known by its hash only: whose, what for, and what was proven already (`methods`).

    `challenge` is what a passkey has to sign next; it is taken by the first answer. Without an account it is the
    sign-in of whoever's passkey answers.
    """

    __tablename__ = "tickets"
    __table_args__ = (
        CheckConstraint("length(hash) = 32", "hash"),
        CheckConstraint(f"wrong between 0 and {WRONG_PER_TICKET}", "wrong"),
        CheckConstraint("(user_id is null) = (purpose = 'passkey_sign_in')", "user"),
        Index("ix_tickets_expires_at", "expires_at"),
    )

    hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    purpose: Mapped[Purpose] = mapped_column(enum_column(Purpose))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("identity.users.id"), index=True)
    methods: Mapped[list[str]] = mapped_column(ARRAY(Text))
    challenge: Mapped[bytes | None] = mapped_column(LargeBinary)
    wrong: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
