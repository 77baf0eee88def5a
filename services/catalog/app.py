"""catalog's wiring."""

from fastapi import FastAPI

from services.catalog import privacy
from services.catalog.categories import routes as categories
from services.catalog.practitioners import routes as practitioners
from services.catalog.runtime import CatalogRuntime
from services.catalog.services import consumers as service_consumers
from services.catalog.services import routes as services
from services.catalog.services import service as services_of_practitioner
from services.catalog.settings import CatalogSettings
from shared.runtime import Runtime
from shared.web.app import build

ROUTERS = [practitioners.router, categories.router, services.router, practitioners.internal, services.internal]
CONSUMERS = {**service_consumers.CONSUMERS, **privacy.CONSUMERS}


def create_app(runtime: Runtime) -> FastAPI:
    """The catalog service."""
    own = CatalogRuntime.of(runtime, settings=CatalogSettings.of(runtime.env), services=services_of_practitioner)
    return build(own, title="Estuary catalog", routers=ROUTERS, consumers=CONSUMERS, privacy=privacy.PRIVACY)
