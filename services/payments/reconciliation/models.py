"""Tables of what Stripe's lists said. All times but `due_at` are machine time, or Stripe's own."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.base import Base
from services.payments.reconciliation.domain import Listed
from shared.database.session import TIMESTAMPTZ, enum_column


class StripeRecord(Base):
    """A transfer or a refund as Stripe last listed it, minor units; `returned` of a transfer came back.

    `refers_to` is the refund's intent or the transfer's account, `our_id` the id of ours in its metadata. `found_at`
    and `seen_at` are when the list in which it stood first and last was asked for.
    """

    __tablename__ = "stripe_records"
    __table_args__ = (CheckConstraint("returned between 0 and amount", "returned"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[Listed] = mapped_column(enum_column(Listed))
    currency: Mapped[str] = mapped_column(String(3))
    amount: Mapped[int] = mapped_column(BigInteger)
    returned: Mapped[int] = mapped_column(BigInteger)
    status: Mapped[str | None]
    refers_to: Mapped[str | None]
    our_id: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    found_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    seen_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)


class StripeListRead(Base):
    """How far a list has been read. A look under way has `since`, `began_at`, and the last id that it read as `cursor`.

    All that was made before `read_until` has been read. `due_at` is the business time of the next look.
    """

    __tablename__ = "stripe_list_reads"
    __table_args__ = (
        CheckConstraint("cursor is null or since is not null", "cursor"),
        CheckConstraint("(since is null) = (began_at is null)", "under_way"),
    )

    kind: Mapped[Listed] = mapped_column(enum_column(Listed), primary_key=True)
    since: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    began_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    cursor: Mapped[str | None]
    read_until: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    due_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
