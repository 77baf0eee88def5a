"""The declarative base of all tables in the payments schema."""

from sqlalchemy.orm import DeclarativeBase

from shared.database.session import schema_metadata


class Base(DeclarativeBase):
    """Every table of this service."""

    metadata = schema_metadata("payments")
