"""The checkout saga's own table: one row per booking, from the first hold to a final state."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.booking.bookings.models import Booking
from services.booking.checkout.saga import COMMANDS, State
from services.booking.models import Base
from shared.database.session import enum_column
from shared.work.attempts import Retried


class Checkout(Retried, Base):
    """Where the checkout stands, and what it needs to go on from there.

    `credits_asked` is what the client wrote: "max", an amount, or nothing; `payment_method_id` the saved card that is
    to pay. A job asks payments for what the state wants.
    """

    __tablename__ = "checkouts"
    __table_args__ = (
        Index(
            "ix_checkouts_open",
            "next_try_at",
            postgresql_where=text("state in ('ordering', 'expiring', 'cancelling', 'reclaiming', 'refunding')"),
        ),
    )

    booking_id: Mapped[UUID] = mapped_column(ForeignKey("booking.bookings.id"), primary_key=True)
    state: Mapped[State] = mapped_column(enum_column(State))
    credits_asked: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    payment_method_id: Mapped[UUID | None]
    booking: Mapped[Booking] = relationship(lazy="raise")

    @classmethod
    def waiting(cls) -> ColumnElement[bool]:
        """Those of which payments is to be asked something."""
        return cls.state.in_(COMMANDS)
