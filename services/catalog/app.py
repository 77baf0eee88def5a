"""catalog's wiring."""

from fastapi import FastAPI

from services.catalog.consumers import CONSUMERS
from services.catalog.offers import routes as offers
from services.catalog.practitioners import routes as practitioners
from services.catalog.runtime import CatalogRuntime
from services.catalog.settings import CatalogSettings
from shared.runtime import Runtime
from shared.web.app import build


def create_app(runtime: Runtime) -> FastAPI:
    """The catalog service over these surroundings."""
    settings = CatalogSettings.of(runtime.env)
    runtime.db.info["settings"] = settings
    return build(
        CatalogRuntime.of(runtime, settings=settings),
        title="Estuary catalog",
        routers=[practitioners.router, offers.router, practitioners.internal, offers.internal],
        consumers=CONSUMERS,
    )
