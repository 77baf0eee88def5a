"""The tables of audit logs' heads."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.base import Base
from shared.database.session import TIMESTAMPTZ


class AuditHead(Base):
    """A place in the chain of a service's audit log. Two hashes of one number: one of them was written anew."""

    __tablename__ = "audit_heads"

    service: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    hash: Mapped[bytes] = mapped_column(primary_key=True)
    received_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
