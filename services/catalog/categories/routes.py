"""HTTP of categories."""

from fastapi import APIRouter, Depends

from services.catalog.categories.repository import Categories
from services.catalog.categories.schemas import CategoryView
from shared.web.http import Route, SessionDep, maybe_signed

# A bad token is refused everywhere, also where none is needed.
router = APIRouter(prefix="/api/v1", route_class=Route, tags=["services"], dependencies=[Depends(maybe_signed)])


@router.get("/services/categories/")
async def list_categories(session: SessionDep) -> list[CategoryView]:
    """The categories that a service can have."""
    return [CategoryView.model_validate(category) for category in await Categories(session).list()]
