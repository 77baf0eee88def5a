"""The table of what Stripe published us, as it came."""

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.base import Base
from services.payments.webhooks.domain import EventState
from shared.database.session import TIMESTAMPTZ, enum_column


class StripeEvent(Base):
    """One webhook. All its times are machine time: Stripe's retries know no business clock."""

    __tablename__ = "stripe_events"

    id: Mapped[str] = mapped_column(primary_key=True)
    type: Mapped[str]
    account: Mapped[str | None]
    object_id: Mapped[str]
    payload: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[EventState] = mapped_column(enum_column(EventState))
    tries: Mapped[int]
    error: Mapped[str | None]
    received_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    next_try_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
