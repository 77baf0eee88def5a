"""Who is gone, and which practitioners have lost their approval."""

from services.payments.base import Base
from shared.database.people import ApprovalCopy, ClosedAccount


class Departure(ClosedAccount, Base):
    """A closed account."""

    __tablename__ = "departures"


class Approval(ApprovalCopy, Base):
    """Whether a practitioner may sell."""

    __tablename__ = "approvals"
