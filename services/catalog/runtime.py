"""What catalog's use cases are given beyond the common Runtime."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends

from services.catalog.settings import CatalogSettings
from shared.runtime import Runtime
from shared.web.http import runtime_of


@dataclass(frozen=True)
class CatalogRuntime(Runtime):
    """Adds catalog's settings."""

    settings: CatalogSettings


Rt = Annotated[CatalogRuntime, Depends(runtime_of)]
