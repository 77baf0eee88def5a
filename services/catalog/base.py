"""What the tables of schema `catalog` have in common."""

from sqlalchemy.orm import DeclarativeBase

from shared.database.session import schema_metadata

TRIGRAMS = {"folded": "gin_trgm_ops"}


class Base(DeclarativeBase):
    """Base of catalog's tables."""

    metadata = schema_metadata("catalog")
