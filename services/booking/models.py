"""What every table of booking's schema shares."""

from typing import ClassVar

from sqlalchemy import Text
from sqlalchemy.orm import DeclarativeBase

from shared.database.session import schema_metadata


class Base(DeclarativeBase):
    """Base of the tables in schema `booking`."""

    metadata = schema_metadata("booking")
    type_annotation_map: ClassVar = {str: Text}
