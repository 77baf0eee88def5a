"""What every table of streams' schema shares."""

from typing import Any

from sqlalchemy import Computed
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeEngine

from shared.database.session import schema_metadata

LEAVE_GENERATED = {"eager_defaults": False}
"""Generated columns are not read back after a write."""


class Base(DeclarativeBase):
    """Base of the tables in schema `streams`."""

    metadata = schema_metadata("streams")


def generated(kind: TypeEngine[Any], expression: str) -> Any:
    """A column that the database computes, for searches alone: it is never loaded."""
    return mapped_column(kind, Computed(expression, persisted=True), deferred=True, deferred_raiseload=True)
