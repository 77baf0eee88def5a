"""The table of fees."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ColumnElement, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.fee_terms.domain import FeeCause, FeeStatus
from services.booking.models import Base
from shared.database.session import TIMESTAMPTZ, enum_column
from shared.records.money import Money
from shared.work.attempts import Retried


class Fee(Retried, Base):
    """What the client of a free seat pays if they do not come, or cancel late; as agreed when it was booked.

    `cause` and `due_at`, from when on it is charged to the saved card, are there from the moment it is due.
    """

    __tablename__ = "fees"
    __table_args__ = (
        CheckConstraint("(status = 'agreed') = (cause is null) and (cause is null) = (due_at is null)", "due"),
        CheckConstraint("no_show_amount >= 0 and late_cancel_amount >= 0", "amounts"),
        CheckConstraint(
            "case cause when 'no_show' then no_show_amount > 0 when 'late_cancel' then late_cancel_amount > 0"
            " else true end",
            "amount",
        ),
        Index("ix_fees_due", "due_at", postgresql_where=text("status = 'due'")),
        Index("ix_fees_charging", "next_try_at", postgresql_where=text("status = 'charging'")),
    )

    booking_id: Mapped[UUID] = mapped_column(ForeignKey("booking.bookings.id", ondelete="CASCADE"), primary_key=True)
    no_show_amount: Mapped[int] = mapped_column(BigInteger)
    late_cancel_amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    payment_method_id: Mapped[UUID]
    status: Mapped[FeeStatus] = mapped_column(enum_column(FeeStatus), default=FeeStatus.AGREED)
    cause: Mapped[FeeCause | None] = mapped_column(enum_column(FeeCause))
    due_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)

    @property
    def amount(self) -> Money:
        """What is due."""
        late = self.cause is FeeCause.LATE_CANCEL
        return Money(self.late_cancel_amount if late else self.no_show_amount, self.currency)

    def costs(self, cause: FeeCause) -> bool:
        """Whether anything was agreed for that."""
        return (self.no_show_amount if cause is FeeCause.NO_SHOW else self.late_cancel_amount) > 0

    @classmethod
    def waiting(cls) -> ColumnElement[bool]:
        """Those that are being charged."""
        return cls.status == FeeStatus.CHARGING
