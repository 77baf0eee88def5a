"""The table of categories."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from services.catalog.base import Base


class Category(Base):
    """One of the install's categories; `position` is its place in the list."""

    __tablename__ = "categories"

    slug: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    position: Mapped[int]
