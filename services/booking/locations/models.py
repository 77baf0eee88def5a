"""Catalog's locations, as its events and answers named them."""

from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models import Base


class Location(Base):
    """Where a practitioner works; a virtual one is no place."""

    __tablename__ = "locations"
    __table_args__ = (Index("ix_locations_practitioner_id", "practitioner_id"),)

    location_id: Mapped[UUID] = mapped_column(primary_key=True)
    practitioner_id: Mapped[UUID]
    is_virtual: Mapped[bool]
