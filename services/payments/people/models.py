"""Who is gone, and which practitioners have lost their approval."""

from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from services.payments.base import Base
from shared.database.people import ApprovalCopy, ClosedAccount


class Departure(ClosedAccount, Base):
    """A closed account."""

    __tablename__ = "departures"


class WaitingErasure(Base):
    """A person who is to be erased once nothing of theirs is open: their payouts have no minimum."""

    __tablename__ = "erasures_waiting"

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    erasure_id: Mapped[UUID]


class Approval(ApprovalCopy, Base):
    """Whether a practitioner may sell."""

    __tablename__ = "approvals"
