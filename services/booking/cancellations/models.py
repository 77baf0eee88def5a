"""Cancellations of confirmed bookings, and every refund that a booking saw."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.bookings.domain import Party
from services.booking.models import Base
from shared.database.session import TIMESTAMPTZ, enum_column
from shared.records.money import Money
from shared.work.attempts import Retried


class Cancellation(Retried, Base):
    """One per cancelled booking; `id` is the operation that cancelled. `refunded_at`: payments did its part.

    Where a parent is cancelled, its refund is that of all its children: theirs are `part_of` it, and name their shares.

    `due_amount` is what the policy gives back; `card_amount` and `credits_amount` are how payments split it.
    A job asks payments again where the request could not.
    """

    __tablename__ = "cancellations"
    __table_args__ = (
        Index("ix_cancellations_open", "next_try_at", postgresql_where=text("refunded_at is null and part_of is null")),
        Index("ix_cancellations_part_of", "part_of", postgresql_where=text("part_of is not null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    booking_id: Mapped[UUID] = mapped_column(ForeignKey("booking.bookings.id"), unique=True)
    part_of: Mapped[UUID | None] = mapped_column(ForeignKey("booking.cancellations.id"))
    cancelled_by: Mapped[Party] = mapped_column(enum_column(Party))
    reason: Mapped[str | None]
    due_amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    card_amount: Mapped[int] = mapped_column(BigInteger, default=0)
    credits_amount: Mapped[int] = mapped_column(BigInteger, default=0)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    refunded_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)

    @classmethod
    def waiting(cls) -> ColumnElement[bool]:
        """Those for which payments did not do its part yet."""
        return cls.refunded_at.is_(None) & cls.part_of.is_(None)

    @property
    def due(self) -> Money:
        """What the policy gives back."""
        return Money(self.due_amount, self.currency)


class Refund(Base):
    """What a refund of payments gave back of the booking, for whatever reason; `id` is payments' refund id.

    A refund of several lines of an order is one of several bookings.
    `card_amount` is zero once the card's part came back from the client's bank.
    """

    __tablename__ = "refunds"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    booking_id: Mapped[UUID] = mapped_column(ForeignKey("booking.bookings.id"), primary_key=True, index=True)
    card_amount: Mapped[int] = mapped_column(BigInteger)
    credits_amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
