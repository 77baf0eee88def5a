"""What every table of this service shares."""

from sqlalchemy.orm import DeclarativeBase

from shared.database.session import schema_metadata


class Base(DeclarativeBase):
    """Base of the tables in schema `notifications`."""

    metadata = schema_metadata("notifications")
