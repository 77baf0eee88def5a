"""What every table of messaging's schema shares."""

from sqlalchemy.orm import DeclarativeBase

from shared.database.session import schema_metadata


class Base(DeclarativeBase):
    """Base of the tables in schema `messaging`."""

    metadata = schema_metadata("messaging")
