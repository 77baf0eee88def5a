"""Catalog's services, as the last event or answer of catalog described them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, String, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models import Base
from services.booking.resources.domain import Need, needs_of
from services.booking.sessions.domain import SlotRules
from shared.records.money import Money


class BookableService(Base):
    """A copy of catalog's ServiceSnapshot; a lower `version` never replaces a higher one."""

    __tablename__ = "service_copies"
    __table_args__ = (Index("ix_service_copies_practitioner_id", "practitioner_id"),)

    service_id: Mapped[UUID] = mapped_column(primary_key=True)
    practitioner_id: Mapped[UUID]
    practitioner_user_id: Mapped[UUID]
    version: Mapped[int]
    title: Mapped[str]
    price_amount: Mapped[int] = mapped_column(BigInteger, CheckConstraint("price_amount >= 0", "price"))
    currency: Mapped[str] = mapped_column(String(3))
    duration_minutes: Mapped[int] = mapped_column(CheckConstraint("duration_minutes > 0", "duration"))
    max_participants: Mapped[int] = mapped_column(CheckConstraint("max_participants > 0", "participants"))
    delivery: Mapped[str] = mapped_column(String(16))
    buffer_before_minutes: Mapped[int]
    buffer_after_minutes: Mapped[int]
    min_notice_minutes: Mapped[int]
    slot_interval_minutes: Mapped[int] = mapped_column(CheckConstraint("slot_interval_minutes > 0", "interval"))
    horizon_days: Mapped[int]
    cancel_policy: Mapped[dict[str, int | None] | None] = mapped_column(JSONB(none_as_null=True))
    reschedule_hours: Mapped[int | None]
    max_reschedules: Mapped[int | None]
    reminders_minutes: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    service_type: Mapped[str] = mapped_column(String(16))
    booking_mode: Mapped[str] = mapped_column(String(16))
    decide_within_hours: Mapped[int]
    limits: Mapped[dict[str, int | None] | None] = mapped_column(JSONB(none_as_null=True))
    waitlist: Mapped[bool]
    offer_minutes: Mapped[int]
    series_max: Mapped[int]
    no_show_fee_amount: Mapped[int] = mapped_column(BigInteger)
    late_cancel_fee_amount: Mapped[int] = mapped_column(BigInteger)
    late_join: Mapped[bool]
    certificate_percent: Mapped[int | None]
    resources: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    location_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    is_active: Mapped[bool]
    practitioner_timezone: Mapped[str] = mapped_column(String(64))

    @property
    def has_dates(self) -> bool:
        """Whether it is sold on dates that were announced, not at any start within hours."""
        return self.service_type in {"workshop", "course"}

    @property
    def is_course(self) -> bool:
        """Whether its dates are sold together."""
        return self.service_type == "course"

    @property
    def price(self) -> Money:
        """What one seat costs."""
        return Money(self.price_amount, self.currency)

    @property
    def needs(self) -> tuple[Need, ...]:
        """What each of its sessions takes of resources."""
        return needs_of(self.resources)

    @property
    def has_waitlist(self) -> bool:
        """Whether its freed seats are offered to those who wait. What is sold on request is decided one by one."""
        return self.waitlist and self.booking_mode == "instant"

    def asks_fees(self, *, by_pass: bool) -> bool:
        """Whether a seat that is missed or cancelled late costs a fee, which only one without price or by pass can."""
        return (by_pass or self.price_amount == 0) and self.no_show_fee_amount + self.late_cancel_fee_amount > 0

    @property
    def rules(self) -> SlotRules:
        """What the service says about its slots."""
        return SlotRules(
            duration=timedelta(minutes=self.duration_minutes),
            interval=timedelta(minutes=self.slot_interval_minutes),
            notice=timedelta(minutes=self.min_notice_minutes),
            horizon_days=self.horizon_days,
            buffer_before=timedelta(minutes=self.buffer_before_minutes),
            buffer_after=timedelta(minutes=self.buffer_after_minutes),
            capacity=self.max_participants,
        )
