"""Tables of credits: wallets (the row that spends queue on), grants, what orders took of them, and the history."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.base import Base
from services.payments.credits.domain import EntryKind, GrantSource, UseState
from shared.database.session import TIMESTAMPTZ, enum_column
from shared.records.ids import new_id


class CreditWallet(Base):
    """One row per client who ever had credits: locked by whoever changes any of their grants."""

    __tablename__ = "credit_wallets"

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)


class CreditGrant(Base):
    """Credits of one origin; 0 <= remaining <= amount, minor units. Never expiring ones have no `expires_at`."""

    __tablename__ = "credit_grants"
    __table_args__ = (
        CheckConstraint("remaining between 0 and amount", "remaining"),
        Index("ix_credit_grants_expires_at", "expires_at", postgresql_where=text("remaining > 0")),
        Index("ix_credit_grants_user_id", "user_id", postgresql_where=text("remaining > 0")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("payments.credit_wallets.user_id"))
    currency: Mapped[str] = mapped_column(String(3))
    source: Mapped[GrantSource] = mapped_column(enum_column(GrantSource))
    amount: Mapped[int] = mapped_column(BigInteger, CheckConstraint("amount > 0", "amount"))
    remaining: Mapped[int] = mapped_column(BigInteger)
    priority: Mapped[int]
    expires_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    order_id: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)


class CreditUse(Base):
    """What an order took of a grant; `restored` of it came back by refunds. `position` is the order of spending."""

    __tablename__ = "credit_uses"
    __table_args__ = (
        CheckConstraint("restored = 0 or state = 'captured'", "restored_captured"),
        CheckConstraint("restored between 0 and amount", "restored"),
        Index("ix_credit_uses_held", "user_id", postgresql_where=text("state = 'held'")),
        Index("ix_credit_uses_order_id", "order_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    order_id: Mapped[UUID]
    user_id: Mapped[UUID]
    grant_id: Mapped[UUID] = mapped_column(ForeignKey("payments.credit_grants.id"))
    currency: Mapped[str] = mapped_column(String(3))
    position: Mapped[int]
    amount: Mapped[int] = mapped_column(BigInteger, CheckConstraint("amount > 0", "amount"))
    restored: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[UseState] = mapped_column(enum_column(UseState))
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)


class CreditEntry(Base):
    """One line of a client's history; append-only. The id is derived from its cause, so it cannot be there twice."""

    __tablename__ = "credit_entries"
    __table_args__ = (Index("ix_credit_entries_user_id", "user_id", "created_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID]
    currency: Mapped[str] = mapped_column(String(3))
    kind: Mapped[EntryKind] = mapped_column(enum_column(EntryKind))
    amount: Mapped[int] = mapped_column(BigInteger)
    order_id: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
