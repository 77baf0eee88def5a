"""The tables of schema `catalog`."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, ForeignKey, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from services.catalog.offers.domain import Delivery, ServiceType, slot_interval
from services.catalog.practitioners.domain import VerificationStatus
from shared.database.session import TIMESTAMPTZ, enum_column, schema_metadata
from shared.records.ids import new_id
from shared.records.money import Money


class Base(DeclarativeBase):
    """Base of catalog's tables."""

    metadata = schema_metadata("catalog")


class Practitioner(Base):
    """A person who offers services. `version` grows with each event; `note` is staff's word to them.

    `deactivated_at`: their account is no more, whatever staff had decided; nobody but staff finds them.
    """

    __tablename__ = "practitioners"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(unique=True)
    display_name: Mapped[str] = mapped_column(String(120))
    bio: Mapped[str] = mapped_column(Text)
    specializations: Mapped[list[str]] = mapped_column(ARRAY(Text))
    timezone: Mapped[str] = mapped_column(String(64))
    status: Mapped[VerificationStatus] = mapped_column(enum_column(VerificationStatus))
    note: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    updated_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    deactivated_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)

    @property
    def verification_status(self) -> VerificationStatus:
        """What the API calls the status."""
        return self.status

    @property
    def standing(self) -> VerificationStatus:
        """As another service is to treat them: who is gone is not approved, whatever staff had decided."""
        return self.status if self.deactivated_at is None else VerificationStatus.REJECTED

    @property
    def is_approved(self) -> bool:
        """Whether the public sees them and may book."""
        return self.status is VerificationStatus.APPROVED and self.deactivated_at is None


class Category(Base):
    """One of the install's categories; `position` is its place in the list."""

    __tablename__ = "categories"

    slug: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    position: Mapped[int]


class Offer(Base):
    """A service on offer. `price_amount` in minor units, durations in minutes, `version` grows with each event."""

    __tablename__ = "services"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    practitioner_id: Mapped[UUID] = mapped_column(ForeignKey("catalog.practitioners.id"))
    service_type: Mapped[ServiceType] = mapped_column(enum_column(ServiceType))
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(ForeignKey("catalog.categories.slug"))
    price_amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    duration_minutes: Mapped[int]
    max_participants: Mapped[int]
    delivery: Mapped[Delivery] = mapped_column(enum_column(Delivery))
    buffer_before_minutes: Mapped[int]
    buffer_after_minutes: Mapped[int]
    min_notice_minutes: Mapped[int]
    own_interval_minutes: Mapped[int | None]
    horizon_days: Mapped[int]
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    updated_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)

    practitioner: Mapped[Practitioner] = relationship(lazy="raise")

    @property
    def price(self) -> Money:
        """What one seat costs."""
        return Money(self.price_amount, self.currency)

    @property
    def slot_interval_minutes(self) -> int:
        """Minutes between the starts of two slots."""
        return slot_interval(self.own_interval_minutes, self.duration_minutes)

    @property
    def practitioner_name(self) -> str:
        """Who offers it."""
        return self.practitioner.display_name


class AuditEntry(Base):
    """What staff did to a practitioner. Never changed."""

    __tablename__ = "audit_log"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    actor_id: Mapped[UUID]
    action: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[UUID] = mapped_column(index=True)
    before: Mapped[dict[str, Any]] = mapped_column(JSONB)
    after: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
