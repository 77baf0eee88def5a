"""The table of services."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, String, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from services.catalog.base import TRIGRAMS, Base
from services.catalog.practitioners.models import Practitioner
from services.catalog.services.domain import BookingMode, Delivery, InactiveReason, ServiceType, slot_interval
from shared.database.session import LEAVE_GENERATED, TIMESTAMPTZ, enum_column, generated
from shared.records.ids import new_id
from shared.records.money import Money

DOCUMENT = """
    setweight(to_tsvector('english'::regconfig, catalog.fold(title::text)), 'A'::"char")
    || setweight(to_tsvector('english'::regconfig, category::text), 'B'::"char")
    || setweight(to_tsvector('english'::regconfig, catalog.fold(description)), 'C'::"char")
"""


class Service(Base):
    """What a practitioner sells. Prices in minor units, durations in minutes; `version` grows with each event."""

    __tablename__ = "services"
    __table_args__ = (
        Index("ix_services_created_at", text("created_at DESC"), text("id DESC"), postgresql_where=text("is_active")),
        Index("ix_services_withdrawn", "id", postgresql_where=text("not is_active")),
        Index("ix_services_price", "price_amount", "id", postgresql_where=text("is_active")),
        Index("ix_services_category", "category", "created_at", postgresql_where=text("is_active")),
        Index("ix_services_folded", "folded", postgresql_using="gin", postgresql_ops=TRIGRAMS),
        Index("ix_services_document", "document", postgresql_using="gin"),
        Index(
            "ix_services_searched",
            text("catalog.searched(document, folded)"),
            postgresql_using="gin",
            postgresql_where=text("is_active"),
        ),
        Index(
            "ix_services_names",
            "practitioner_id",
            postgresql_include=["id", "price_amount", "folded"],
            postgresql_where=text("is_active"),
        ),
        Index(
            "ix_services_title",
            text('catalog.fold(title) COLLATE "C"'),
            text('title COLLATE "C"'),
            postgresql_where=text("is_active"),
        ),
        CheckConstraint(
            "service_type = 'session' or (booking_mode = 'instant' and series_max = 0)", name="not_for_type"
        ),
    )
    __mapper_args__ = LEAVE_GENERATED

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    practitioner_id: Mapped[UUID] = mapped_column(ForeignKey("catalog.practitioners.id"), index=True)
    service_type: Mapped[ServiceType] = mapped_column(enum_column(ServiceType))
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, CheckConstraint("length(description) <= 10000", "description"))
    category: Mapped[str] = mapped_column(ForeignKey("catalog.categories.slug"))
    price_amount: Mapped[int] = mapped_column(
        BigInteger, CheckConstraint("price_amount between 0 and 99999999", "price_amount")
    )
    currency: Mapped[str] = mapped_column(String(3))
    duration_minutes: Mapped[int] = mapped_column(CheckConstraint("duration_minutes > 0", "duration"))
    max_participants: Mapped[int] = mapped_column(CheckConstraint("max_participants > 0", "max_participants"))
    delivery: Mapped[Delivery] = mapped_column(enum_column(Delivery))
    buffer_before_minutes: Mapped[int] = mapped_column(CheckConstraint("buffer_before_minutes >= 0", "before"))
    buffer_after_minutes: Mapped[int] = mapped_column(CheckConstraint("buffer_after_minutes >= 0", "after"))
    min_notice_minutes: Mapped[int] = mapped_column(CheckConstraint("min_notice_minutes >= 0", "notice"))
    own_interval_minutes: Mapped[int | None] = mapped_column(CheckConstraint("own_interval_minutes > 0", "interval"))
    horizon_days: Mapped[int] = mapped_column(CheckConstraint("horizon_days > 0", "horizon"))
    cancel_policy: Mapped[dict[str, int | None] | None] = mapped_column(JSONB(none_as_null=True))
    reschedule_hours: Mapped[int | None] = mapped_column(CheckConstraint("reschedule_hours >= 0", "reschedule"))
    max_reschedules: Mapped[int | None] = mapped_column(CheckConstraint("max_reschedules >= 0", "max_reschedules"))
    reminders_minutes: Mapped[list[int]] = mapped_column(
        ARRAY(Integer), CheckConstraint("cardinality(reminders_minutes) <= 5", "reminders")
    )
    booking_mode: Mapped[BookingMode] = mapped_column(enum_column(BookingMode))
    decide_within_hours: Mapped[int] = mapped_column(CheckConstraint("decide_within_hours > 0", "decide_within"))
    limits: Mapped[dict[str, int | None] | None] = mapped_column(JSONB(none_as_null=True))
    waitlist: Mapped[bool]
    offer_minutes: Mapped[int] = mapped_column(CheckConstraint("offer_minutes > 0", "offer_minutes"))
    series_max: Mapped[int] = mapped_column(CheckConstraint("series_max >= 0 and series_max <> 1", "series_max"))
    no_show_fee_amount: Mapped[int] = mapped_column(BigInteger, CheckConstraint("no_show_fee_amount >= 0", "no_show"))
    late_cancel_fee_amount: Mapped[int] = mapped_column(
        BigInteger, CheckConstraint("late_cancel_fee_amount >= 0", "late_cancel")
    )
    late_join: Mapped[bool]
    certificate_percent: Mapped[int | None] = mapped_column(
        CheckConstraint("certificate_percent between 1 and 100", "certificate")
    )
    resources: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    location_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    is_active: Mapped[bool] = mapped_column(default=True)
    inactive_reason: Mapped[InactiveReason | None] = mapped_column(enum_column(InactiveReason))
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    updated_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    folded: Mapped[str] = generated(Text(), "catalog.fold(title::text)")
    document: Mapped[str] = generated(TSVECTOR(), DOCUMENT)

    practitioner: Mapped[Practitioner] = relationship(lazy="raise")
    next_available: Mapped[datetime | None] = query_expression()

    @property
    def price(self) -> Money:
        """What one seat costs."""
        return Money(self.price_amount, self.currency)

    @property
    def fees(self) -> dict[str, Money]:
        """What is paid for not coming and for cancelling late, where the price itself is not paid."""
        amounts = {"no_show": self.no_show_fee_amount, "late_cancel": self.late_cancel_fee_amount}
        return {name: Money(amount, self.currency) for name, amount in amounts.items()}

    @property
    def slot_interval_minutes(self) -> int:
        """Minutes between the starts of two slots."""
        return slot_interval(self.own_interval_minutes, self.duration_minutes)

    @property
    def practitioner_name(self) -> str:
        """The display name of its practitioner."""
        return self.practitioner.display_name
