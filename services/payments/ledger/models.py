"""The ledger's tables. They are written by the database function `ledger_post` alone; see the migration."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    SmallInteger,
    String,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.base import Base
from services.payments.ledger.domain import AccountKind
from shared.database.session import TIMESTAMPTZ, enum_column


class LedgerAccount(Base):
    """An account, made with its first transfer."""

    __tablename__ = "ledger_accounts"
    __table_args__ = (
        UniqueConstraint("id", "currency"),
        UniqueConstraint("kind", "owner_id", "currency", postgresql_nulls_not_distinct=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[AccountKind] = mapped_column(enum_column(AccountKind))
    owner_id: Mapped[UUID | None]
    currency: Mapped[str] = mapped_column(String(3))
    live: Mapped[bool]


class LedgerTransfer(Base):
    """`amount` minor units from `debit_id` to `credit_id`; the legs of one event share `group_id`. Never changed."""

    __tablename__ = "ledger_transfers"
    __table_args__ = (
        CheckConstraint("debit_id <> credit_id", "two_accounts"),
        UniqueConstraint("group_id", "leg"),
        ForeignKeyConstraint(
            ["credit_id", "currency"], ["payments.ledger_accounts.id", "payments.ledger_accounts.currency"]
        ),
        ForeignKeyConstraint(
            ["debit_id", "currency"], ["payments.ledger_accounts.id", "payments.ledger_accounts.currency"]
        ),
        Index("ix_ledger_transfers_credit_id_seq", "credit_id", "seq"),
        Index("ix_ledger_transfers_debit_id_seq", "debit_id", "seq"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    group_id: Mapped[UUID]
    leg: Mapped[int] = mapped_column(SmallInteger)
    debit_id: Mapped[UUID]
    credit_id: Mapped[UUID]
    currency: Mapped[str] = mapped_column(String(3))
    amount: Mapped[int] = mapped_column(BigInteger, CheckConstraint("amount > 0", "amount"))
    reason: Mapped[str] = mapped_column(String(64))
    ref: Mapped[dict[str, Any]] = mapped_column(JSONB)
    posted_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)


class LedgerBalance(Base):
    """What has gone through a live account; its CHECK keeps credits at or above debits."""

    __tablename__ = "ledger_balances"
    __table_args__ = (CheckConstraint("credits >= debits", "not_negative"),)

    account_id: Mapped[UUID] = mapped_column(ForeignKey(LedgerAccount.id), primary_key=True)
    debits: Mapped[int] = mapped_column(BigInteger)
    credits: Mapped[int] = mapped_column(BigInteger)
