"""The table of cards that are offered for overdue bills."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.base import Base
from shared.database.session import TIMESTAMPTZ
from shared.records.ids import new_id
from shared.work.attempts import Retried


class CardOffer(Retried, Base):
    """Its owner saved this card or made it the default: what is overdue is tried with it, once; then the row goes.

    Offered again meanwhile it has another id.
    """

    __tablename__ = "card_offers"
    __table_args__ = (UniqueConstraint("user_id", "method_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID]
    method_id: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)

    @classmethod
    def waiting(cls) -> ColumnElement[bool]:
        """All that are there."""
        return true()
