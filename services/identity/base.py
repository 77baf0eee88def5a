"""What the tables of schema `identity` have in common."""

from sqlalchemy.orm import DeclarativeBase

from shared.database.session import schema_metadata
from shared.database.throttle import throttle_table


class Base(DeclarativeBase):
    """Base of identity's tables."""

    metadata = schema_metadata("identity")


throttle_table("identity").to_metadata(Base.metadata)
