"""What catalog's use cases are given beyond the common Runtime."""

from dataclasses import dataclass
from typing import Annotated, Protocol
from uuid import UUID

from fastapi import Depends

from services.catalog.settings import CatalogSettings
from shared.database.session import Session
from shared.runtime import Runtime
from shared.web.http import runtime_of


class ServicesOfPractitioner(Protocol):
    """What practitioners need of their services, which stand above them and so cannot be imported there."""

    async def has_services(self, session: Session, practitioner_id: UUID) -> bool:
        """Whether the practitioner has ever created a service."""
        ...

    async def publish_services_of(self, session: Session, practitioner_id: UUID) -> None:
        """Publishes each of them again, because zone or approval of the practitioner show in it."""
        ...

    async def name_location(self, session: Session, practitioner_id: UUID, location_id: UUID) -> bool:
        """Whether one of them, on sale or not, takes place there."""
        ...


@dataclass(frozen=True)
class CatalogRuntime(Runtime):
    """Adds catalog's settings, and the services of practitioners."""

    settings: CatalogSettings
    services: ServicesOfPractitioner


Rt = Annotated[CatalogRuntime, Depends(runtime_of)]
