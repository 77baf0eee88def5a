"""What every table of streams' schema shares."""

from sqlalchemy.orm import DeclarativeBase

from shared.database.session import schema_metadata


class Base(DeclarativeBase):
    """Base of the tables in schema `streams`."""

    metadata = schema_metadata("streams")
