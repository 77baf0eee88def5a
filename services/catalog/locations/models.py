"""The table of locations."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from services.catalog.base import Base
from services.catalog.locations.domain import Coordinates, Visibility
from shared.database.session import TIMESTAMPTZ, enum_column
from shared.records.ids import new_id


class Location(Base):
    """A place with an address, or a virtual one without. `country` is the ISO 3166 code."""

    __tablename__ = "locations"
    __table_args__ = (
        CheckConstraint(
            "case when is_virtual then coalesce(line1, line2, city, region, postal_code, country) is null"
            " else line1 is not null and city is not null and country is not null end",
            name="address",
        ),
        CheckConstraint("(lat is null) = (lon is null)", name="point"),
        Index("ix_locations_practitioner_id", "practitioner_id"),
        Index("uq_locations_primary", "practitioner_id", unique=True, postgresql_where=text("is_primary")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    practitioner_id: Mapped[UUID] = mapped_column(ForeignKey("catalog.practitioners.id"))
    name: Mapped[str] = mapped_column(String(200))
    is_virtual: Mapped[bool]
    is_primary: Mapped[bool]
    line1: Mapped[str | None] = mapped_column(String(200))
    line2: Mapped[str | None] = mapped_column(String(200))
    city: Mapped[str | None] = mapped_column(String(120))
    region: Mapped[str | None] = mapped_column(String(120))
    postal_code: Mapped[str | None] = mapped_column(String(20))
    country: Mapped[str | None] = mapped_column(String(2))
    lat: Mapped[float | None] = mapped_column(Float)
    lon: Mapped[float | None] = mapped_column(Float)
    visibility: Mapped[Visibility] = mapped_column(enum_column(Visibility))
    directions: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    updated_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)

    @property
    def point(self) -> Coordinates | None:
        """Where it is, if that is known."""
        return None if self.lat is None or self.lon is None else Coordinates(self.lat, self.lon)
