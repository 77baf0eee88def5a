"""What other services answer to payments."""

from uuid import UUID

from fastapi import FastAPI

from shared.internal.catalog import SERVICES_OVER_LIMIT

ON_SALE = 23
"""So many services every practitioner has on sale."""


def a_catalog() -> FastAPI:
    """A catalog that knows how many services are on sale."""
    made = FastAPI()

    @made.get(SERVICES_OVER_LIMIT.path)
    async def over_limit(practitioner_id: UUID, limit: int) -> dict[str, int]:
        return {"count": max(ON_SALE - limit, 0)}

    return made
