"""What the tables of schema `identity` have in common."""

from sqlalchemy.orm import DeclarativeBase

from shared.database.session import schema_metadata


class Base(DeclarativeBase):
    """Base of identity's tables."""

    metadata = schema_metadata("identity")
