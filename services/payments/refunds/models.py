"""The table of refunds."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ColumnElement, ForeignKey, Index, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.base import Base
from services.payments.refunds.domain import RefundStatus, Tenders
from shared.database.session import TIMESTAMPTZ, enum_column
from shared.work.attempts import Retried


class Refund(Retried, Base):
    """Part of an order that goes back, minor units by tender. The caller gives the id: the same id is the same refund.

    `lines` are pairs of a line's id and what the refund takes of it: together `card` and `credits` less `settles`.
    `settles` is the part of `card` that failed refunds of the order had left owed; the sale pays only the rest.
    `attempt` numbers the requests to Stripe (a new number is a new request). `failing_since`: the business time since
    which Stripe has refused every try.
    """

    __tablename__ = "refunds"
    __table_args__ = (
        CheckConstraint("card >= 0 and credits >= 0 and ((card + credits) > 0)", "amounts"),
        CheckConstraint("jsonb_typeof(lines) = 'array'", "lines"),
        CheckConstraint("settles between 0 and card", "settles"),
        Index("ix_refunds_failing_since", "failing_since", postgresql_where=text("failing_since is not null")),
        Index("ix_refunds_next_try_at", "next_try_at", postgresql_where=text("next_try_at is not null")),
        Index("ix_refunds_order_id", "order_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("payments.orders.id"))
    currency: Mapped[str] = mapped_column(String(3))
    card: Mapped[int] = mapped_column(BigInteger)
    credits: Mapped[int] = mapped_column(BigInteger)
    settles: Mapped[int] = mapped_column(BigInteger)
    lines: Mapped[list[tuple[str, int]]] = mapped_column(JSONB)
    status: Mapped[RefundStatus] = mapped_column(enum_column(RefundStatus))
    reason: Mapped[str]
    by: Mapped[str]
    stripe_refund_id: Mapped[str | None] = mapped_column(unique=True)
    attempt: Mapped[int]
    failing_since: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)

    @classmethod
    def waiting(cls) -> ColumnElement[bool]:
        """Those that Stripe has not confirmed."""
        return cls.status == RefundStatus.PENDING

    @property
    def tenders(self) -> Tenders:
        """What goes back, by tender."""
        return Tenders(self.card, self.credits)
