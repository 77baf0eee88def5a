"""SQL of categories."""

from collections.abc import Sequence

from sqlalchemy import exists, select

from services.catalog.categories.models import Category
from shared.database.repository import Repository


class Categories(Repository):
    """The install's categories."""

    async def list(self) -> Sequence[Category]:
        """All of them, in their order."""
        return (await self.session.scalars(select(Category).order_by(Category.position, Category.slug))).all()

    async def has(self, slug: str) -> bool:
        """Whether there is such a category."""
        return bool(await self.session.scalar(select(exists().where(Category.slug == slug))))
