"""The tables of erasures, and of what the services answered."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, LargeBinary, String, and_, or_, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.base import Base
from services.identity.erasures.domain import ErasureStatus
from shared.database.sealing import SEALED
from shared.database.session import TIMESTAMPTZ, enum_column
from shared.records.ids import new_id
from shared.work.attempts import Retried


class Erasure(Retried, Base):
    """One erasure. `erases_at` is business time, as all times here but `next_try_at`.

    What is tried again is the look at what is open: until the account can be closed, and then until the services can be
    asked to erase. `obligations` is what was open when somebody last looked. `recipient` is where the last mail goes,
    sealed; it is there from the beginning of the erasure to its end.
    """

    __tablename__ = "erasures"
    __table_args__ = (
        CheckConstraint("(status in ('erasing', 'done')) = (begun_at is not null)", "begun_at"),
        CheckConstraint("(status = 'done') = (done_at is not null)", "done_at"),
        CheckConstraint("recipient is null or status = 'erasing'", "recipient"),
        Index("uq_erasures_open", "user_id", unique=True, postgresql_where=text("status in ('waiting', 'erasing')")),
        Index("ix_erasures_user_id", "user_id", "id"),
        Index("ix_erasures_waiting", "erases_at", postgresql_where=text("status = 'waiting'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("identity.users.id"))
    status: Mapped[ErasureStatus] = mapped_column(enum_column(ErasureStatus), default=ErasureStatus.WAITING)
    asked_by: Mapped[UUID]
    erases_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    forfeit_credits: Mapped[bool] = mapped_column(default=False)
    obligations: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    recipient: Mapped[bytes | None] = mapped_column(LargeBinary, info=SEALED)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    begun_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    done_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    cancelled_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)

    @classmethod
    def waiting(cls) -> ColumnElement[bool]:
        """Those that have not begun, and those whose account is closed but that no service was asked for."""
        return or_(cls.status == ErasureStatus.WAITING, cls.is_unasked())

    @classmethod
    def is_unasked(cls) -> ColumnElement[bool]:
        """Those whose account is closed, and that no service was asked for."""
        return and_(cls.status == ErasureStatus.ERASING, cls.next_try_at.is_not(None))


class ErasureAnswer(Base):
    """A service has erased the person: how many rows, by table, and what stays."""

    __tablename__ = "erasure_answers"

    erasure_id: Mapped[UUID] = mapped_column(ForeignKey("identity.erasures.id"), primary_key=True)
    service: Mapped[str] = mapped_column(String(40), primary_key=True)
    done_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    erased: Mapped[dict[str, int]] = mapped_column(JSONB)
    kept: Mapped[list[dict[str, str]]] = mapped_column(JSONB)
