"""catalog's wiring."""

from fastapi import FastAPI

from services.catalog import privacy
from services.catalog.categories import routes as categories
from services.catalog.dates import consumers as date_consumers
from services.catalog.locations import routes as locations
from services.catalog.openings import consumers as opening_consumers
from services.catalog.packages import routes as packages
from services.catalog.practitioners import routes as practitioners
from services.catalog.runtime import CatalogRuntime
from services.catalog.services import consumers as service_consumers
from services.catalog.services import routes as services
from services.catalog.services import service as services_of_practitioner
from services.catalog.settings import CatalogSettings
from shared.events.base import Consumers
from shared.runtime import Runtime
from shared.web.app import build

ROUTERS = [
    practitioners.router,
    categories.router,
    services.router,
    locations.router,
    packages.router,
    practitioners.internal,
    services.internal,
    locations.internal,
    packages.internal,
]


def consumers(*, plan_limits: bool) -> Consumers:
    """All reactions to events."""
    return {
        **service_consumers.consumers(plan_limits=plan_limits),
        **date_consumers.CONSUMERS,
        **opening_consumers.CONSUMERS,
        **privacy.CONSUMERS,
    }


# Which events are consumed; an app has them as its settings say.
CONSUMERS = consumers(plan_limits=True)


def create_app(runtime: Runtime) -> FastAPI:
    """The catalog service."""
    settings = CatalogSettings.of(runtime.env)
    return build(
        CatalogRuntime.of(runtime, settings=settings, services=services_of_practitioner),
        title="Estuary catalog",
        routers=ROUTERS,
        consumers=consumers(plan_limits=settings.plan_limits),
        privacy=privacy.PRIVACY,
    )
