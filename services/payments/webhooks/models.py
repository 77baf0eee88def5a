"""The table of what Stripe has sent, as it came."""

from datetime import datetime

from sqlalchemy import ColumnElement, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.base import Base
from services.payments.webhooks.domain import EventState
from shared.database.session import TIMESTAMPTZ, enum_column
from shared.work.attempts import Retried


class StripeEvent(Retried, Base):
    """One webhook. All its times are machine time: Stripe's retries know no business clock."""

    __tablename__ = "stripe_events"
    __table_args__ = (
        Index("ix_stripe_events_dead", "received_at", postgresql_where=text("state = 'dead'")),
        Index("ix_stripe_events_pending", "next_try_at", postgresql_where=text("state = 'pending'")),
        Index("ix_stripe_events_received_at", "received_at", postgresql_using="brin"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    type: Mapped[str]
    account: Mapped[str | None]
    object_id: Mapped[str]
    payload: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[EventState] = mapped_column(enum_column(EventState))
    received_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)

    @classmethod
    def waiting(cls) -> ColumnElement[bool]:
        """Those that are to be acted on."""
        return cls.state == EventState.PENDING
