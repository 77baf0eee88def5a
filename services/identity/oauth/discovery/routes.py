"""HTTP of discovery."""

from typing import Any

from fastapi import APIRouter

from services.identity.oauth.discovery.domain import metadata
from services.identity.runtime import Rt
from shared.web.http import UnkeyedRoute

router = APIRouter(route_class=UnkeyedRoute, tags=["oauth"])


@router.get("/.well-known/openid-configuration")  # arch: allow route: the path is the standard's
@router.get("/.well-known/openid-configuration/", include_in_schema=False)
async def get_openid_configuration(runtime: Rt) -> dict[str, Any]:
    """The provider's metadata (OpenID Connect Discovery)."""
    return metadata(runtime.settings.public_url)
