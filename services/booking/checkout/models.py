"""The checkout saga's own table: one row per purchase, from the first hold to a final state."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.booking.bookings.models import Booking
from services.booking.checkout.saga import COMMANDS, State
from services.booking.models import Base
from services.booking.passes.models import Pass
from shared.database.session import enum_column
from shared.work.attempts import Retried

IN_ORDER = (Booking.parent_id.is_(None), Booking.start_time, Booking.id)
"""Children in order of time, then their parent."""


class Checkout(Retried, Base):
    """Where the checkout stands, and what it needs to go on from there.

    Its id is the purchase's: of one booking that booking's, of several their parent's, of a pass the pass's.
    `bookings` are all of them, in order of time, the parent last; of a pass its courses.

    `credits_asked` is what the client wrote: "max", an amount, or nothing; `payment_method_id` the saved card that is
    to pay. A job asks payments for what the state wants.
    """

    __tablename__ = "checkouts"
    __table_args__ = (
        Index(
            "ix_checkouts_open",
            "next_try_at",
            postgresql_where=text(
                "state in ('ordering', 'capturing', 'expiring', 'cancelling', 'reclaiming', 'refunding')"
            ),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[State] = mapped_column(enum_column(State))
    credits_asked: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    payment_method_id: Mapped[UUID | None]
    bookings: Mapped[list[Booking]] = relationship(lazy="raise", order_by=IN_ORDER, passive_deletes="all")
    sold_pass: Mapped[Pass | None] = relationship(lazy="raise", passive_deletes="all")

    @property
    def head(self) -> Booking | Pass:
        """What stands for the purchase: the pass, its only booking, or the parent of its bookings."""
        return self.sold_pass or self.booking

    @property
    def booking(self) -> Booking:
        """Its only booking, or the parent of its bookings."""
        return self.bookings[-1]

    @property
    def seats(self) -> list[Booking]:
        """The bookings that hold seats, in order of time."""
        return [booking for booking in self.bookings if not booking.is_parent]

    @classmethod
    def waiting(cls) -> ColumnElement[bool]:
        """Those of which payments is to be asked something."""
        return cls.state.in_(COMMANDS)
