"""What practitioners share out among their sessions, and which session has what of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models import Base
from services.booking.resources.domain import ResourceKind
from shared.database.session import TIMESTAMPTZ, enum_column
from shared.records.ids import new_id


class Resource(Base):
    """A room, a kind of equipment or a crew, of which there are `quantity` units, for sessions at its location if any.

    Its owner's services use it, and those of the practitioners it is shared with.
    """

    __tablename__ = "resources"
    __table_args__ = (
        CheckConstraint("quantity between 1 and 100", "quantity"),
        Index("ix_resources_practitioner_id", "practitioner_id"),
        Index("ix_resources_shared_with", "shared_with", postgresql_using="gin"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    practitioner_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[ResourceKind] = mapped_column(enum_column(ResourceKind))
    quantity: Mapped[int]
    location_id: Mapped[UUID | None]
    shared_with: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    updated_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)


class ResourceUse(Base):
    """That a session has a unit of a resource for its time, with the buffers that it had when it took it.

    Uses of one unit are kept apart as sessions of one practitioner are. What a session gives back is deleted.
    """

    __tablename__ = "resource_uses"
    __table_args__ = (
        CheckConstraint("blocked_from <= start_time and start_time < end_time and end_time <= blocked_until", "times"),
        CheckConstraint("unit > 0", "unit"),
        ExcludeConstraint(
            ("resource_id", "="),
            ("unit", "="),
            (text("tstzrange(start_time, blocked_until)"), "&&"),
            name="ex_resource_uses_after",
        ),
        ExcludeConstraint(
            ("resource_id", "="),
            ("unit", "="),
            (text("tstzrange(blocked_from, end_time)"), "&&"),
            name="ex_resource_uses_before",
        ),
    )

    session_id: Mapped[UUID] = mapped_column(ForeignKey("booking.sessions.id"), primary_key=True)
    resource_id: Mapped[UUID] = mapped_column(ForeignKey("booking.resources.id", ondelete="CASCADE"), primary_key=True)
    unit: Mapped[int] = mapped_column(primary_key=True)
    start_time: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    end_time: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    blocked_from: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    blocked_until: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
