"""HTTP of the edge, for gateways and the other services."""

from fastapi import APIRouter

from services.identity.edge import service
from shared.internal.identity import EDGE, EdgeView
from shared.web.http import ServiceOnly, SessionDep, UnkeyedRoute, UtcTime

internal = APIRouter(route_class=UnkeyedRoute, dependencies=[ServiceOnly])


@internal.get(EDGE.path)
async def edge(session: SessionDep, after: UtcTime | None = None) -> EdgeView:
    """The keys of access tokens, the sessions that ended lately, and whether writes are off."""
    return await service.view(session, after)
